import { AppError, assertNever } from "../kernel/errors.ts";
import { isObject } from "../kernel/json-value.ts";
import type { ConfigEdit, JsonValue } from "./config-edit.ts";
import { listSteps } from "./edit-lists.ts";
import type { EditStep } from "./edit-tree.ts";
import type { Fields } from "./include.ts";
import { keyPathText } from "./key-path.ts";
import type { KeyPath } from "./loaded-config.ts";
import { sameValue } from "./same-value.ts";
import { shapeAt } from "./shape-at.ts";
import { valueAt } from "./show-value.ts";

/**
 * The steps of an edit, in the order in which they are taken, from the tree as it is before the first. What is the same in the old value and the
 * new one is left alone, with its comments. Throws CONFIG_EDIT_REFUSED where the path leads through something else.
 */
export function stepsOf(edit: ConfigEdit, tree: Fields): readonly EditStep[] {
  const { path } = edit;
  if (path.length === 0) throw refusal(path, "the whole config cannot be replaced");
  switch (edit.kind) {
    case "set":
      return setSteps(path, edit.value, tree);
    case "remove":
      return removeSteps(path, tree);
    case "insert": {
      const wraps = wrapsOnTheWay(path, tree);
      const list = wraps.length > 0 ? undefined : valueAt(tree, path);
      if (list !== undefined && !Array.isArray(list)) throw refusal(path, "it is no list");
      const length = list?.length ?? 0;
      if (edit.index < 0 || edit.index > length) throw refusal(path, `it has ${length} items, and nothing can be put in at ${edit.index + 1}`);
      return [...wraps, edit];
    }
    case "move": {
      const list = valueAt(tree, path);
      if (!Array.isArray(list) || !(edit.from in list) || !(edit.to in list)) throw refusal(path, "it has no such items");
      return edit.from === edit.to ? [] : [edit];
    }
    default:
      return assertNever(edit);
  }
}

function setSteps(path: KeyPath, value: JsonValue, tree: Fields): readonly EditStep[] {
  const owner = path.slice(0, -1);
  if (typeof value === "string" && shortAt(owner, tree) === path.at(-1)) return differences(valueAt(tree, owner), value, owner);
  const wraps = wrapsOnTheWay(path, tree);
  if (wraps.length > 0) return [...wraps, { kind: "put", path, value }];
  const before = valueAt(tree, path);
  const short = isObject(value) ? shortAt(path, tree) : undefined;
  if (short === undefined) return differences(before, value, path);
  return [{ kind: "wrap", path, key: short }, ...differences({ [short]: before }, value, path)];
}

function removeSteps(path: KeyPath, tree: Fields): readonly EditStep[] {
  const owner = path.slice(0, -1);
  if (shortAt(owner, tree) === path.at(-1)) return [{ kind: "remove", path: owner }];
  return valueAt(tree, path) === undefined ? [] : [{ kind: "remove", path }];
}

/** The key under which a text alone stands for an object; undefined where no such text is. */
function shortAt(path: KeyPath, tree: Fields): string | undefined {
  const shape = typeof valueAt(tree, path) === "string" ? shapeAt(path) : undefined;
  return shape?.kind === "short" ? shape.text : undefined;
}

function wrapsOnTheWay(path: KeyPath, tree: Fields): EditStep[] {
  for (let length = 1; length < path.length; length++) {
    const way = path.slice(0, length);
    const value = valueAt(tree, way);
    if (value === undefined) return [];
    const short = shortAt(way, tree);
    if (short !== undefined) return [{ kind: "wrap", path: way, key: short }];
    const key = path[length];
    const isOfKind = Array.isArray(value) ? typeof key === "number" && key <= value.length : isObject(value);
    if (isOfKind) continue;
    throw refusal(path, Array.isArray(value) ? `${keyPathText(way)} has ${value.length} items` : `${keyPathText(way)} cannot hold it`);
  }
  return [];
}

/** From an old value to a new one. */
export function differences(before: unknown, after: JsonValue, path: KeyPath): readonly EditStep[] {
  if (sameValue(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listSteps(before, after as readonly JsonValue[], path, differences);
  if (!isObject(before) || !isObject(after)) return [{ kind: "put", path, value: after }];
  const members = after as Readonly<Record<string, JsonValue>>;
  return [
    ...Object.entries(members).flatMap(([key, value]) => differences(valueAt(before, [key]), value, [...path, key])),
    ...Object.keys(before).flatMap((key): EditStep[] => (Object.hasOwn(members, key) ? [] : [{ kind: "remove", path: [...path, key] }])),
  ];
}

export function refusal(path: KeyPath, says: string): AppError {
  return new AppError("CONFIG_EDIT_REFUSED", `${keyPathText(path) || "the config"} is left as it is: ${says}`, {
    hint: "Look at it with `{cli} config get`, and edit the file by hand where that is what you want.",
    keyPath: keyPathText(path),
  });
}
