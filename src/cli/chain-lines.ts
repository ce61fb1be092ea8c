import { shortDuration } from "../kernel/duration.ts";
import { assertNever } from "../kernel/errors.ts";
import type { ProbeSummary } from "../probe/summary.ts";
import type { ChainRow, Readiness } from "../status/chain-rows.ts";
import type { StatusReport } from "../status/report.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { hang } from "./hanging-text.ts";
import { shownByAsking } from "./probe-lines.ts";

/** The first thing that a person wants to know, in one sentence. */
export function verdict({ chain, auth }: Pick<StatusReport, "chain" | "auth">, style: Style): string {
  const [first, ...others] = chain;
  if (first === undefined) return `${style.bad("✗")} No model is chosen.`;
  const name = style.bold(first.ref ?? first.raw);
  if (first.readiness === "ready") return hang(`${style.good("✓")} `, `${name} is ready, with ${first.detail}.`, style.width);
  if (first.readiness === "not needed") return keylessVerdict(name, shownByAsking({ model: first.ref ?? first.raw }, auth.probes, style), style);
  if (first.readiness === "delegated") return hang(`${style.accent("→")} `, `${name} is left to another login. ${first.detail}`, style.width);
  const next = others.find((row) => row.role === "fallback" && answers(row.readiness));
  const instead = next === undefined ? "and no fallback can." : `fallback ${next.position} would: ${next.ref ?? next.raw}.`;
  const sign = next === undefined ? style.bad("✗") : style.warn("!");
  const hasFallbacks = chain.some(({ role }) => role === "fallback");
  return hang(`${sign} `, `${name} cannot answer now, ${hasFallbacks ? instead : "and there is no fallback."}`, style.width);
}

/** Files do not tell whether a server runs. */
function keylessVerdict(name: string, shown: ReturnType<typeof shownByAsking>, style: Style): string {
  const says = shown?.answers === true ? "is ready; it needs no key." : "needs no key; only --probe tells whether its server runs.";
  return hang(`${style.good("✓")} `, `${name} ${says}`, style.width);
}

function answers(readiness: Readiness): boolean {
  return readiness === "ready" || readiness === "not needed" || readiness === "delegated";
}

/** From this many columns on, the account that would be asked has a column of its own. */
const WIDE = 100;

/** One line a model: its role, what it resolves to, and whether it could answer, or does where it was asked. */
export function chainLines(chain: readonly ChainRow[], style: Style, probes?: ProbeSummary): string[] {
  const rows = chain.map((row) => {
    const isAskable = row.readiness === "ready" || row.readiness === "not needed";
    const shown = isAskable && row.ref !== null ? shownByAsking({ model: row.ref }, probes, style) : undefined;
    const narrow = [roleName(row), nameText(row), shown?.text ?? readinessText(row, style)];
    return style.width < WIDE ? narrow : [...narrow, row.readiness === "ready" ? style.dim(row.detail) : ""];
  });
  return [table(rows, { style, flexible: 1, indent: "  " })];
}

export function roleName({ role, position }: Pick<ChainRow, "role" | "position">): string {
  return { default: "default", fallback: `fallback ${position}`, image: "image", "image-fallback": `image fallback ${position}` }[role];
}

function nameText({ raw, ref, alias }: ChainRow): string {
  return ref === null || alias === null ? (ref ?? raw) : `${alias} → ${ref}`;
}

export function readinessText({ readiness, until }: Pick<ChainRow, "readiness" | "until">, style: Style): string {
  switch (readiness) {
    case "ready":
      return style.good("✓ ready");
    case "not needed":
      return style.good("✓ needs no key");
    case "delegated":
      return style.accent("→ delegated");
    case "cooling":
      return style.warn(`~ rests ${shortDuration(until === null ? undefined : until - style.nowMs)}`);
    case "expired":
      return style.bad("✗ expired");
    case "missing":
      return style.bad("✗ missing");
    case "not allowed":
      return style.warn("! not allowed");
    case "broken":
      return style.bad("✗ leads nowhere");
    default:
      return assertNever(readiness);
  }
}
