import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SecretReference } from "../../src/credentials/profile.ts";
import { parseReference, referenceText } from "../../src/credentials/reference.ts";

const read = (text: string): unknown => {
  const reading = parseReference(text);
  return reading.kind === "reference" ? reading.reference : reading.reason;
};

describe("a reference", () => {
  test.each<[string, SecretReference]>([
    ["env:WORK_KEY", { kind: "env", variable: "WORK_KEY" }],
    [" ENV: WORK_KEY ", { kind: "env", variable: "WORK_KEY" }],
    ["file:/run/secrets/openai", { kind: "file", path: "/run/secrets/openai" }],
    ["file:~/keys/my key", { kind: "file", path: "~/keys/my key" }],
    ["file:C:\\keys\\openai", { kind: "file", path: "C:\\keys\\openai" }],
    ['exec:["op","read","op://vault/item/key"]', { kind: "exec", command: ["op", "read", "op://vault/item/key"] }],
    ['exec:["sh","-c","echo \\"$X\\""]', { kind: "exec", command: ["sh", "-c", 'echo "$X"'] }],
    ["exec:op read  op://vault/item/key", { kind: "exec", command: ["op", "read", "op://vault/item/key"] }],
    ["exec:~/bin/token --for=openai", { kind: "exec", command: ["~/bin/token", "--for=openai"] }],
    ["keyring:signalbox/openai:work", { kind: "keyring", service: "signalbox", account: "openai:work" }],
    ["keyring:signalbox/a/b", { kind: "keyring", service: "signalbox", account: "a/b" }],
  ])("%s is understood, and written so that it is understood again", (text, reference) => {
    expect(read(text)).toEqual(reference);
    expect(read(referenceText(reference))).toEqual(reference);
  });

  test.each([
    ["sk-ant-api03-abc", "begins with none of env:, file:, exec: and keyring:"],
    ["", "begins with none of env:, file:, exec: and keyring:"],
    ["vault:x", "begins with none of env:, file:, exec: and keyring:"],
    ["env:", "does not name a variable"],
    ["env:${HOME}", "does not name a variable"],
    ["file:keys/openai", "does not name a file by its whole path"],
    ["file:", "does not name a file by its whole path"],
    ["file:~root/x", "does not name a file by its whole path"],
    ["exec:", "names no program"],
    ["exec:[]", "names no program"],
    ['exec:[""]', "names no program"],
    ["exec:[1]", "has a list that is not one of texts in JSON"],
    ["exec:['op']", "has a list that is not one of texts in JSON"],
    ["exec:echo $KEY", "has signs in its command that a shell would interpret"],
    ["exec:cat x | head", "has signs in its command that a shell would interpret"],
    ["exec:cat ~/x", "has signs in its command that a shell would interpret"],
    ["exec:cat 'a b'", "has signs in its command that a shell would interpret"],
    ["exec:./token", 'names the program "./token" by a part of its path'],
    ["exec:bin/token", 'names the program "bin/token" by a part of its path'],
    ["keyring:signalbox", "does not name a service and an account"],
    ["keyring:/x", "does not name a service and an account"],
    ["keyring:x/", "does not name a service and an account"],
    ["env:A\u0000", "has a control character in it"],
    [`keyring:${"x".repeat(201)}/a`, "has a name of more than 200 characters"],
    [`file:/${"x".repeat(9000)}`, "is longer than 8 KB"],
  ])("%s is refused with the reason: %s", (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  test("any list of texts without control characters is written so that it is understood again", () => {
    const word = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (rest) => {
        const reference: SecretReference = { kind: "exec", command: ["op", ...rest] };
        expect(read(referenceText(reference))).toEqual(reference);
      }),
    );
  });

  test("no text makes reading it throw", () => {
    fc.assert(
      fc.property(fc.constantFrom("env:", "file:", "exec:", "exec:[", "keyring:", ""), fc.string(), (kind, rest) => {
        expect(() => parseReference(kind + rest)).not.toThrow();
      }),
    );
  });
});
