import type { UsdPerMTok } from "../provider/model-spec.ts";

/** A price as a source writes it: numbers, or anything else where it states none. */
export interface WrittenPrice {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly cacheRead?: unknown;
  readonly cacheWrite?: unknown;
}

/**
 * The price that a source states, or undefined. Sources write 0 for "free", for "part of a subscription" and for "not known" alike,
 * so that 0 and 0 count as free only where the model's own name says so, or the source does (`means: "free"`).
 */
export function statedPrice(
  written: WrittenPrice,
  model: { readonly id: string; readonly name?: string | undefined; readonly means?: "free" },
): UsdPerMTok | undefined {
  const { input, output, cacheRead, cacheWrite } = written;
  if (!isAmount(input) || !isAmount(output)) return undefined;
  if (input === 0 && output === 0) return model.means === "free" || saysFree(model.id, model.name ?? "") ? { input, output } : undefined;
  return { input, output, ...(isAmount(cacheRead) && { cacheRead }), ...(isAmount(cacheWrite) && { cacheWrite }) };
}

/** `…:free`, `…-free`, `… (free)`: how routers name what they give away. */
function saysFree(id: string, name: string): boolean {
  return /[:/-]free$/i.test(id) || /\bfree\)?$/i.test(name.trim());
}

/** US dollars for one million tokens: more than a million of them is a mistake of the source. */
function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1_000_000;
}
