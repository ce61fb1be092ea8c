export interface Altered<T> {
  /** Where, as losses are named: `messages[1].content[0].text`. */
  readonly field: string;
  readonly value: T;
}

/** The same value once for each text, number and flag in it, with that one changed. `keep` names keys whose values are no content. */
export function* everyLeaf<T>(value: T, keep: readonly string[], field = ""): Generator<Altered<T>> {
  if (typeof value !== "object" || value === null) {
    yield { field, value: other(value) as T };
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (keep.includes(key)) continue;
    const at = Array.isArray(value) ? `${field}[${key}]` : field === "" ? key : `${field}.${key}`;
    for (const altered of everyLeaf(inner as unknown, keep, at)) yield { field: altered.field, value: replaced(value, key, altered.value) };
  }
}

function replaced<T extends object>(value: T, key: string, inner: unknown): T {
  return Array.isArray(value) ? (value.map((one, i) => (i === Number(key) ? inner : one)) as unknown as T) : { ...value, [key]: inner };
}

function other(leaf: unknown): unknown {
  if (typeof leaf === "boolean") return !leaf;
  if (typeof leaf === "number") return leaf + 1;
  if (leaf === "1h") return "5m";
  return typeof leaf === "string" && leaf.startsWith("{") ? '{"other":1}' : `${String(leaf)}x`;
}
