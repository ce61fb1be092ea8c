import { assertNever } from "../kernel/errors.ts";
import type { Readiness } from "../status/chain-rows.ts";
import type { Style } from "./style.ts";

/** Whether a model could be asked now, as far as files and variables tell. `unverified`: another program should answer for it, and no sign of its login was found. */
export type Availability = Exclude<Readiness, "broken" | "not allowed"> | "unverified";

export interface PriceRow {
  input: number;
  output: number;
  cacheRead?: number;
  cacheWrite?: number;
}

/** "128k", "1.05M"; "-" when unknown. Thousands, not 1,024s: the number that vendors advertise. */
export function tokensText(tokens: number | null): string {
  if (tokens === null) return "-";
  if (tokens < 1000) return String(tokens);
  return tokens < 999_500 ? `${Math.round(tokens / 1000)}k` : `${trimmed((tokens / 1_000_000).toFixed(2))}M`;
}

/** "3 / 15": US dollars for a million tokens in and out; "free", or "-" when unknown. */
export function priceText(price: Pick<PriceRow, "input" | "output"> | null): string {
  if (price === null) return "-";
  if (price.input === 0 && price.output === 0) return "free";
  return `${dollars(price.input)} / ${dollars(price.output)}`;
}

export function dollars(usd: number): string {
  return usd >= 100 ? String(Math.round(usd)) : trimmed(usd.toFixed(usd < 0.01 ? 4 : 3));
}

/** T, V and R for tools, vision and reasoning; `·` where it cannot, `?` where nobody says. */
export function abilityText({ tools, reasoning, input }: { tools: boolean | null; reasoning: boolean | null; input: string }): string {
  const vision = input === "-" ? null : input.split("+").includes("image");
  const abilities = [
    ["T", tools],
    ["V", vision],
    ["R", reasoning],
  ] as const;
  return abilities.map(([letter, can]) => (can === null ? "?" : can ? letter : "·")).join("");
}

export const ABILITY_LEGEND = "T tools · V vision · R reasoning · $ for a million tokens in / out";

/** A sign and a word. A model that is merely listed is no problem because nobody may ask it. */
export function availabilityText(availability: Availability, style: Style): string {
  switch (availability) {
    case "ready":
      return style.good("✓ ready");
    case "not needed":
      return style.good("✓ keyless");
    case "delegated":
      return style.good("✓ delegated");
    case "cooling":
      return style.warn("~ cooling");
    case "unverified":
      return style.warn("? unverified");
    case "expired":
      return style.bad("✗ expired");
    case "missing":
      return style.dim("- none");
    default:
      return assertNever(availability);
  }
}

function trimmed(number: string): string {
  return number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}
