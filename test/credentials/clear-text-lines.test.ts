import { describe, expect, test } from "vitest";
import { isLiteralSecret, withoutSecret } from "../../src/credentials/clear-text.ts";
import { secretsInLines, secretSigns } from "../../src/credentials/clear-text-lines.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { keyOf, openFacts, storeOf } from "./open-facts.ts";

const { registry, credentials } = openFacts({ store: storeOf({ "openai:work": keyOf("openai", "stored-secret-0001"), "groq:x": keyOf("groq", "short1") }) });
const signs = secretSigns(
  registry,
  credentials.profiles.filter(({ origin }) => origin.kind === "store"),
);

function found(text: string, fields?: "count"): unknown[] {
  return secretsInLines(text, "/f", signs, fields === undefined ? {} : { fields }).map(({ place, called, provider, credential, storedAs }) => [
    place.line,
    called,
    provider,
    credential.kind,
    storedAs,
  ]);
}

test.each([
  ["k: sk-ant-api03-0123456789", "k: [removed]"],
  ["k: sk-ant-api03-0123456789 sk-ant-api03-012345678", "k: [removed] [removed]"],
  ["k: sk-ant-api03-012", "k: [removed]"],
  ["k: sk-ant-api03-", "k: sk-ant-api03-"],
  ["sk-ant-api03-012 and more", "sk-ant-api03-012 and more"],
])("a text without a secret, also where it was cut off in the middle of it: %s", (text, without) => {
  expect(withoutSecret(text, new Secret("sk-ant-api03-0123456789"))).toBe(without);
});

describe("secrets in lines", () => {
  test("a variable that a provider knows, however a shell sets it", () => {
    const ways = [
      "export OPENAI_API_KEY=abcdefgh1",
      "OPENAI_API_KEY='abcdefgh1' nemo",
      'set -gx OPENAI_API_KEY "abcdefgh1"',
      "setenv OPENAI_API_KEY abcdefgh1",
      '$env:OPENAI_API_KEY = "abcdefgh1"',
      ": 1700000000:0;export OPENAI_API_KEY=abcdefgh1; nemo",
      '  "OPENAI_API_KEY": "abcdefgh1",',
    ];
    expect(found(ways.join("\n"))).toEqual(ways.map((_, index) => [index + 1, "OPENAI_API_KEY", "openai", "api_key", undefined]));
  });

  test("no reference, no example, no name, no other variable, no comment", () => {
    const none = [
      "export OPENAI_API_KEY=$(pass show openai)",
      'export OPENAI_API_KEY="${KEY}"',
      "export OPENAI_API_KEY=`cat key`",
      "export OPENAI_API_KEY=your-key-here",
      "export OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxx",
      "export OPENAI_API_KEY=OTHER_API_KEY",
      "export OPENAI_API_KEY=",
      "export OPENAI_API_KEY",
      "# export OPENAI_API_KEY=abcdefgh1",
      "export MY_OWN_API_KEY=abcdefgh1",
      "unset OPENAI_API_KEY GROQ_API_KEY",
      "echo OPENAI_API_KEY is not set here",
    ];
    expect(found(none.join("\n"))).toEqual([]);
  });

  test("a beginning that a vendor publishes, also in a comment and in the middle of a command", () => {
    expect(found("# curl -H 'x-api-key: sk-ant-api03-abcdefghijkl1234'")).toEqual([[1, undefined, "anthropic", "api_key", undefined]]);
    expect(found("claude-token sk-ant-oat01-abcdefghijkl12345")).toEqual([[1, undefined, "anthropic", "token", undefined]]);
    expect(found("pip install sk-learn-contrib-and-more")).toEqual([]);
  });

  test("what is stored, wherever it stands, and under which id", () => {
    expect(found("curl -H 'Authorization: Bearer stored-secret-0001'\nkey short1 and short12\nshort12")).toEqual([
      [1, undefined, "openai", "api_key", "openai:work"],
      [2, undefined, "groq", "api_key", "groq:x"],
    ]);
    expect(found("OPENAI_API_KEY=stored-secret-0001")).toEqual([[1, "OPENAI_API_KEY", "openai", "api_key", "openai:work"]]);
  });

  test("fields of agents' files, where they count", () => {
    const line = '{ "apiKey": "abcdefgh1", refresh: \'abcdefgh2\', "token": "${TOKEN}" }';
    expect(found(line)).toEqual([]);
    expect(found(line, "count")).toEqual([
      [1, "apiKey", undefined, "api_key", undefined],
      [1, "refresh", undefined, "api_key", undefined],
    ]);
  });
});

describe("a literal secret", () => {
  test.each(["sk-1234567", "abcdefgh", "AKIA1234567890", "gsk_A1b2C3d4", "sk-proj-your1234"])("%s is one", (text) => {
    expect(isLiteralSecret(text)).toBe(true);
  });
  test.each([
    ["too short", "sk-1234"],
    ["a reference", "env:NAME_OF_KEY"],
    ["a keychain", "keyring:nemo/openai"],
    ["a command", "!pass show x"],
    ["a path", "/home/me/key"],
    ["a sentence", "do not share this"],
    ["what older agents write in its place", "qwen-oauth"],
    ["nothing", ""],
    ["a server that asks for none", "not-needed"],
    ["what we put in its place", "[removed]"],
  ])("%s is none", (_, text) => {
    expect(isLiteralSecret(text)).toBe(false);
  });
});
