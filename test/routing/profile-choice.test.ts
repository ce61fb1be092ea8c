import { expect, test } from "vitest";
import { toProfileId } from "../../src/kernel/ids.ts";
import { inOrderOfUse, type WindowLeft } from "../../src/routing/profile-choice.ts";
import { HOUR, keyOf, loginOf, NOW, openFacts, storeOf } from "../credentials/open-facts.ts";

const DAY = 24 * HOUR;
const profiles = openFacts({
  store: storeOf({ "zai:a": loginOf("zai", NOW + HOUR), "zai:b": loginOf("zai", NOW + HOUR, "other"), "zai:key": keyOf("zai") }),
}).credentials.profiles.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const fiveHours = (leftPercent: number, resetsInMs: number): WindowLeft => ({ leftPercent, resetsAtMs: NOW + resetsInMs, windowMs: 5 * HOUR });
const week = (leftPercent: number, resetsInMs: number): WindowLeft => ({ leftPercent, resetsAtMs: NOW + resetsInMs, windowMs: 7 * DAY });
const order = (windows: Readonly<Record<string, readonly WindowLeft[]>>, more: { last?: string; explicit?: readonly string[] } = {}): string[] =>
  inOrderOfUse(
    { candidates: profiles, ...(more.explicit !== undefined && { explicit: more.explicit.map(toProfileId) }) },
    { windows: new Map(Object.entries(windows)), last: more.last, reservePercent: 5, nowMs: NOW },
  ).map(({ id }) => id);

test("nothing known changes nothing, and neither does what is known of others", () => {
  expect(order({})).toEqual(["zai:a", "zai:b", "zai:key"]);
  expect(order({ "openai:a": [week(80, HOUR)] })).toEqual(["zai:a", "zai:b", "zai:key"]);
});

test("of several windows the tightest decides: what it does not give cannot go unused in another", () => {
  const almostSpent = [fiveHours(100, HOUR / 6), week(8, 6 * DAY)];
  expect(order({ "zai:a": almostSpent, "zai:b": [fiveHours(60, 3 * HOUR), week(60, 2 * DAY)] })).toEqual(["zai:b", "zai:a", "zai:key"]);
});

test("the week that ends tomorrow with much left goes before the week that has just begun", () => {
  expect(order({ "zai:a": [week(95, 6 * DAY)], "zai:b": [week(50, DAY)] })).toEqual(["zai:b", "zai:a", "zai:key"]);
});

test("a stored account with time to spare stays before a variable's, of which nothing is known", () => {
  const { credentials } = openFacts({
    store: storeOf({ "groq:a": keyOf("groq"), "groq:b": keyOf("groq", "another-secret-01") }),
    env: { GROQ_API_KEY: "third-secret-0001" },
  });
  const candidates = credentials.profiles.filter(({ provider }) => provider === "groq");
  const windows = new Map([["groq:a", [week(10, 6 * DAY)]]]);
  const found = inOrderOfUse({ candidates }, { windows, reservePercent: 5, nowMs: NOW });
  expect(found.map(({ id }) => id)).toEqual(["groq:b", "groq:a", "env:GROQ_API_KEY"]);
});

test("an order that somebody wrote stays, whatever is left", () => {
  expect(order({ "zai:a": [week(1, DAY)], "zai:b": [week(99, DAY)] }, { explicit: ["zai:a", "zai:b", "zai:key"] })).toEqual(["zai:a", "zai:b", "zai:key"]);
});

test("a conversation stays where it is up to half as urgent again, and leaves an account at its reserve", () => {
  const windows = { "zai:a": [week(60, 4 * DAY)], "zai:b": [week(80, 4 * DAY)] };
  expect(order(windows)).toEqual(["zai:b", "zai:a", "zai:key"]);
  expect(order(windows, { last: "zai:a" })).toEqual(["zai:a", "zai:b", "zai:key"]);
  expect(order({ ...windows, "zai:b": [week(95, 4 * DAY)] }, { last: "zai:a" })).toEqual(["zai:b", "zai:a", "zai:key"]);
  expect(order({ "zai:a": [week(5, HOUR)] }, { last: "zai:a" })).toEqual(["zai:b", "zai:a", "zai:key"]);
});

test("a conversation that a key answered goes back to a login once that can be asked", () => {
  expect(order({}, { last: "zai:key" })).toEqual(["zai:a", "zai:b", "zai:key"]);
});

test("a window that has begun anew says nothing", () => {
  expect(order({ "zai:a": [week(1, 0)], "zai:b": [week(1, -HOUR)] })).toEqual(["zai:a", "zai:b", "zai:key"]);
});
