import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { likenessOf } from "../../src/kernel/secret-shapes.ts";
import { packaged } from "../support/packaged.ts";

// What the tests of other files had in hand is not in hand here.
vi.resetModules();
const { mayHoldSecret, redact, redactStrictly, register } = await import("../../src/kernel/redact.ts");
const { Secret } = await import("../../src/kernel/secret.ts");

const KEY = "Zq8Yw3Rt6Vb1Nm4Kj7Hg9Fd2Sa5Lp0Xc";
const ODD = 'p@ss "word" \\ with/signs+ünd=1234';
for (const value of [KEY, ODD]) register(value);

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a secret that was in hand", () => {
  test.each([
    ["raw", KEY],
    ["in base64", base64(KEY)],
    ["in base64 behind a name", base64(`user:${KEY}`)],
    ["in base64 at another place in its group", base64(`u:${KEY}@host`)],
    ["in base64 for URLs", Buffer.from(`x${KEY}`).toString("base64url")],
  ])("is struck out %s, and nothing beside it", (_, form) => {
    const text = `before ${form} after`;
    expect(mayHoldSecret(text)).toBe(true);
    expect(redact(text)).toMatch(/^before \S{0,8}\[secret\]\S{0,8} after$/);
    expect(redact(text)).not.toContain(form.slice(8, 24));
  });

  test.each([
    ["raw", ODD],
    ["as JSON", JSON.stringify({ message: ODD })],
    ["as JSON within JSON", JSON.stringify({ body: JSON.stringify({ message: ODD }) })],
    ["percent-encoded", encodeURIComponent(ODD)],
    ["percent-encoded in lower case", encodeURIComponent(ODD).replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase())],
    ["in a form", `key=${encodeURIComponent(ODD).replaceAll("%20", "+")}`],
    ["in base64", base64(ODD)],
  ])("with signs in it is struck out %s", (_, text) => {
    expect(mayHoldSecret(text)).toBe(true);
    expect(redact(text)).toContain("[secret]");
    for (const part of ["word", "signs", "1234"]) expect(redact(text)).not.toContain(part);
  });

  test("is struck out wherever it stands in a text, however often", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(KEY)), { maxLength: 8 }), (parts) => {
        const text = parts.join("|");
        const without = redact(text);
        expect(without).not.toContain(KEY);
        expect(without.split("[secret]").length - 1).toBe(text.split(KEY).length - 1);
      }),
    );
  });

  test("takes with it what makes a longer key of it, and nothing that follows that", () => {
    expect(redact(`key ${KEY}-longer_1, then "${KEY}abc": ok`)).toBe('key [secret], then "[secret]": ok');
  });

  test("is found in a long text that holds every letter", () => {
    const text = `${"The quick brown fox 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ ".repeat(500)}${base64(`ab${KEY}`)}`;
    expect([mayHoldSecret(text), redact(text).includes("[secret]")]).toEqual([true, true]);
  });

  test("any key is found in any base64 that holds it", () => {
    const key = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+/="), minLength: 24, maxLength: 60 });
    fc.assert(
      fc.property(key, fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (value, before, after) => {
        fc.pre(likenessOf(value) === "key");
        register(value);
        expect(redact(base64(before + value + after))).toContain("[secret]");
        expect(redact(Buffer.from(before + value + after).toString("base64url"))).toContain("[secret]");
      }),
      { numRuns: 100 },
    );
  });
});

describe("a key of a published shape", () => {
  const run = "Ab1".repeat(20);
  test.each([
    [`sk-ant-api03-${run}`, "[secret]"],
    [`sk-proj-${run}`, "[secret]"],
    [`gsk_${run}`, "[secret]"],
    [`xai-${run}`, "[secret]"],
    [`AIza${run}`, "[secret]"],
    [`ghp_${run}`, "[secret]"],
    [`gho_${run}`, "[secret]"],
    [`github_pat_11A_${run}`, "[secret]"],
    [`hf_${run}`, "[secret]"],
    [`nvapi-${run}`, "[secret]"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "[secret]"],
    ["Authorization: Bearer abc.def-ghi_jkl~mno+123", "Authorization: Bearer [secret]"],
  ])("%s is struck out though nobody had it in hand", (text, left) => {
    expect([redact(`a ${text}, b`), mayHoldSecret(text)]).toEqual([`a ${left}, b`, true]);
  });

  test.each([
    "sk-ant-api03-…3fa91c",
    "gsk_…12ab34",
    "keys begin with sk-ant-api03-",
    "Bearer <token>",
    "the bearer of this",
    "risk-assessment-and-mitigation-of-things",
    "eyJ is how they begin",
    "/home/me/.nemo/agents/main/agent/auth-profiles.json:4",
  ])("%s is none", (text) => {
    expect([redact(text), mayHoldSecret(text)]).toEqual([text, false]);
  });
});

