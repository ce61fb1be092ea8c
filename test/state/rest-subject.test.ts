import { expect, test } from "vitest";
import { restsIn } from "../../src/state/read-rests.ts";
import { restKey, subjectOf } from "../../src/state/rest-subject.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const ROW = { untilMs: NOW + 60_000, failures: 1, reason: "rate_limit", sinceMs: NOW, lastRestMs: 60_000 };
const keysIn = (...keys: readonly string[]): string[] => [
  ...restsIn(JSON.stringify({ version: 1, rests: Object.fromEntries(keys.map((key) => [key, ROW])) }), NOW).keys(),
];

test("a key's parts are found again, whatever an account is called", () => {
  for (const profileId of ["openai:a", "openai:my account", "openai:a b/c", "openai:a\tb"])
    expect(subjectOf(restKey("profile+model", profileId, "lmstudio/My Model"))).toEqual({ scope: "profile+model", profileId, model: "lmstudio/My Model" });
});

test("rows of an older version, which put a space between the parts, count as they did", () => {
  expect(
    keysIn(
      "profile openai:my account",
      "profile+model openai:my account openai/My Model",
      "profile+model-family openai:a openai/*:free",
      "provider+model lmstudio/My Model",
    ),
  ).toEqual([
    "profile openai:my account",
    restKey("profile+model", "openai:my account", "openai/My Model"),
    restKey("profile+model-family", "openai:a", "openai/*:free"),
    "provider+model lmstudio/My Model",
  ]);
});

test("rows of this version stay as they are", () => {
  const keys = [restKey("profile+model", "openai:my account", "openai/My Model"), restKey("profile+model-family", "openai:a b/c", "openai/x")];
  expect(keysIn(...keys)).toEqual(keys);
});
