import { assert, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/errors.ts";
import { keepUsage, parseUsageCache, readUsageCache } from "../../src/usage/usage-cache.ts";
import { fakeHost } from "../support/fake-host.ts";
import { cacheText, keptUsage, NOW, windowOf } from "./kept.ts";

const STATE = "/home/me/.nemo";
const FILE = `${STATE}/signalbox/usage.json`;

describe("what is remembered", () => {
  test("comes back as it was, beside what others wrote meanwhile", () => {
    const mine = keptUsage({ windows: [windowOf("5h", 42, NOW + 1)], balances: [{ amount: 3.2, currency: "USD" }], plan: "pro" });
    const theirs = keptUsage({
      spent: [{ period: "day", amount: 1, currency: "USD" }],
      limits: [{ name: "requests", limit: null, remaining: 3, resetsAt: null }],
    });
    const host = fakeHost({ files: { [FILE]: cacheText({ "a:b": theirs }) } });
    keepUsage(host, STATE, new Map([["openrouter:default", mine]]));
    expect([...readUsageCache(host, STATE)]).toEqual([
      ["a:b", theirs],
      ["openrouter:default", mine],
    ]);
  });

  test("is not written when there is nothing new", () => {
    const host = fakeHost();
    keepUsage(host, STATE, new Map());
    expect(host.written.size).toBe(0);
  });

  test("is forgotten after a month", () => {
    const old = { ...keptUsage(), last: { ...keptUsage().last, atMs: NOW - 32 * 24 * 3_600_000 } };
    const host = fakeHost({ files: { [FILE]: cacheText({ "old:one": old }) } });
    keepUsage(host, STATE, new Map([["new:one", keptUsage()]]));
    expect([...readUsageCache(host, STATE).keys()]).toEqual(["new:one"]);
  });

  test("a full disk is no reason to fail", () => {
    const host = fakeHost({ writeFailure: new AppError("FILE_WRITE_FAILED", "no space", { hint: "Make room." }) });
    expect(() => keepUsage(host, STATE, new Map([["a:b", keptUsage()]]))).not.toThrow();
  });
});

describe("a file that somebody else changed", () => {
  test.each<[string, string]>([
    ["is cut off", cacheText({ "a:b": keptUsage() }).slice(0, 80)],
    ["is empty", ""],
    ["is of another version", '{"v":2,"accounts":{}}'],
    ["has a list for accounts", '{"v":1,"accounts":[1]}'],
    ["comes from the future", cacheText({ "a:b": keptUsage({}, { last: { ...keptUsage().last, atMs: NOW + 1 } }) })],
    ["was told in the future", cacheText({ "a:b": { ...keptUsage(), told: { ...keptUsage().told, atMs: NOW + 1 } } })],
    ["lost its facts", cacheText({ "a:b": { ...keptUsage(), told: { atMs: 1 } } })],
    ["has windows that are none", cacheText({ "a:b": { ...keptUsage(), told: { atMs: 1, facts: { ...keptUsage().told?.facts, windows: [{}] } } } })],
    ["told nothing and says it did", cacheText({ "a:b": { ...keptUsage(), told: undefined } })],
    ["has an outcome that is none", cacheText({ "a:b": { ...keptUsage(), last: { ...keptUsage().last, outcome: "won" } } })],
    ["has no times", cacheText({ "a:b": { ...keptUsage(), last: { atMs: 1, outcome: "told", failures: 0 } } })],
  ])("%s, and counts as none", (_, text) => {
    expect([...parseUsageCache(text, NOW).keys()]).toEqual([]);
  });

  test("one bad account leaves the others", () => {
    expect([...parseUsageCache(cacheText({ "a:b": 3, "c:d": keptUsage() }), NOW).keys()]).toEqual(["c:d"]);
  });

  test("whatever stands in it, it is read", () => {
    assert(property(jsonValue(), (value) => parseUsageCache(cacheText({ "a:b": value }), NOW) instanceof Map));
  });
});
