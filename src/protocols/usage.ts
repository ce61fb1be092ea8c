import type { Usage } from "../chat/event.ts";

const FIGURES = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens"] as const satisfies readonly (keyof Usage)[];

/** The figures that are there; undefined when none is. */
export function statedUsage(figures: { readonly [Name in keyof Usage]: Usage[Name] | undefined }): Usage | undefined {
  const stated: { -readonly [Name in keyof Usage]: Usage[Name] } = {};
  let isEmpty = true;
  for (const name of FIGURES) {
    const figure = figures[name];
    if (figure === undefined) continue;
    stated[name] = figure;
    isEmpty = false;
  }
  return isEmpty ? undefined : stated;
}

/** For formats whose own figure of the input leaves out what had to do with a cache. */
export function usageBesideCache({
  freshTokens,
  ...figures
}: { readonly [Name in Exclude<keyof Usage, "inputTokens"> | "freshTokens"]: number | undefined }): Usage | undefined {
  const { cacheReadTokens, cacheWriteTokens } = figures;
  return statedUsage({ ...figures, inputTokens: freshTokens === undefined ? undefined : sumOf(freshTokens, cacheReadTokens, cacheWriteTokens) });
}

/** undefined only when none of them is there. */
export function sumOf(...figures: readonly (number | undefined)[]): number | undefined {
  const stated = figures.filter((figure) => figure !== undefined);
  return stated.length === 0 ? undefined : stated.reduce((sum, figure) => sum + figure, 0);
}
