import { assertNever } from "../kernel/errors.ts";
import { isObject } from "../kernel/json-value.ts";
import { setMember } from "../kernel/set-member.ts";
import type { JsonValue } from "./config-edit.ts";
import type { Fields } from "./include.ts";
import type { KeyPath } from "./loaded-config.ts";
import { valueAt } from "./show-value.ts";

/** An edit that cannot be made smaller. Containers on the way to a `put` are made. */
export type EditStep =
  | { readonly kind: "put"; readonly path: KeyPath; readonly value: JsonValue }
  /** A text becomes an object with the text under `key`. */
  | { readonly kind: "wrap"; readonly path: KeyPath; readonly key: string }
  | { readonly kind: "remove"; readonly path: KeyPath }
  | { readonly kind: "insert"; readonly path: KeyPath; readonly index: number; readonly value: JsonValue }
  | { readonly kind: "move"; readonly path: KeyPath; readonly from: number; readonly to: number };

/** Takes a step in the tree itself. */
export function takeStep(tree: Fields, step: EditStep): void {
  const { path } = step;
  switch (step.kind) {
    case "put":
      return put(tree, path, copyOf(step.value));
    case "wrap":
      return put(tree, path, { [step.key]: valueAt(tree, path) });
    case "remove": {
      const owner = valueAt(tree, path.slice(0, -1));
      const key = path.at(-1) ?? "";
      if (Array.isArray(owner)) owner.splice(Number(key), 1);
      else if (isObject(owner)) delete owner[key];
      return;
    }
    case "insert":
      if (valueAt(tree, path) === undefined) put(tree, path, []);
      (valueAt(tree, path) as unknown[]).splice(step.index, 0, copyOf(step.value));
      return;
    case "move": {
      const list = valueAt(tree, path) as unknown[];
      list.splice(step.to, 0, ...list.splice(step.from, 1));
      return;
    }
    default:
      assertNever(step);
  }
}

function put(tree: Fields, path: KeyPath, value: unknown): void {
  let owner: Fields | unknown[] = tree;
  path.forEach((key, index) => {
    const isLast = index === path.length - 1;
    const next = isLast ? value : (valueAt(owner, [key]) ?? (typeof path[index + 1] === "number" ? [] : {}));
    if (Array.isArray(owner)) owner[Number(key)] = next;
    else setMember(owner, String(key), next);
    owner = next as Fields;
  });
}

/** So that a later step changes nothing that the caller holds. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  const copy: Fields = {};
  for (const key of Object.keys(value)) setMember(copy, key, copyOf(value[key]));
  return copy;
}