describe("what vendors and programs say", () => {
  test("loses pieces of a secret, but not what every key of the vendor begins with", () => {
    const key = "sk-ant-api03-Qw7Er5Ty3Ui1Op9As8Df6Gh4Jk2Lz0";
    register(key);
    expect(redactStrictly(`key ${key.slice(0, 26)}… is wrong: keys begin with sk-ant-api03-`)).toBe(
      "key sk-ant-api03-[secret]… is wrong: keys begin with sk-ant-api03-",
    );
    expect(redactStrictly(`…${key.slice(-14)} and ${key.slice(20, 40)}`)).toBe("…[secret] and [secret]");
  });

  test("loses secrets that could as well be words", () => {
    register("my-company-master-key");
    const text = "Received key my-company-master-key";
    expect([redact(text), redactStrictly(text)]).toEqual([text, "Received key [secret]"]);
  });
});

describe("what vendors and programs say of a secret in another way", () => {
  const WORDS = "quiet-harbour-lantern-mosaic-77";
  const SHORT = "Ab1cD2eF3g";
  for (const value of [WORDS, SHORT]) register(value);
  const codes = (value: string, begin: string): string => [...value].map((one) => `${begin}${one.charCodeAt(0).toString(16)}`).join("");
  const ways: readonly [string, (value: string) => string][] = [
    ["in base64", base64],
    ["in hexadecimal", (value) => Buffer.from(value).toString("hex")],
    ["in capital hexadecimal, behind another digit", (value) => `7${Buffer.from(value).toString("hex").toUpperCase()}`],
    ["backwards", (value) => [...value].toReversed().join("")],
    ["wholly percent-encoded", (value) => codes(value, "%")],
    ["wholly escaped as in JSON", (value) => codes(value, "\\u00")],
    ["wholly escaped as in JSON within JSON", (value) => codes(value, "\\\\u00")],
  ];

  test.each(ways)("%s: it is struck out", (_, written) => {
    for (const value of [KEY, WORDS, SHORT]) {
      expect(redactStrictly(`vendor said: ${written(value)} is bad`)).toMatch(/^vendor said: 7?\[secret\][=\w]{0,3} is bad$/);
    }
  });

  test.each(ways.slice(1))("%s: a piece of twelve characters is struck out", (_, written) => {
    for (const value of [KEY, WORDS]) expect(redactStrictly(`said: ${written(value.slice(3, 15))} ok`)).toMatch(/^said: 7?\[secret\] ok$/);
  });

  test("any twelve characters of a secret that could as well be words are struck out, and eleven stay", () => {
    for (let at = 0; at + 12 <= WORDS.length; at++) expect(redactStrictly(`said: ${WORDS.slice(at, at + 12)} ok`)).toBe("said: [secret] ok");
    expect(redactStrictly(`said: ${WORDS.slice(3, 14)} ok`)).toBe(`said: ${WORDS.slice(3, 14)} ok`);
  });
});

describe("what is no key", () => {
  test.each(["ollama", "lm-studio", "none", "n/a", "not-needed", "no-key-required", "anthropic", "dummy", "x", "", "EMPTY", "secretref-managed"])(
    "%s in place of a secret is not struck out of ordinary output",
    (word) => {
      expect(new Secret(word).reveal()).toBe(word);
      expect(redact(`provider ${word} answers`)).toBe(`provider ${word} answers`);
    },
  );

  test("no id of a provider or model that we know is one", () => {
    const ids = new Set<string>();
    const note = (_: string, value: unknown): unknown => {
      if (typeof value === "string") ids.add(value);
      return value;
    };
    for (const [path, text] of Object.entries(packaged)) if (path.startsWith("catalog/")) JSON.parse(text, note);
    expect(ids.size).toBeGreaterThan(3000);
    expect([...ids].filter((id) => !id.includes(" ") && !id.startsWith("https://") && likenessOf(id) === "key")).toEqual([]);
  });

  test("keys are: random ones of any usual alphabet and length", () => {
    const alphabets = ["0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"];
    for (const alphabet of alphabets) {
      const key = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 32, maxLength: 64 });
      fc.assert(fc.property(key, (value) => likenessOf(value) === "key"));
    }
    expect(likenessOf("3fa85f64-5717-4562-b3fc-2c963f66afa6")).toBe("key");
  });
});

test("an unknown key that begins as a known secret does goes out whole", () => {
  register("sk-ant-api03-is-no-key-but-words");
  expect(redactStrictly("try sk-ant-api03-Qx5Wt8Ny2Bc7Jk4M")).toBe("try [secret]");
});
