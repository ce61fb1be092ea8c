import { agoText } from "../kernel/duration.ts";
import type { UsageGlance } from "../usage/usage-glance.ts";
import { byTightness } from "../usage/windows.ts";
import { hang } from "./hanging-text.ts";
import type { Style } from "./style.ts";
import { cutId, padEnd, textWidth } from "./text-width.ts";
import { amountText, percentText, untilText } from "./usage-words.ts";

/** As many windows as fit beside an account's name; `models usage` shows all. */
const SHOWN_WINDOWS = 2;
const NAME_COLUMNS = 32;

/** An account: how old it is, what is used of its fullest windows and when they begin anew, and what money is left. */
export function glanceLines(usage: readonly UsageGlance[], style: Style): string[] {
  const names = usage.map(({ profileId }) => cutId(profileId, NAME_COLUMNS, style));
  const columns = Math.max(0, ...names.map(textWidth));
  return usage.map((glance, at) => {
    const name = padEnd(names[at] ?? "", columns);
    const age = agoText(glance.ageMs).padEnd(7);
    return hang(`  ${name}  ${style.dim(age)}  `, factsText(glance, style), style.width);
  });
}

function factsText({ windows, balances }: UsageGlance, style: Style): string {
  const shown = byTightness(windows).slice(0, SHOWN_WINDOWS);
  return [
    ...shown.map(({ label, usedPercent, resetsAt }) => {
      const until = resetsAt === null ? "" : ` (${untilText(resetsAt, style.nowMs)})`;
      return `${label} ${percentText(usedPercent)}${until}`;
    }),
    ...balances.map(({ amount, currency }) => `${amountText(amount, currency)} left`),
  ].join(" · ");
}
