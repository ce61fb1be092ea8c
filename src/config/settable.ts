import { AppError, assertNever, expected } from "../kernel/errors.ts";
import { parseJson5 } from "../kernel/json-text.ts";
import { isObject } from "../kernel/json-value.ts";
import { holdsShape } from "../kernel/secret-shapes.ts";
import { check } from "./check.ts";
import type { JsonValue } from "./config-edit.ts";
import { isReference } from "./edit-diff.ts";
import { INCLUDE } from "./include.ts";
import { keyPathText, parseKeyPath } from "./key-path.ts";
import type { KeyPath, LoadedConfig } from "./loaded-config.ts";
import { isPlaceholderKey } from "./placeholder-key.ts";
import { CONFIG_SHAPE } from "./schema.ts";
import { type Shape, wanted } from "./shape.ts";
import { shapeOfMember } from "./shape-at.ts";
import { looksSecret, secretRefused } from "./secret-looks.ts";
import { isSecretPath } from "./show-value.ts";

const IN_QUOTES = `Write it as JSON5, in single quotes for the shell: '["a", "b"]' or '{ a: 1 }'.`;

const NAMED = "Its keys have names: `{cli} config get` shows them.";

/** A key that may be set, whether or not it is. */
export interface SettableKey {
  readonly path: KeyPath;
  /** undefined for what belongs to the agent: it may be anything. */
  readonly shape: Shape | undefined;
}

/**
 * What a key path as a person writes it means. A key with dots in it, such as a model reference, needs no quotes where it is there already or where
 * only one reading makes sense. Throws CONFIG_KEY_UNKNOWN with the nearest key, and USAGE for what is no path.
 */
export function settableKey(config: Pick<LoadedConfig, "show">, text: string): SettableKey {
  if (looksSecret(text)) throw secretRefused("CONFIG_KEY_UNKNOWN", "a key of the config");
  let rest = parseKeyPath(text) ?? [];
  if (rest.length === 0)
    throw new AppError("USAGE", "that is not a key path", { hint: 'For example: agents.list[0].model, or auth.profiles["anthropic:work"].mode.' });
  const path: (string | number)[] = [];
  let shape: Shape | undefined = CONFIG_SHAPE;
  while (rest.length > 0) {
    const here = config.show(path);
    const { key, length } = nextKey(rest, shape, here);
    refuseUnknown(path, key, shape);
    refuseGap(path, key, here?.value ?? (shape?.kind === "list" ? [] : undefined));
    shape = shape && shapeOfMember(shape, key);
    path.push(key);
    rest = rest.slice(length);
  }
  return { path, shape };
}

interface Chosen {
  readonly key: string | number;
  /** How many parts of the path make it. */
  readonly length: number;
}

function nextKey(rest: KeyPath, shape: Shape | undefined, here: { readonly value: unknown; readonly keys: readonly string[] } | undefined): Chosen {
  const [first = ""] = rest;
  if (Array.isArray(here?.value) || shape?.kind === "list") return { key: first, length: 1 };
  for (let length = rest.length; length > 0; length--) {
    const joined = rest.slice(0, length).join(".");
    if (here?.keys.includes(joined) === true) return { key: joined, length };
  }
  const inner = shape?.kind === "map" ? shape.value : undefined;
  const length = inner === undefined ? 1 : rest.findIndex((_, index) => isKnown(inner, rest.slice(index + 1))) + 1;
  return { key: rest.slice(0, length).join("."), length };
}

function isKnown(shape: Shape, path: KeyPath): boolean {
  const [first] = path;
  if (first === undefined) return true;
  const inner = shapeOfMember(shape, first);
  return inner !== undefined && isKnown(inner, path.slice(1));
}

function refuseUnknown(owner: KeyPath, key: string | number, shape: Shape | undefined): void {
  const path = [...owner, key];
  if (key === INCLUDE)
    throw new AppError("USAGE", "an $include is written by hand", {
      hint: "It says which file belongs where; open the config in an editor.",
      keyPath: keyPathText(path),
    });
  if (shape?.kind === "list" && typeof key !== "number")
    throw unknown(path, `${keyPathText(owner)} is a list, and "${key}" is no position in it`, `Positions are counted from 0: ${keyPathText([...owner, 0])}.`);
  const object = shape?.kind === "short" ? shape.object : shape;
  if (object?.kind !== "object") return;
  if (/^\d+$/.test(String(key))) throw unknown(path, `${owner.length === 0 ? "the config" : keyPathText(owner)} is no list: it has no position ${key}`, NAMED);
  const fault = check(object, { [key]: "" }, owner).findings.find((finding) => finding.path.length === path.length && finding.at === "key");
  if (fault !== undefined) throw unknown(path, fault.message, fault.hint);
}

