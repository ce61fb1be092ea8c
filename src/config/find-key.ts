import { AppError } from "../kernel/errors.ts";
import { nearest } from "../kernel/nearest.ts";
import { keyPathText, parseKeyPath } from "./key-path.ts";
import type { KeyPath, LoadedConfig, ShownValue } from "./loaded-config.ts";
import { CONFIG_SHAPE } from "./schema.ts";
import type { Shape } from "./shape.ts";

export interface FoundKey extends ShownValue {
  readonly path: KeyPath;
}

/**
 * What a key path as a person writes it leads to. A key with dots in it, such as a model reference, needs no quotes where the files hold it.
 * Throws CONFIG_KEY_UNKNOWN with the nearest paths.
 */
export function findKey(config: Pick<LoadedConfig, "show">, text: string): FoundKey {
  const parts = parseKeyPath(text);
  if (parts === undefined) throw new AppError("USAGE", "that is not a key path", { hint: 'For example: agents.list[0].model, or auth.profiles["anthropic:work"].' });
  const path: (string | number)[] = [];
  let shown = config.show([]) ?? { value: {}, keys: [] };
  for (let at = 0; at < parts.length; ) {
    const length = longestKey(parts.slice(at), shown.keys);
    const key = length === 1 ? parts[at] : parts.slice(at, at + length).join(".");
    const next = length === 0 || key === undefined ? shortPrimary(config, [...path, ...parts.slice(at)]) : config.show([...path, key]);
    if (next === undefined) throw unknownKey(path, parts.slice(at), shown.keys);
    path.push(key ?? "primary");
    shown = next;
    at += Math.max(1, length);
  }
  return { ...shown, path };
}

/** How many of the parts, joined by dots, make the longest key that is there; 0 when none does. */
function longestKey(parts: KeyPath, keys: readonly string[]): number {
  for (let length = parts.length; length > 0; length--) if (keys.includes(parts.slice(0, length).join("."))) return length;
  return 0;
}

/** `primary` of a model choice that is written as text alone. */
function shortPrimary(config: Pick<LoadedConfig, "show">, path: KeyPath): ShownValue | undefined {
  return path.at(-1) === "primary" ? config.show(path) : undefined;
}

function unknownKey(found: KeyPath, rest: KeyPath, present: readonly string[]): AppError {
  const wanted = [...found, ...rest];
  const isKnown = shapeAt(wanted) !== undefined;
  const owner = shapeAt(found);
  const known = [...new Set([...present, ...(owner === undefined ? [] : entriesOf(owner))])];
  const suggestions = nearest(String(rest[0] ?? ""), isKnown ? present : known).map((key) => keyPathText([...found, key]));
  const message = isKnown ? `${keyPathText(wanted)} is not set` : `there is no ${keyPathText(wanted)}`;
  const near = suggestions.length > 0 ? `Did you mean ${suggestions.join(" or ")}?` : undefined;
  const here = present.length > 0 ? `Set ${found.length === 0 ? "at the top" : `in ${keyPathText(found)}`}: ${present.slice(0, 12).join(", ")}${present.length > 12 ? ", …" : ""}.` : "Nothing is set there; the default counts.";
  return new AppError("CONFIG_KEY_UNKNOWN", message, { hint: near ?? here, keyPath: keyPathText(wanted), suggestions });
}

/** What may stand at a path; undefined for a key that nothing knows. */
function shapeAt(path: KeyPath): Shape | undefined {
  let shape: Shape | undefined = CONFIG_SHAPE;
  for (const key of path) {
    if (shape === undefined) return undefined;
    shape = memberOf(shape, key);
  }
  return shape;
}

function memberOf(shape: Shape, key: string | number): Shape | undefined {
  switch (shape.kind) {
    case "object":
      return Object.hasOwn(shape.entries, key) ? shape.entries[key] : typeof shape.others === "string" ? undefined : shape.others;
    case "short":
      return memberOf(shape.object, key);
    case "map":
      return shape.value;
    case "list":
      return typeof key === "number" ? shape.item : undefined;
    case "text":
    case "secret":
    case "flag":
    case "number":
    case "choice":
    case "anything":
      return undefined;
  }
}

function entriesOf(shape: Shape): string[] {
  return shape.kind === "object" ? Object.keys(shape.entries) : shape.kind === "short" ? Object.keys(shape.object.entries) : [];
}
