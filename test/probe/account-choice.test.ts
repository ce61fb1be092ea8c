import { expect, test } from "vitest";
import { asAppError } from "../../src/kernel/errors.ts";
import { chosenAccounts } from "../../src/probe/account-choice.ts";
import { openFacts } from "../credentials/open-facts.ts";

const facts = openFacts({ env: { GROQ_API_KEY: "gsk_0123456789abcdef0123456789abcdef" } });
const refused = (choice: Parameters<typeof chosenAccounts>[0]): unknown => {
  try {
    return chosenAccounts(choice, facts);
  } catch (thrown) {
    const { code, message, facts: more } = asAppError(thrown);
    return [code, message, more.hint];
  }
};

test("a provider is meant by its own name, by another one of its, or nobody is narrowed down", () => {
  expect(chosenAccounts({}, facts)).toEqual({ profileIds: [] });
  expect(chosenAccounts({ provider: "z.ai" }, facts)).toEqual({ provider: "zai", profileIds: [] });
  expect(chosenAccounts({ provider: "groq", profileIds: ["env:GROQ_API_KEY"] }, facts)).toEqual({ provider: "groq", profileIds: ["env:GROQ_API_KEY"] });
});

test("who is not there is refused, with the nearest name", () => {
  expect(refused({ provider: "grok" })).toEqual(["PROVIDER_UNKNOWN", 'no provider is named "grok"', expect.stringContaining("groq")]);
  expect(refused({ profileIds: ["env:GROK_API_KEY"] })).toEqual([
    "PROFILE_UNKNOWN",
    'there is no account "env:GROK_API_KEY"',
    expect.stringContaining("env:GROQ_API_KEY"),
  ]);
});
