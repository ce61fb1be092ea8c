import { assertNever } from "../kernel/errors.ts";
import { addMember, insertItem, moveItem, removeFrom, replaceValue, wrapValue } from "../kernel/json5-edit.ts";
import { memberAt } from "../kernel/json5-tree.ts";
import type { JsonValue } from "./config-edit.ts";
import { type ConfigTexts, type Layer, segmentOf } from "./edit-layers.ts";
import { refusal } from "./edit-steps.ts";
import type { EditStep } from "./edit-tree.ts";
import type { KeyPath } from "./loaded-config.ts";

/** Takes a step in the texts: in the file that owns the key. Throws CONFIG_EDIT_REFUSED when one step would have to be taken in several files. */
export function writeStep(texts: ConfigTexts, step: EditStep): void {
  switch (step.kind) {
    case "put":
      return put(texts, step.path, step.value);
    case "wrap": {
      const owner = texts.layersAt(step.path).at(-1);
      if (owner !== undefined) texts.replace(owner.file, wrapValue(texts.tree(owner.file), owner.value, step.key));
      return;
    }
    case "remove":
      return remove(texts, step.path);
    case "insert":
      return insert(texts, step.path, step.index, step.value);
    case "move":
      return move(texts, step);
    default:
      assertNever(step);
  }
}

/** What is there is replaced where it counts; a new key goes to the last of those that write the innermost object on the way. */
function put(texts: ConfigTexts, path: KeyPath, value: JsonValue): void {
  for (let length = path.length; length >= 0; length--) {
    const owner = texts.layersAt(path.slice(0, length)).at(-1);
    if (owner === undefined) continue;
    const tree = texts.tree(owner.file);
    const key = path[length];
    if (key === undefined) texts.replace(owner.file, replaceValue(tree, owner.value, value));
    else if (owner.value.kind === "list") insert(texts, path.slice(0, length), Number(key), inside(path.slice(length + 1), value));
    else texts.replace(owner.file, addMember(tree, owner.value, String(key), inside(path.slice(length + 1), value)));
    return;
  }
}

function inside(path: KeyPath, value: JsonValue): JsonValue {
  return path.reduceRight<JsonValue>((inner, key) => (typeof key === "number" ? [inner] : { [key]: inner }), value);
}

/** From every file that writes it: what one hides, another would bring to light. */
function remove(texts: ConfigTexts, path: KeyPath): void {
  const owners = texts.layersAt(path.slice(0, -1));
  const key = path.at(-1) ?? "";
  if (owners[0]?.value.kind === "list") {
    const segment = segmentOf(owners, Number(key));
    if (segment !== undefined) cut(texts, segment.layer, segment.index);
    return;
  }
  const owner = owners.find(({ value }) => memberAt(value, String(key)) >= 0);
  if (owner === undefined) return;
  cut(texts, owner, memberAt(owner.value, String(key)));
  remove(texts, path);
}

function cut(texts: ConfigTexts, { file, value }: Layer, index: number): void {
  texts.replace(file, removeFrom(texts.tree(file), value, index));
}

/** Where two lists meet, a new item goes to the file of the one that it comes before. */
function insert(texts: ConfigTexts, path: KeyPath, index: number, value: JsonValue): void {
  const layers = texts.layersAt(path);
  const segment = segmentOf(layers, index) ?? atTheEnd(layers);
  if (segment === undefined) put(texts, path, [value]);
  else texts.replace(segment.layer.file, insertItem(texts.tree(segment.layer.file), segment.layer.value, segment.index, value));
}

function atTheEnd(layers: readonly Layer[]): { readonly layer: Layer; readonly index: number } | undefined {
  const layer = layers.at(-1);
  return layer && { layer, index: layer.value.parts.length };
}

/** No file gets what another one wrote. */
function move(texts: ConfigTexts, { path, from, to }: EditStep & { readonly kind: "move" }): void {
  const layers = texts.layersAt(path);
  const segment = segmentOf(layers, from);
  if (segment === undefined) return;
  const { layer, index } = segment;
  const target = index + to - from;
  if (target < 0 || target >= layer.value.parts.length)
    throw refusal(path, `its items stand in several files (${[...new Set(layers.map(({ file }) => file))].join(", ")}), and none moves from one to another`);
  texts.replace(layer.file, moveItem(texts.tree(layer.file), layer.value, index, target));
}
