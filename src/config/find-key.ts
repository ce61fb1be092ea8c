import { AppError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import { keyPathText, parseKeyPath } from "./key-path.ts";
import type { KeyPath, LoadedConfig, ShownValue } from "./loaded-config.ts";
import { entriesOf, shapeAt } from "./shape-at.ts";

export interface FoundKey extends ShownValue {
  readonly path: KeyPath;
}

/**
 * What a key path as a person writes it leads to. A key with dots in it, such as a model reference, needs no quotes where the files hold it.
 * Throws CONFIG_KEY_UNKNOWN with the nearest paths.
 */
export function findKey(config: Pick<LoadedConfig, "show">, text: string): FoundKey {
  const parts = parseKeyPath(text);
  if (parts === undefined)
    throw new AppError("USAGE", "that is not a key path", { hint: 'For example: agents.list[0].model, or auth.profiles["anthropic:work"].' });
  const path: (string | number)[] = [];
  let shown = config.show([]) ?? { value: {}, keys: [] };
  for (let rest = parts; rest.length > 0; ) {
    const { key, length } = nextKey(rest, shown.keys);
    const next = key === undefined ? undefined : config.show([...path, key]);
    if (key === undefined || next === undefined) throw unknownKey(path, rest, shown.keys);
    path.push(key);
    shown = next;
    rest = rest.slice(length);
  }
  return { ...shown, path };
}

/** The longest key that the first parts make, joined by dots; `primary` may stand unwritten below a model choice that is text alone. */
function nextKey(parts: KeyPath, keys: readonly string[]): { readonly key: string | number | undefined; readonly length: number } {
  for (let length = parts.length; length > 0; length--) {
    const joined = parts.slice(0, length).join(".");
    if (keys.includes(joined)) return { key: length === 1 ? parts[0] : joined, length };
  }
  return { key: parts[0] === "primary" ? parts[0] : undefined, length: 1 };
}

function unknownKey(found: KeyPath, rest: KeyPath, present: readonly string[]): AppError {
  const wanted = [...found, ...rest];
  const isKnown = shapeAt(wanted) !== undefined;
  const owner = shapeAt(found);
  const known = [...new Set([...present, ...(owner === undefined ? [] : entriesOf(owner))])];
  const typed = rest[0];
  const near = typeof typed === "string" ? nearest(typed, isKnown ? present : known) : [];
  const suggestions = near.map((key) => keyPathText([...found, key]));
  const message = isKnown ? `${keyPathText(wanted)} is not set` : `there is no ${keyPathText(wanted)}`;
  const hint = suggestions.length > 0 ? `Did you mean ${suggestions.join(" or ")}?` : whatIsSet(found, present);
  return new AppError("CONFIG_KEY_UNKNOWN", message, { hint, keyPath: keyPathText(wanted), suggestions });
}

function whatIsSet(owner: KeyPath, present: readonly string[]): string {
  if (present.length === 0) return "Nothing is set there; the default counts.";
  return `Set ${owner.length === 0 ? "at the top" : `in ${keyPathText(owner)}`}: ${present.slice(0, 12).join(", ")}${present.length > 12 ? ", …" : ""}.`;
}
