import { expect, test } from "vitest";
import { createCounters } from "../../src/gateway/counters.ts";

const linesOf = (text: string, name: string): string[] => text.split("\n").filter((line) => line.startsWith(`signalbox_gateway_${name}`));

test("rows are told apart by all their labels, and add up", () => {
  const counters = createCounters();
  counters.add("tokens", { model: "a/b", kind: "input" }, 3);
  counters.add("tokens", { model: "a/b", kind: "output" });
  counters.add("tokens", { model: "a/b", kind: "input" }, 4);
  counters.add("cost_usd", { model: "a/b" }, 0.5);
  counters.add("dropped_events", {}, 2);
  const text = counters.text({ running: 1 });
  expect(linesOf(text, "tokens")).toEqual([
    'signalbox_gateway_tokens_total{model="a/b",kind="input"} 7',
    'signalbox_gateway_tokens_total{model="a/b",kind="output"} 1',
  ]);
  expect([...linesOf(text, "cost"), ...linesOf(text, "dropped"), ...linesOf(text, "running")]).toEqual([
    'signalbox_gateway_cost_usd_total{model="a/b"} 0.5',
    "signalbox_gateway_dropped_events_total 2",
    "signalbox_gateway_running 1",
  ]);
});

test("an observation counts in every bucket that it fits into", () => {
  const counters = createCounters();
  for (const seconds of [0.02, 0.02, 1000]) counters.observe("request_seconds", { path: "/x" }, seconds);
  const lines = linesOf(counters.text({}), "request_seconds");
  expect(lines.filter((line) => / (?!0$)/.test(line)).map((line) => line.replace("signalbox_gateway_request_seconds", ""))).toEqual([
    ...['{path="/x",le="0.05"} 2', '{path="/x",le="0.1"} 2', '{path="/x",le="0.25"} 2', '{path="/x",le="0.5"} 2', '{path="/x",le="1"} 2'].map(
      (end) => `_bucket${end}`,
    ),
    ...['{path="/x",le="2.5"} 2', '{path="/x",le="5"} 2', '{path="/x",le="10"} 2', '{path="/x",le="30"} 2', '{path="/x",le="60"} 2'].map(
      (end) => `_bucket${end}`,
    ),
    ...['{path="/x",le="300"} 2', '{path="/x",le="+Inf"} 3'].map((end) => `_bucket${end}`),
    '_sum{path="/x"} 1000.04',
    '_count{path="/x"} 3',
  ]);
});

test("clients name models: beyond two thousand rows the rest is one row without labels, and those that there are count on", () => {
  const counters = createCounters();
  for (let i = 0; i < 2500; i++) counters.add("attempts", { model: `m/${i}`, outcome: "answered" });
  counters.add("attempts", { model: "m/0", outcome: "answered" });
  counters.add("attempts", { model: "m/0", outcome: "cut" });
  const lines = linesOf(counters.text({}), "attempts");
  expect([lines.length, lines.includes('signalbox_gateway_attempts_total{model="m/0",outcome="answered"} 2'), lines.at(-1)]).toEqual([
    2001,
    true,
    "signalbox_gateway_attempts_total 501",
  ]);
});

test("what a client wrote stays within its quotes", () => {
  const counters = createCounters();
  counters.add("cost_usd", { model: 'a"b\\c\nd' });
  expect(linesOf(counters.text({}), "cost_usd")).toEqual(['signalbox_gateway_cost_usd_total{model="a\\"b\\\\c\\nd"} 1']);
});
