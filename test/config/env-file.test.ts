import { expect, test } from "vitest";
import { parseEnvFile, readEnvFile } from "../../src/config/env-file.ts";
import { fakeHost } from "../support/fake-host.ts";

const read = (text: string): Record<string, string> => Object.fromEntries(parseEnvFile(text, ".env").values);
const broken = (text: string): string[] => parseEnvFile(text, ".env").problems.map(({ message, place }) => `${place?.line}: ${message}`);

test("names, values, export, quotes, comments and CRLF are read as other tools read them", () => {
  const text = [
    "# a comment",
    "",
    "A=1",
    "export B = two words ",
    "C=with # a comment",
    "D=a#b",
    "E='single # \\n kept'",
    'F="double\\nline" # after',
    "G=`back'tick\"`",
    "H=",
    '  I  =  "  kept  "  ',
    "J='one\r",
    "two'",
    "K=a=b=c",
    "A=last wins",
    'L="say \\"hi\\""',
    "M.N-O=1",
  ].join("\r\n");
  expect(read(text)).toEqual({
    A: "last wins",
    B: "two words",
    C: "with",
    D: "a#b",
    E: "single # \\n kept",
    F: "double\nline",
    G: "back'tick\"",
    H: "",
    I: "  kept  ",
    J: "one\r\ntwo",
    K: "a=b=c",
    L: 'say "hi"',
    "M.N-O": "1",
  });
});

test("a broken line is named by its number, never by its content, and the others count", () => {
  const text = "A=1\nsk-ant-secret\n1B=2\nC=\"never closed\nD='closed' and more\nE=5\n";
  expect(read(text)).toEqual({ A: "1", E: "5" });
  expect(broken(text)).toEqual(["2: line 2 is not NAME=value", "3: line 3 is not NAME=value", "4: line 4 is not NAME=value", "5: line 5 is not NAME=value"]);
  expect(JSON.stringify(parseEnvFile(text, ".env").problems)).not.toMatch(/secret|closed|more/);
});

test("a file of another kind gives a few rows, not thousands", () => {
  const problems = broken("no\n".repeat(1000));
  expect(problems).toHaveLength(5);
  expect(problems[4]).toBe("5: line 5 is not NAME=value, and neither are 995 further lines");
});

test("lines are counted through values that go over several", () => {
  expect(broken("A='1\n2\n3'\nnothing")).toEqual(["4: line 4 is not NAME=value"]);
});

test("absent is nothing, a folder of that name is nothing, and a file that cannot be read is one row", () => {
  const host = fakeHost({
    files: { "/a/.env/bin/python": "", "/b/.env": { unreadable: "EACCES" }, "/c/.env": "x".repeat(1024 * 1024 + 1), "/d/.env": "\uFFFD" },
  });
  const messages = ["/none", "/a", "/b", "/c", "/d"].map((folder) => readEnvFile(host, `${folder}/.env`)?.problems[0]?.message);
  expect(messages).toEqual([
    undefined,
    undefined,
    "the file cannot be read (EACCES)",
    "the file is larger than 1 MB and was not read",
    "the file is not UTF-8 text and was not read",
  ]);
});

test.each(["A='", 'A="\\"', "=", " ", "export ", "A", "A='\n", "\r", "\n".repeat(50), `A="${"\\".repeat(99)}`])("%j ends", (text) => {
  parseEnvFile(text.repeat(20_000), ".env");
});
