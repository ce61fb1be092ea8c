import { expect, test } from "vitest";
import { answerLine, progressLines } from "../../src/cli/probe-progress.ts";
import { makeStyle } from "../../src/cli/style.ts";
import type { Planned } from "../../src/probe/probe.ts";
import type { ProbeRow } from "../../src/probe/summary.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });
const row = (label: string, more: Partial<ProbeRow> = {}): ProbeRow =>
  ({ label, provider: "groq", model: "groq/llama", asked: true, status: "ok", reason: null, detail: null, latencyMs: 210, ...more }) as ProbeRow;
const planned = (label: string): Planned => ({ row: row(label) }) as Planned;
const many = Array.from({ length: 20 }, (_, i) => `groq:${i}`);

test("a few accounts are named each with what is known of it", () => {
  const states = [
    "waiting",
    "asked",
    row("groq:c"),
    row("groq:d", { status: "auth", reason: "auth" }),
    row("groq:e", { asked: false, reason: "withheld" }),
  ] as const;
  expect(progressLines(["groq:a", "groq:b", "groq:c", "groq:d", "groq:e"].map(planned), states, style)).toEqual([
    "· groq:a  groq/llama",
    "… groq:b  groq/llama",
    "✓ groq:c  groq/llama  ok  210 ms",
    "✗ groq:d  groq/llama  auth  210 ms",
    "- groq:e  groq/llama  not asked: withheld",
  ]);
});

test("many are counted, and those that are being asked named", () => {
  const states = many.map((label, i) => (i < 5 ? row(label, i === 2 ? { status: "billing", reason: "billing" } : {}) : i < 7 ? "asked" : "waiting"));
  expect(progressLines(many.map(planned), states, style)).toEqual(["5/20 answered, 1 not well", "… groq:5  groq/llama", "… groq:6  groq/llama"]);
});

test("names from outside cannot steer the terminal", () => {
  const hostile = "groq:\u001b]52;c;aGk=\u0007\u202e";
  expect(progressLines([planned(hostile)], [row(hostile)], style)).toEqual(["✓ groq:\\u{1b}]52;c;aGk=\\u{7}\\u{202e}  groq/llama  ok  210 ms"]);
  expect(answerLine(row(hostile), 2, 10)).toBe(" 2/10  groq:\\u{1b}]52;c;aGk=\\u{7}\\u{202e}  groq/llama  ok  210 ms");
});
