import { describe, expect, test } from "vitest";
import { keyFault, setupTokenFault, type ShapeFault, tokenFault } from "../../src/credentials/secret-shape.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { builtinVendors } from "../../src/providers/index.ts";

const own = { id: toProviderId("lab"), baseUrl: "https://lab.example/v1", models: [], origin: { kind: "config", place: undefined } } as const;
const registry = createRegistry(builtinVendors, [own]);
const key = (text: string, provider = "openai"): ShapeFault | undefined => keyFault(new Secret(text), registry.get(toProviderId(provider)), registry);
const GROQ = "gsk_0123456789abcdefghij";

test("a key of the vendor's shape, or of any shape where the vendor publishes none, is in order", () => {
  expect([key(GROQ, "groq"), key("sk-proj-0123456789_ab-cd", "openai"), key(`  ${GROQ}\n`, "groq")]).toEqual([undefined, undefined, undefined]);
  expect(key("sk-ant-api03-abcdefgh", "anthropic")).toBeUndefined();
  expect(key("x".repeat(31) + "y".repeat(2000), "openai")).toBeUndefined();
});

test.each([
  ['"sk-0123456789abcdef"', "it stands in quotes"],
  ["“sk-0123456789abcdef”", "it stands in quotes"],
  ["export OPENAI_API_KEY=sk-0123456789abcdef", "it is an assignment to a variable"],
  ["OPENAI_API_KEY=sk-0123456789abcdef", "it is an assignment to a variable"],
  ['$env:OPENAI_API_KEY = "sk-0123"', "it is an assignment to a variable"],
  ["Bearer sk-0123456789abcdef", 'it is a header, with "Bearer" or a name before the key'],
  ["Authorization: Bearer sk-0123456789", 'it is a header, with "Bearer" or a name before the key'],
  ["$OPENAI_API_KEY", "it is the name of a variable, not its value"],
  ["${OPENAI_API_KEY}", "it is the name of a variable, not its value"],
  ["env:OPENAI_API_KEY", "it is a reference to a secret, not the secret"],
  ['{"key":"sk-0123456789"}', "it is JSON"],
  ["-----BEGIN PRIVATE KEY-----", "it is a key file"],
  ["https://platform.openai.com/api-keys", "it is a web address"],
  ["sk-012…cdef", "it is a shortened key: something is left out in it"],
  ["sk-012...cdef", "it is a shortened key: something is left out in it"],
  ["sk-012******cdef", "it is a shortened key: something is left out in it"],
  ["<your key>", "it is a placeholder"],
  ["your-api-key", "it is a placeholder"],
  ["sk-one\nsk-two", "it is more than one line"],
  ["sk-0123 456789", "there is white space in it"],
  ["sk-0123\t456789", "there is white space in it"],
  ["sk-0123456789é", "there is a character in it that no key has"],
  ["sk-0123456789\u200b", "there is a character in it that no key has"],
  ["sk-0123456789abcsk-0123456789abc", "it is the same text twice"],
  ["x".repeat(4097), "it is longer than 4 KB"],
])("%j can be no key of anybody", (text, message) => {
  expect(key(text)).toMatchObject({ message, certain: true });
});

test("base64 with its padding is a key like any other", () => {
  expect(key("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")).toBeUndefined();
  expect(key("ABCDEFGHIJKLMNOPQRST==")).toBeUndefined();
});

describe("where vendors publish how their keys begin", () => {
  test("another beginning is unlikely, and the vendor of that other is named", () => {
    expect(key("abcdefghijklmnop", "groq")).toEqual({
      message: "keys of Groq begin with gsk_, and this does not",
      hint: "Copy it again, from its beginning.",
      certain: false,
    });
    expect(key(GROQ, "openrouter")).toEqual({
      message: "that looks like a key of Groq; keys of OpenRouter begin with sk-or-v1-",
      hint: "Perhaps --provider groq is meant.",
      certain: false,
    });
    expect(key(GROQ, "openai")).toMatchObject({ message: "that looks like a key of Groq", certain: false });
  });

  test("a provider of one's own, and one that stands before others, may take any vendor's key", () => {
    expect([key(GROQ, "lab"), key("x", "lab"), key(GROQ, "ollama"), key(GROQ, "cloudflare-ai-gateway")]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("a token is no key, whatever it begins with", () => {
    expect(key(`sk-ant-oat01-${"x".repeat(60)}yz`, "anthropic")).toEqual({
      message: "that is no API key but a Claude subscription token",
      hint: "Run `{cli} models auth setup-token`.",
      certain: true,
    });
  });
});

test("a hosted vendor's key has at least eight characters", () => {
  expect([key("a"), key("1234567"), key("12345678")].map((fault) => fault?.message)).toEqual([
    "it has 1 character: no key of OpenAI is that short",
    "it has 7 characters: no key of OpenAI is that short",
    undefined,
  ]);
});

test("a setup-token begins as Anthropic's do and is all there", () => {
  const fault = (text: string) => setupTokenFault(new Secret(text));
  expect(fault(`sk-ant-oat01-${"a".repeat(33)}${"b".repeat(34)}`)).toBeUndefined();
  expect(fault(`sk-ant-oat01-${"a".repeat(66)}`)).toMatchObject({ message: "a setup-token has at least 80 characters, and this has 79", certain: true });
  expect(fault(`sk-ant-api03-${"a".repeat(90)}`)?.hint).toContain("paste-api-key --provider anthropic");
  expect(fault("abc")).toMatchObject({ message: "a setup-token begins with sk-ant-oat01-, and this does not", certain: true });
  expect(fault(`export X=sk-ant-oat01-${"a".repeat(80)}`)).toMatchObject({ message: "it is an assignment to a variable" });
});

test("a token may be anything that can travel; what is odd is said and no more", () => {
  const fault = (text: string) => tokenFault(new Secret(text));
  expect([fault("x"), fault("wrapped-\ntoken\n")]).toEqual([undefined, undefined]);
  expect(fault("two words")).toMatchObject({ message: "there is white space in it", certain: false });
  expect(fault("Bearer abc")).toMatchObject({ certain: false });
  expect(fault("a\u001b[Ab")).toMatchObject({ message: "there is a control character in it", certain: true });
});

test("no fault repeats a part of what was given", () => {
  for (const text of ["canary", "Bearer canary0123", "export canary=canary", "canary canary", "gsk_canary", "canary".repeat(900), "sk-ant-oat01-canary"])
    for (const found of [key(text, "openrouter"), key(text, "anthropic"), setupTokenFault(new Secret(text)), tokenFault(new Secret(text))])
      expect(JSON.stringify(found ?? {})).not.toContain("canary");
});
