import { expect, test } from "vitest";
import { rateLimits } from "../../src/usage/rate-limit-headers.ts";
import { fixture } from "./fixture.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const of = (name: string) => rateLimits(fixture(name).headers ?? {}, NOW);

test("requests and tokens, with resets as durations", () => {
  expect(of("groq-headers")).toEqual([
    { name: "requests", limit: 14_400, remaining: 14_370, resetsAt: NOW + 179_560 },
    { name: "tokens", limit: 18_000, remaining: 17_997, resetsAt: NOW + 7660 },
  ]);
});

test("the same with resets as moments, by the vendor's clock", () => {
  expect(of("anthropic-headers")).toEqual([
    { name: "input-tokens", limit: 80_000, remaining: 80_000, resetsAt: NOW + 30_000 },
    { name: "output-tokens", limit: 16_000, remaining: 16_000, resetsAt: NOW + 30_000 },
    { name: "requests", limit: 1000, remaining: 999, resetsAt: NOW + 1000 },
  ]);
});

test("a server that writes -1 counts nothing", () => {
  expect(of("azure-headers")).toEqual([]);
});

test.each<[string, Record<string, string>, unknown]>([
  ["without a kind it is requests", { "x-ratelimit-remaining": "3" }, [{ name: "requests", limit: null, remaining: 3, resetsAt: null }]],
  [
    "a period may stand behind",
    { "x-ratelimit-remaining-tokens-minute": "3", "x-ratelimit-limit-tokens-minute": "5" },
    [{ name: "tokens-minute", limit: 5, remaining: 3, resetsAt: null }],
  ],
  [
    "a reset that is none is left out",
    { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "later" },
    [{ name: "requests", limit: null, remaining: 3, resetsAt: null }],
  ],
  ["what is no number is no limit", { "x-ratelimit-remaining": "many", "x-ratelimit-remaining-tokens": "" }, []],
  ["a name of anything is no name", { "x-ratelimit-remaining-\u001b[31m": "3" }, []],
  ["other headers say nothing", { "retry-after": "3", date: "x" }, []],
])("%s", (_, headers, expected) => {
  expect(rateLimits(headers, NOW)).toEqual(expected);
});
