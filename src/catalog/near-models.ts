import { nearest } from "../kernel/nearest.ts";

/** At most three of a provider's ids, nearest first. Also those whose last part is near: many ids begin with the name of another vendor. */
export function nearModels(typed: string, listed: readonly string[]): readonly string[] {
  const lastPart = (id: string): string => id.slice(id.lastIndexOf("/") + 1);
  const byLastPart = new Map(listed.map((id) => [lastPart(id), id]));
  const near = [...nearest(typed, listed), ...nearest(lastPart(typed), byLastPart.keys()).flatMap((part) => byLastPart.get(part) ?? [])];
  return [...new Set(near)].slice(0, 3);
}
