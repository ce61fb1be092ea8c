/** What a parsed text holds at a path; undefined where the path leads nowhere. Own properties only: the text may come from anyone. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** A finite number. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function objectAt(value: unknown, ...path: readonly (string | number)[]): Readonly<Record<string, unknown>> | undefined {
  const found = at(value, ...path);
  return isObject(found) ? found : undefined;
}

/** Something with named fields: no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Without the fields that are undefined. */
export function stated<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Whoever goes through a value step by step, JSON.stringify too, runs out of stack some thousand levels down; the parser never does. */
const DEEPEST = 256;

/** undefined when the text is no JSON, or nested deeper than 256 levels: no JSON text has that value. */
export function parseJson(text: string): unknown {
  const value = parseAnyDepth(text);
  return text.length > 2 * DEEPEST && isDeeperThan(value, DEEPEST) ? undefined : value;
}

/** For who looks at the depth itself: undefined when the text is no JSON. */
export function parseAnyDepth(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of what JSON.parse made. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
