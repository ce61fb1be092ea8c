import { isObject } from "../kernel/json-value.ts";
import type { Fields } from "./include.ts";
import { shownAddress } from "../kernel/shown-address.ts";
import type { KeyPath, ShownValue, VariableUse } from "./loaded-config.ts";
import { UnsetText } from "./substitute.ts";

const HIDDEN = "[secret]";
/** Sections whose texts are keys and tokens, whatever their names; headers are, wherever they stand. `*` stands for any one key. */
const SECRET_PATHS: readonly (readonly string[])[] = [
  ["env", "vars", "*"],
  ["env", "*"],
  ["models", "providers", "*", "apiKey"],
];
/** In sections that we know nothing about, the name of a key says that a text is secret. */
const SECRET_NAME = /keys?$|tokens?$|secret|passw|passphrase|credential|cookie|authorization|webhook/i;
/** Settings that hold an address or a name; a variable there hides nothing that a key would. */
const PLAIN_NAMES: ReadonlySet<string> = new Set([
  "baseUrl",
  "url",
  "openrouterUrl",
  "api",
  "region",
  "workspace",
  "agentDir",
  "model",
  "imageModel",
  "primary",
  "fallbacks",
  "allow",
  "paths",
  "id",
  "name",
  "alias",
]);

/** What stands at a path of the tree, with secrets hidden. undefined when nothing does. */
export function showValue(tree: unknown, path: KeyPath, replaced: readonly VariableUse[]): ShownValue | undefined {
  const value = valueAt(tree, path) ?? shortChoice(tree, path);
  if (value === undefined) return undefined;
  const fromVariables = new Set(replaced.map((use) => use.path.join("\0")));
  return {
    value: shown(value, [...path], fromVariables),
    keys: Array.isArray(value) ? value.map((_, index) => String(index)) : isObject(value) ? Object.keys(value) : [],
  };
}

/** A model choice written as text alone stands for its `primary`. */
function shortChoice(tree: unknown, path: KeyPath): string | undefined {
  const owner = path.at(-1) === "primary" ? valueAt(tree, path.slice(0, -1)) : undefined;
  return typeof owner === "string" ? owner : undefined;
}

/** Own members only; undefined when the path leads nowhere. */
export function valueAt(tree: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return typeof key === "number" ? (value as unknown[])[key] : undefined;
    return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, tree);
}

function shown(value: unknown, path: (string | number)[], fromVariables: ReadonlySet<string>): unknown {
  if (value instanceof UnsetText) return null;
  if (typeof value === "string") return isSecret(path, fromVariables) ? HIDDEN : shownAddress(value);
  if (Array.isArray(value)) return value.map((item, index) => shown(item, [...path, index], fromVariables));
  if (!isObject(value)) return value;
  const copy: Fields = Object.create(null) as Fields;
  for (const key of Object.keys(value)) copy[key] = shown(value[key], [...path, key], fromVariables);
  return copy;
}

function isSecret(path: KeyPath, fromVariables: ReadonlySet<string>): boolean {
  return isSecretPath(path) || (fromVariables.has(path.join("\0")) && !PLAIN_NAMES.has(nameOf(path)));
}

/** Whether a text that stands there is a secret, by the place or by the name of its key. */
export function isSecretPath(path: KeyPath): boolean {
  if (
    path.at(-2) === "headers" ||
    SECRET_PATHS.some((pattern) => pattern.length === path.length && pattern.every((part, index) => part === "*" || part === path[index]))
  )
    return true;
  return SECRET_NAME.test(nameOf(path));
}

function nameOf(path: KeyPath): string {
  return path.findLast((key) => typeof key === "string") ?? "";
}