/** A list grows by one at a time. */
function refuseGap(owner: KeyPath, key: string | number, here: unknown): void {
  if (!Array.isArray(here) || typeof key !== "number" || key <= here.length) return;
  const next = `The next position is ${keyPathText([...owner, here.length])}.`;
  throw new AppError("USAGE", `${keyPathText(owner)} has ${here.length} item${here.length === 1 ? "" : "s"}`, {
    hint: next,
    keyPath: keyPathText([...owner, key]),
  });
}

function unknown(path: KeyPath, message: string, hint: string): AppError {
  return new AppError("CONFIG_KEY_UNKNOWN", message, { hint, keyPath: keyPathText(path) });
}

/**
 * A value as a person types it: JSON5, or plain words where a text belongs. Throws USAGE for a value of the wrong type, and for a secret: on a command
 * line others can see it.
 */
export function settableValue(written: string, { path, shape }: SettableKey, how: "as fits" | "as text"): JsonValue {
  const value = how === "as text" ? written : valueOf(written, path, shape);
  refuseSecrets(value, path);
  const [fault, ...more] = shape === undefined ? [] : check(shape, value, path).findings;
  if (fault === undefined) return value;
  const issues = [fault, ...more].map(({ message, hint, path: at }) => ({ message, hint, keyPath: keyPathText(at) }));
  throw new AppError("USAGE", fault.message, { hint: fault.hint, keyPath: keyPathText(path), issues });
}

function valueOf(written: string, path: KeyPath, shape: Shape | undefined): JsonValue {
  const parsed = parsedValue(written);
  switch (shape?.kind) {
    case "text":
    case "secret":
    case "choice":
      return typeof parsed === "string" ? parsed : written;
    case "short":
      return typeof parsed === "string" || isObject(parsed) ? parsed : written;
    case "flag":
    case "number":
    case "list":
    case "map":
    case "object":
      if (parsed !== undefined) return parsed;
      throw notOfKind(path, `must be ${wanted(shape)}`, shape.kind === "flag" || shape.kind === "number" ? `Write ${wanted(shape)}.` : IN_QUOTES);
    case "anything":
    case undefined:
      if (parsed !== undefined) return parsed;
      if (!/^\s*[[{"']/.test(written)) return written;
      throw notOfKind(path, "cannot be set to that: it begins like JSON5 and is none", `${IN_QUOTES} With --text it is taken as plain text.`);
    default:
      return assertNever(shape);
  }
}

/** Where a value goes: a model named alone is the `primary` of a choice that has, or may have, fallbacks as well. */
export function settablePath({ path, shape }: SettableKey, value: JsonValue, before: unknown): KeyPath {
  return shape?.kind === "short" && typeof value === "string" && typeof before !== "string" ? [...path, shape.text] : path;
}

/** undefined when it is no JSON5. */
function parsedValue(written: string): JsonValue | undefined {
  try {
    return parseJson5(written, "the value") as JsonValue;
  } catch (thrown) {
    expected(thrown);
    return undefined;
  }
}

function notOfKind(path: KeyPath, says: string, hint: string): AppError {
  return new AppError("USAGE", `${keyPathText(path)} ${says}`, { hint, keyPath: keyPathText(path) });
}

function refuseSecrets(value: JsonValue, path: KeyPath): void {
  if (typeof value === "string") {
    const isSecret = holdsShape(value) || (isSecretPath(path) && value.trim() !== "" && !isPlaceholderKey(value));
    if (isSecret && !isReference(value)) throw secretOnCommandLine(path);
  } else if (Array.isArray(value)) value.forEach((item: JsonValue, index) => refuseSecrets(item, [...path, index]));
  else if (isObject(value)) for (const [key, inner] of Object.entries(value)) refuseSecrets(inner, [...path, key]);
}

function secretOnCommandLine(path: KeyPath): AppError {
  const provider = path[0] === "models" && path[1] === "providers" ? path[2] : undefined;
  const name = `${provider ?? "my"}_api_key`.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
  const store = `\`{cli} models auth paste-api-key --provider ${provider ?? "<id>"}\``;
  return new AppError("USAGE", `${keyPathText(path)} would hold a secret, which others can see on a command line; nothing was written`, {
    hint: `Keep it elsewhere: in a variable, and set '\${${name}}' here; or in the store, by ${store}. The history of your shell may still hold what you typed.`,
    keyPath: keyPathText(path),
  });
}
