import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nodeHost } from "../../src/host/node.ts";
import { AppError } from "../../src/kernel/errors.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-host-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const host = nodeHost(tmpdir());

test("text is read without its byte order mark; other bytes are not text", () => {
  writeFileSync(join(folder, "bom"), "\uFEFF{}");
  writeFileSync(join(folder, "utf16"), Buffer.from("{}", "utf16le"));
  writeFileSync(join(folder, "broken"), Buffer.from([0x7b, 0xff, 0x7d]));
  expect(host.readText(join(folder, "bom"), 100)).toEqual({ kind: "text", text: "{}" });
  expect(host.readText(join(folder, "utf16"), 100)).toEqual({ kind: "text", text: "{\0}\0" });
  expect(host.readText(join(folder, "broken"), 100)).toEqual({ kind: "not_text", guess: "{\u00ff}" });
  writeFileSync(join(folder, "marked"), Buffer.from("\uFEFFkey\r\n", "utf16le"));
  expect(host.readText(join(folder, "marked"), 100)).toEqual({ kind: "not_text", guess: "\uFEFFkey\r\n" });
});

test("a file over the limit, a folder, a missing file and a loop of links are told apart", () => {
  writeFileSync(join(folder, "large"), "x".repeat(101));
  symlinkSync(join(folder, "loop"), join(folder, "loop"));
  expect(host.readText(join(folder, "large"), 100)).toEqual({ kind: "too_large", sizeBytes: 101 });
  expect(host.readText(folder, 100)).toEqual({ kind: "unreadable", reason: "EISDIR" });
  expect(host.readText(join(folder, "none"), 100)).toEqual({ kind: "absent" });
  expect(host.readText(join(folder, "loop"), 100)).toEqual({ kind: "unreadable", reason: "ELOOP" });
  expect(host.readText(join(folder, "large", "below"), 100)).toEqual({ kind: "absent" });
});

test("a file that says it has no size, as below /proc, is read whole", () => {
  if (process.platform !== "linux") return;
  expect(host.readText("/proc/self/status", 100_000)).toMatchObject({ kind: "text" });
  expect(host.readText("/proc/self/status", 10)).toMatchObject({ kind: "too_large" });
});

test("an empty HOME is none: the home folder is the one of the account", () => {
  vi.stubEnv("HOME", "");
  expect(nodeHost(tmpdir()).osHome).toBe(userInfo().homedir);
  vi.unstubAllEnvs();
});

test("a named pipe is refused at once instead of waited for", () => {
  const made = host.run("mkfifo", [join(folder, "pipe")], { timeoutMs: 5000, maxBytes: 1000 });
  expect(made.exitCode).toBe(0);
  expect(host.readText(join(folder, "pipe"), 100)).toEqual({ kind: "unreadable", reason: "ENOTFILE" });
});

test("facts follow a link and say that it is one", () => {
  writeFileSync(join(folder, "real"), "{}");
  chmodSync(join(folder, "real"), 0o640);
  symlinkSync("real", join(folder, "link"));
  expect(host.inspect(join(folder, "link"))).toMatchObject({ kind: "file", mode: 0o640, sizeBytes: 2, isLink: true, realPath: join(folder, "real") });
  expect(host.inspect(join(folder, "none"))).toBeUndefined();
  expect(host.listFolder(folder)).toEqual([
    { name: "link", kind: "file" },
    { name: "real", kind: "file" },
  ]);
  expect(host.listFolder(join(folder, "none"))).toEqual([]);
});

test("replacing a file makes private folders and files and leaves nothing beside it", () => {
  const file = join(folder, "a", "b", "cache.json");
  host.replaceFile(file, "one");
  host.replaceFile(file, "two");
  expect(readFileSync(file, "utf8")).toBe("two");
  expect([statSync(file).mode & 0o777, statSync(join(folder, "a")).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(readdirSync(join(folder, "a", "b"))).toEqual(["cache.json"]);
});

test("a file that cannot be replaced stays, and the error names it and the reason", () => {
  mkdirSync(join(folder, "taken"));
  let caught: unknown;
  try {
    host.replaceFile(join(folder, "taken"), "text");
  } catch (thrown) {
    caught = thrown;
  }
  expect(caught).toBeInstanceOf(AppError);
  expect((caught as AppError).message).toBe(`${join(folder, "taken")} could not be written (EISDIR)`);
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("a program that does not exist, fails or never ends is told apart", () => {
  const limits = { timeoutMs: 30_000, maxBytes: 1000 };
  expect(host.run("/no/such/program", [], limits)).toEqual({ exitCode: undefined, stdout: "", failure: "ENOENT" });
  expect(host.run("sh", ["-c", "echo hi; exit 3"], limits)).toEqual({ exitCode: 3, stdout: "hi\n" });
  expect(host.run("sleep", ["60"], { ...limits, timeoutMs: 300 })).toEqual({ exitCode: undefined, stdout: "", failure: "ETIMEDOUT" });
});
