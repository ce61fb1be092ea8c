import { describe, expect, test } from "vitest";
import { fingerprint } from "../../src/credentials/fingerprint.ts";
import { type FactsInput, HOUR, keyOf, NOW, openFacts, storeOf } from "./open-facts.ts";

const STATE = "/home/me/.nemo/signalbox/state.json";
const DAY = 24 * HOUR;
const row = (untilMs: number, more: object = {}): object => ({ untilMs, failures: 1, reason: "billing", sinceMs: NOW, lastRestMs: HOUR, ...more });
const cooldowns = (rests: object, more: FactsInput = {}): string[] => {
  const store = storeOf(
    { "openai:a": keyOf("openai"), "groq:c": keyOf("groq") },
    { usageStats: { "groq:c": { cooldownUntil: NOW + 2 * HOUR, failureCounts: { rate_limit: 1 } } } },
  );
  const { credentials } = openFacts({ store, files: { [STATE]: JSON.stringify({ version: 1, rests }) }, ...more });
  return credentials.cooldowns.map(({ profileId, kind, reason, untilMs, origin }) => `${profileId} ${kind} ${reason} ${(untilMs - NOW) / HOUR}h ${origin}`);
};

describe("what rests of whole accounts", () => {
  test("is an older agent's and ours, the soonest first", () => {
    expect(
      cooldowns({ "profile openai:a": row(NOW + HOUR), "profile+model openai:a openai/x": row(NOW + HOUR), "endpoint https://x": row(NOW + HOUR) }),
    ).toEqual(["openai:a disabled billing 1h signalbox", "groq:c cooldown rate_limit 2h legacy"]);
  });

  test("ends with its time, and with its account", () => {
    const rests = { "profile openai:a": row(NOW), "profile openai:gone": row(NOW + HOUR), "profile groq:c": row(NOW + HOUR, { lastRestMs: 0 }) };
    expect(cooldowns(rests)).toEqual(["groq:c cooldown rate_limit 2h legacy"]);
  });

  test("ends with another credential", () => {
    const { credentials, host } = openFacts({ store: storeOf({ "openai:a": keyOf("openai") }) });
    const [profile] = credentials.profiles;
    if (profile === undefined) return;
    const mark = fingerprint(profile.credential, [], (text) => host.sha256(text));
    expect(cooldowns({ "profile openai:a": row(NOW + HOUR, { credential: mark }) })).toContain("openai:a disabled billing 1h signalbox");
    expect(cooldowns({ "profile openai:a": row(NOW + HOUR, { credential: "…000000" }) })).not.toContain("openai:a disabled billing 1h signalbox");
  });

  test("an older agent's that was cleared counts no longer; a later one of its does", () => {
    expect(cooldowns({ "override groq:c": row(NOW + 2 * HOUR, { lastRestMs: 0, reason: "cleared" }) })).toEqual([]);
    expect(cooldowns({ "override groq:c": row(NOW + HOUR, { lastRestMs: 0, reason: "cleared" }) })).toEqual(["groq:c cooldown rate_limit 2h legacy"]);
  });

  test("an account rests once, until the later of its ends", () => {
    expect(cooldowns({ "profile groq:c": row(NOW + DAY, { reason: "auth" }) })).toEqual(["groq:c disabled auth 24h signalbox"]);
  });
});
