import type { Planned } from "../probe/probe.ts";
import type { ProbeRow } from "../probe/summary.ts";
import { isBad } from "../probe/summary.ts";
import { harmless } from "./harmless.ts";
import { latencyText, stateWord } from "./probe-lines.ts";
import type { Style } from "./style.ts";

/** More than so many are counted, and only those that are being asked are named. */
const NAMED = 12;

export type Asking = "waiting" | "asked" | ProbeRow;

/** What stands in a terminal while accounts are asked: one line each, or a count and those that are being asked now. */
export function progressLines(asked: readonly Planned[], states: readonly Asking[], style: Style): string[] {
  const lines = asked.map(({ row }, index) => ({ state: states[index] ?? "waiting", text: whoOf(row) }));
  if (lines.length <= NAMED) return lines.map(({ state, text }) => `${mark(state, style)} ${text}${said(state, style)}`);
  const answered = states.filter((state) => typeof state === "object");
  const bad = answered.filter(isBad).length;
  const head = `${answered.length}/${asked.length} answered${bad === 0 ? "" : `, ${style.bad(`${bad} not well`)}`}`;
  const current = lines.filter(({ state }) => state === "asked").slice(0, NAMED);
  return [head, ...current.map(({ state, text }) => `${mark(state, style)} ${text}`)];
}

/** The line of one who has answered, for what is no terminal: "2/7  groq:work  groq/llama  ok  210 ms". */
export function answerLine(row: ProbeRow, done: number, total: number): string {
  return `${String(done).padStart(String(total).length)}/${total}  ${whoOf(row)}  ${outcome(row)}`;
}

function whoOf({ label, model, provider }: ProbeRow): string {
  return harmless(`${label}  ${model ?? provider}`);
}

function outcome({ asked, reason, latencyMs, ...row }: ProbeRow): string {
  return harmless(asked ? `${stateWord({ ...row, reason })}  ${latencyText(latencyMs)}` : `not asked: ${reason}`);
}

function mark(state: Asking, style: Style): string {
  if (state === "waiting") return style.dim("·");
  if (state === "asked") return style.accent("…");
  if (!state.asked) return style.dim("-");
  return isBad(state) ? style.bad("✗") : style.good("✓");
}

function said(state: Asking, style: Style): string {
  return typeof state === "object" ? `  ${style.dim(outcome(state))}` : "";
}
