import { expect, test } from "vitest";
import { runProgram } from "../../src/host/program.ts";

const LIMITS = { timeoutMs: 30_000, maxBytes: 1000 };

test("what is given goes to stdin, whole, and nothing else is there to be read", () => {
  const odd = "a b\n'\"\\ ünï \u0000 end";
  expect(runProgram("cat", [], { ...LIMITS, input: odd })).toEqual({ exitCode: 0, stdout: odd });
  expect(runProgram("cat", [], LIMITS)).toEqual({ exitCode: 0, stdout: "" });
});

test("an environment that is given is all that the program sees", () => {
  const { stdout } = runProgram("/usr/bin/env", [], { ...LIMITS, env: { ONE: "1", TWO: undefined } });
  expect(stdout).toBe("ONE=1\n");
});

test("stderr is dropped, or given back beside stdout", () => {
  const words = ["-c", "echo out; echo err >&2; exit 3"];
  expect(runProgram("sh", words, LIMITS)).toEqual({ exitCode: 3, stdout: "out\n" });
  expect(runProgram("sh", words, { ...LIMITS, stderr: "capture" })).toEqual({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
});

test("words are no shell's: what a shell would interpret is passed on as it is", () => {
  expect(runProgram("echo", ["$HOME", "; exit 1", "*"], LIMITS).stdout).toBe("$HOME ; exit 1 *\n");
});

test("a program that does not read what it is given has its own exit code", () => {
  expect(runProgram("true", [], { ...LIMITS, input: "x".repeat(1_000_000) })).toEqual({ exitCode: 0, stdout: "" });
  expect(runProgram("sh", ["-c", "exit 4"], { ...LIMITS, input: "x".repeat(1_000_000) })).toEqual({ exitCode: 4, stdout: "" });
});

test("a program that prints without end is stopped", () => {
  expect(runProgram("yes", [], LIMITS)).toMatchObject({ exitCode: undefined, failure: "ENOBUFS" });
});

test("a program that hangs is stopped, though a child of its own holds its output", () => {
  expect(runProgram("sh", ["-c", "sleep 30 & sleep 30"], { ...LIMITS, timeoutMs: 200 })).toMatchObject({ exitCode: undefined, failure: "ETIMEDOUT" });
});
