import { describe, expect, test } from "vitest";
import { readStoredEntry } from "../../src/credentials/stored-profile.ts";

const revealed = (value: unknown): unknown => {
  const entry = readStoredEntry(value);
  if (entry.kind === "broken") return entry;
  const { credential } = entry;
  if (credential.kind === "api_key") return credential.key.reveal();
  return credential.kind === "token" ? credential.token.reveal() : [credential.access.reveal(), credential.refresh.reveal(), credential.expiresAtMs];
};

describe("a good entry", () => {
  test("keeps its secret without line breaks and blanks", () => {
    expect(revealed({ type: "api_key", provider: "openai", key: " sk-a\r\nb\u2028c " })).toBe("sk-abc");
    expect(revealed({ type: "token", provider: "x", token: "t\n" })).toBe("t");
    expect(revealed({ type: "oauth", provider: "x", access: "a", refresh: "r\n", expires: 5 })).toEqual(["a", "r", 5]);
  });

  test("may have further fields that installations write", () => {
    const entry = readStoredEntry({
      type: "oauth",
      provider: "x",
      access: "a",
      refresh: "r",
      expires: 5,
      email: "me@example.com",
      clientId: "c",
      projectId: "p",
    });
    expect(entry).toMatchObject({ kind: "profile", provider: "x", email: "me@example.com", doubts: [] });
  });

  test("without its secret is a profile all the same, and blank", () => {
    expect(revealed({ type: "api_key", provider: "openai" })).toBe("");
    expect(revealed({ type: "oauth", provider: "openai" })).toEqual(["", "", undefined]);
  });
});

describe("a broken entry says what is wrong with it", () => {
  test.each<[unknown, string, string]>([
    ["text", "is not an object", ""],
    [["list"], "is not an object", ""],
    [null, "is not an object", ""],
    [{ provider: "x", key: "k" }, 'has no "type"', "The types are api_key, token, oauth."],
    [{ type: 3, provider: "x" }, 'has a "type" that is not text', ""],
    [{ type: "apikey", provider: "x", key: "k" }, 'has the unknown type "apikey". Did you mean "api_key"?', ""],
    [{ type: "api_key", key: "k" }, 'has no "provider"', 'Add "provider"'],
    [{ type: "api_key", provider: " ", key: "k" }, 'has no "provider"', ""],
    [{ type: "api_key", provider: "x", key: 12 }, 'has a "key" that is not text', ""],
    [{ type: "oauth", provider: "x", access: "a", refresh: {} }, 'has a "refresh" that is not text', ""],
    [{ type: "api_key", provider: "x", apiKey: "k" }, 'has "apiKey", which is not a field of an api_key profile', 'Did you mean "key"?'],
    [{ type: "token", provider: "x", tokn: "k" }, 'has "tokn", which is not a field of a token profile', 'Did you mean "token"?'],
    [{ type: "oauth", provider: "x", access_token: "k" }, 'has "access_token", which is not a field of an oauth profile', 'Did you mean "access"?'],
  ])("%j", (value, message, hint) => {
    const entry = readStoredEntry(value);
    expect(entry).toMatchObject({ kind: "broken", message });
    expect("hint" in entry && entry.hint).toContain(hint);
  });
});

test("an expiry that is no number, or that looks like seconds, is doubted and the profile goes on", () => {
  const doubts = (expires: unknown): readonly string[] => {
    const entry = readStoredEntry({ type: "token", provider: "x", token: "t", expires });
    return entry.kind === "profile" ? entry.doubts.map(({ message }) => message) : ["broken"];
  };
  expect(doubts("2027-01-01")).toEqual(['has an "expires" that is not a number; it counts as having none']);
  expect(doubts(1_800_000_000)).toEqual(['has an "expires" that looks like seconds; it is read as milliseconds and lies in 1970']);
  expect([doubts(1_800_000_000_000), doubts(null), doubts(undefined)]).toEqual([[], [], []]);
});

test("no message quotes a secret", () => {
  const entry = readStoredEntry({ type: "api_key", provider: "x", apiKey: "sk-very-secret", key: { nested: "sk-very-secret" } });
  expect(JSON.stringify(entry)).not.toContain("sk-very-secret");
});
