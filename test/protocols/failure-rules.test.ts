import { describe, expect, test } from "vitest";
import { FAILURE_DETAILS, FAILURE_REASONS, type FailureDetail } from "../../src/chat/failure.ts";
import { classifyBy } from "../../src/protocols/classify.ts";
import type { FailureRule } from "../../src/protocols/failure-rule.ts";
import { familiesFor, rulesFor } from "../../src/protocols/failure-rules.ts";
import { vendorRules } from "../../src/protocols/failure-rules/vendors.ts";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";
import { builtinProviders } from "../../src/providers/index.ts";
import { type FailureFixture, failureFixtures, named } from "./failure-fixtures.ts";

const today = "2026-11-21";

/** Every row that any provider can meet, once. */
const allRules = new Map(
  PROTOCOL_IDS.flatMap((protocol) => ["", ...vendorRules.flatMap(({ providers }) => providers)].flatMap((id) => rulesFor(protocol, id))).map((rule) => [
    rule.id,
    rule,
  ]),
);

const fixturesByRule = new Map<string, FailureFixture[]>();
for (const fixture of failureFixtures) {
  const { rule } = classifyBy(rulesFor(fixture.protocol, fixture.provider), fixture.facts);
  fixturesByRule.set(rule, [...(fixturesByRule.get(rule) ?? []), fixture]);
}

/** Whether a fixture is named otherwise when this row is another one, or none. Only those that the row names can tell. */
function isNoticed(id: string, changed: FailureRule | undefined): boolean {
  return (fixturesByRule.get(id) ?? []).some(({ protocol, provider, facts, expected }) => {
    const rules = rulesFor(protocol, provider).flatMap((rule) => (rule.id === id ? (changed ?? []) : rule));
    return JSON.stringify(named(classifyBy(rules, facts))) !== JSON.stringify(expected);
  });
}

test.each(failureFixtures.map((fixture) => [fixture.name, fixture] as const))("%s", (_, { protocol, provider, facts, expected }) => {
  expect(named(classifyBy(rulesFor(protocol, provider), facts))).toEqual(expected);
});

describe("the fixtures", () => {
  test("are many, each once, and say where they were read", () => {
    expect(failureFixtures.length).toBeGreaterThanOrEqual(120);
    const names = failureFixtures.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    for (const { source } of failureFixtures) {
      expect(new URL(source.url).protocol).toBe("https:");
      expect(source.checkedOn <= today).toBe(true);
    }
  });

  test("name providers that exist", () => {
    const ids = new Set(builtinProviders.map(({ id }) => id));
    expect(failureFixtures.filter(({ provider }) => !ids.has(provider)).map(({ name }) => name)).toEqual([]);
    expect(vendorRules.flatMap(({ providers }) => providers).filter((id) => !ids.has(id))).toEqual([]);
  });

  test("know every reason that an answer can have", () => {
    const met = new Set(failureFixtures.map(({ expected }) => expected.reason));
    expect(FAILURE_REASONS.filter((reason) => !met.has(reason))).toEqual(["cancelled"]);
  });
});

describe("every row of the table", () => {
  test("names at least one fixture", () => {
    expect([...allRules.keys()].filter((id) => !fixturesByRule.has(id))).toEqual([]);
  });

  test("is missed when it is gone", () => {
    expect([...allRules.keys()].filter((id) => !isNoticed(id, undefined))).toEqual([]);
  });

  test("is noticed when its reason is another one", () => {
    const flipped = (rule: FailureRule): FailureRule => ({ ...rule, reason: rule.reason === "cancelled" ? "unknown" : "cancelled" });
    expect([...allRules.values()].filter((rule) => !isNoticed(rule.id, flipped(rule))).map(({ id }) => id)).toEqual([]);
  });

  test("is noticed when its detail is gone", () => {
    const blunt = ({ id, when, reason }: FailureRule): FailureRule => ({ id, when, reason });
    expect([...allRules.values()].filter((rule) => rule.detail !== undefined && !isNoticed(rule.id, blunt(rule))).map(({ id }) => id)).toEqual([]);
  });

  test("is missed with each of its words and statuses", () => {
    const unnoticed = [...allRules.values()].flatMap((rule) => {
      const { words = [], status = [] } = rule.when;
      const withoutWord = words.filter((word) => !isNoticed(rule.id, { ...rule, when: { ...rule.when, words: words.filter((other) => other !== word) } }));
      const withoutStatus = status.filter((one) => !isNoticed(rule.id, { ...rule, when: { ...rule.when, status: status.filter((other) => other !== one) } }));
      return [...withoutWord, ...withoutStatus].map((what) => `${rule.id} ${what}`);
    });
    expect(unnoticed).toEqual([]);
  });

  test("has a detail that belongs to its reason", () => {
    const belongs = ({ reason, detail }: FailureRule): boolean =>
      detail === undefined || (FAILURE_DETAILS[reason] as readonly FailureDetail[]).includes(detail);
    expect([...allRules.values()].filter((rule) => !belongs(rule)).map(({ id }) => id)).toEqual([]);
  });

  test("has an id of its own", () => {
    for (const protocol of PROTOCOL_IDS) {
      const ids = rulesFor(protocol, "").map(({ id }) => id);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    }
  });

  test("looks at the beginning of a sentence, and never past what the vendor writes there", () => {
    const sentences = [...allRules.values()].flatMap(({ when }) => when.message?.source ?? []);
    expect(sentences.filter((source) => !source.startsWith("^"))).toEqual([]);
    expect(sentences.filter((source) => /\.[*+]|\[\\s\\S\]/.test(source))).toEqual([]);
  });
});

describe("the order", () => {
  test("asks for an empty account before a limit, in each family", () => {
    const families = [...PROTOCOL_IDS.flatMap((protocol) => familiesFor(protocol, "")), ...vendorRules];
    for (const { name, codes = [] } of families) {
      const reasons = codes.map(({ reason }) => reason);
      const lastBilling = reasons.lastIndexOf("billing");
      const firstLimit = reasons.findIndex((reason) => reason === "rate_limit");
      // The one exception has a status of its own, which no other row names.
      if (name !== "openrouter" && firstLimit >= 0) expect([name, lastBilling < firstLimit]).toEqual([name, true]);
    }
  });

  test("puts a vendor's own rows before those of its protocol, and HTTP last", () => {
    expect(familiesFor("openai-chat", "openrouter").map(({ name }) => name)).toEqual(["openrouter", "openai", "compatible", "http"]);
    expect(familiesFor("bedrock-converse", "amazon-bedrock").map(({ name }) => name)).toEqual(["bedrock", "http"]);
  });
});
