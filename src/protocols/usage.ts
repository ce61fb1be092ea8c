import type { Usage } from "../chat/event.ts";

/** The figures that are there; undefined when none is. */
export function statedUsage(figures: { readonly [Name in keyof Usage]: Usage[Name] | undefined }): Usage | undefined {
  const stated = Object.entries(figures).filter(([, value]) => value !== undefined);
  return stated.length === 0 ? undefined : (Object.fromEntries(stated) as Usage);
}

/** undefined only when none of them is there. */
export function sumOf(...figures: readonly (number | undefined)[]): number | undefined {
  const stated = figures.filter((figure) => figure !== undefined);
  return stated.length === 0 ? undefined : stated.reduce((sum, figure) => sum + figure, 0);
}
