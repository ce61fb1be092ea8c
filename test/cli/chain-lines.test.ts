import { expect, test } from "vitest";
import { chainLines, verdict } from "../../src/cli/chain-lines.ts";
import { shownByAsking } from "../../src/cli/probe-lines.ts";
import { makeStyle } from "../../src/cli/style.ts";
import type { ProbeRow, ProbeStatus, ProbeSummary } from "../../src/probe/summary.ts";
import type { ChainRow } from "../../src/status/chain-rows.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });

const model = (name: string, readiness: ChainRow["readiness"]) =>
  ({ role: "fallback", position: 1, raw: name, ref: name, alias: null, readiness, detail: "a:b", until: null }) as unknown as ChainRow;

const probed = (name: string, status: ProbeStatus, more: Partial<ProbeRow> = {}) =>
  ({ model: name, profileId: `${name}:${status}`, asked: true, status, reason: status, detail: null, httpStatus: 401, ...more }) as ProbeRow;

const summary = (...results: ProbeRow[]) => ({ results }) as unknown as ProbeSummary;

const states = (chain: readonly ChainRow[], probes?: ProbeSummary) =>
  chainLines(chain, style, probes)
    .join("\n")
    .split("\n")
    .map((line) => line.split(/\s{2,}/).at(-1));

test("what asking has shown stands where files say ready, and nowhere else", () => {
  const chain = [
    model("a/refused", "ready"),
    model("b/answers", "ready"),
    model("c/unasked", "ready"),
    model("d/rests", "cooling"),
    model("e/local", "not needed"),
  ];
  const probes = summary(
    probed("a/refused", "auth"),
    probed("b/answers", "ok"),
    probed("d/rests", "ok"),
    probed("e/local", "timeout"),
    probed("c/unasked", "auth", { asked: false }),
  );
  expect(states(chain)).toEqual(["✓ ready", "✓ ready", "✓ ready", "~ rests unknown", "✓ needs no key"]);
  expect(states(chain, probes)).toEqual(["✗ auth", "✓ answers", "✓ ready", "~ rests unknown", "✗ timeout"]);
});

test("a model answers when one of its accounts does; an account that was refused does not", () => {
  const probes = summary(probed("a/m", "auth"), probed("a/m", "ok"));
  expect(shownByAsking({ model: "a/m" }, probes, style)).toEqual({ answers: true, text: "✓ answers" });
  expect(shownByAsking({ profileId: "a/m:auth" }, probes, style)).toEqual({ answers: false, text: "✗ auth" });
  expect([shownByAsking({ profileId: "other" }, probes, style), shownByAsking({ model: "a/m" }, undefined, style)]).toEqual([undefined, undefined]);
});

test("of a server without a key, only an answer says that it is ready", () => {
  const chain = [model("e/local", "not needed")];
  expect(verdict({ chain, auth: { probes: summary(probed("e/local", "ok")) } as never }, style)).toBe("✓ e/local is ready; it needs no key.");
  expect(verdict({ chain, auth: {} as never }, style)).toBe("✓ e/local needs no key; only --probe tells whether its server runs.");
});
