import fc from "fast-check";
import json5 from "json5";
import { expect, test } from "vitest";
import { addMember, insertItem, moveItem, removeFrom, replaceValue, type TextTree, textTree, wrapValue } from "../../src/kernel/json5-edit.ts";
import { parseJson5 } from "../../src/kernel/json-text.ts";
import type { TreeValue } from "../../src/kernel/json5-tree.ts";
import type { Writable } from "../../src/kernel/json5-write.ts";
import { Chance, idsIn, type Node, type Part, randomConfig, type RandomConfig, valueOf } from "./random-config.ts";

/** One edit of a random place: what it made of the text, where it was allowed to change it, and whose comments it was allowed to take along. */
interface Done {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly gone: ReadonlySet<number>;
  /** What was taken out, with all comments inside it. */
  readonly cut: string;
}

const VALUES: readonly Writable[] = [
  "plain",
  'it\'s "so"',
  5,
  -0.5,
  true,
  null,
  [],
  {},
  ["a", "b"],
  { primary: "a/b", fallbacks: ["c"] },
  { deep: { deeper: [{ x: 1 }] } },
];

function nodeOf(value: Writable, config: RandomConfig): Node {
  if (Array.isArray(value)) return { kind: "list", value: undefined, parts: (value as readonly Writable[]).map((item) => partOf("", item, config)) };
  if (typeof value !== "object" || value === null) return { kind: "plain", value, parts: [] };
  return { kind: "object", value: undefined, parts: Object.entries(value).map(([key, inner]) => partOf(key, inner, config)) };
}

function partOf(key: string, value: Writable, config: RandomConfig): Part {
  return { id: config.nextId++, key, node: nodeOf(value, config) };
}

/** A random container, from the root down. */
function pick(chance: Chance, node: Node, value: TreeValue): readonly [Node, TreeValue] {
  const inner = node.parts.flatMap((part, index) => (part.node.kind === "plain" ? [] : [index]));
  if (inner.length === 0 || chance.is(0.2)) return [node, value];
  const index = chance.one(inner);
  return pick(chance, (node.parts[index] as Part).node, (value.parts[index] as TreeValue["parts"][number]).value);
}

function editOnce(chance: Chance, config: RandomConfig, tree: TextTree, [node, value] = pick(chance, config.root, tree.root)): Done {
  const count = node.parts.length;
  const kind = count === 0 ? "add" : chance.one(["add", "add", "set", "set", "remove", "remove", "move", "wrap"] as const);
  switch (kind) {
    case "add":
      return add(chance, config, tree, node, value);
    case "set":
      return set(chance, config, tree, node, value);
    case "remove": {
      const index = chance.below(count);
      const [part] = node.parts.splice(index, 1) as [Part];
      const { start, value: inner } = value.parts[index] as TreeValue["parts"][number];
      return {
        text: removeFrom(tree, value, index),
        ...around(value, index, index + 1),
        gone: new Set([part.id, ...idsIn(part.node)]),
        cut: tree.text.slice(start, inner.end),
      };
    }
    case "move": {
      if (node.kind !== "list") return set(chance, config, tree, node, value);
      const [from, to] = [chance.below(count), chance.below(count)];
      node.parts.splice(to, 0, ...node.parts.splice(from, 1));
      return { text: moveItem(tree, value, from, to), ...around(value, Math.min(from, to), Math.max(from, to) + 1), gone: new Set(), cut: "" };
    }
    case "wrap": {
      const index = chance.below(count);
      const part = node.parts[index] as Part;
      if (part.node.kind !== "plain") return set(chance, config, tree, node, value);
      const target = (value.parts[index] as TreeValue["parts"][number]).value;
      part.node = { kind: "object", value: undefined, parts: [{ id: config.nextId++, key: "primary", node: part.node }] };
      return { text: wrapValue(tree, target, "primary"), start: target.start, end: target.end, gone: new Set(), cut: "" };
    }
  }
}

function add(chance: Chance, config: RandomConfig, tree: TextTree, node: Node, value: TreeValue): Done {
  const added = chance.one(VALUES);
  const index = node.kind === "list" ? chance.below(node.parts.length + 1) : node.parts.length;
  const key = node.kind === "list" ? "" : chance.one([`new${config.nextId}`, `n-${config.nextId}`]);
  node.parts.splice(index, 0, partOf(key, added, config));
  const text = node.kind === "list" ? insertItem(tree, value, index, added) : addMember(tree, value, key, added);
  return { text, ...around(value, index, index), gone: new Set(), cut: "" };
}

function set(chance: Chance, config: RandomConfig, tree: TextTree, node: Node, value: TreeValue): Done {
  const index = chance.below(node.parts.length);
  const part = node.parts[index] as Part;
  const target = (value.parts[index] as TreeValue["parts"][number]).value;
  const wanted = chance.one(VALUES);
  const gone = new Set([part.id, ...idsIn(part.node)]);
  part.node = nodeOf(wanted, config);
  return { text: replaceValue(tree, target, wanted, value), start: target.start, end: target.end, gone, cut: tree.text.slice(target.start, target.end) };
}

/** From the value before the parts to the part behind them. */
function around({ start, end, parts }: TreeValue, from: number, to: number): { readonly start: number; readonly end: number } {
  return { start: parts[from - 1]?.value.end ?? start, end: parts[to]?.start ?? end };
}

const commentsIn = (text: string): string[] => text.match(/\b(?:about|at|free) \d+\b/g) ?? [];

/** What is in the first list more often than in the second. */
function missing(from: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const tag of others) left.set(tag, (left.get(tag) ?? 0) + 1);
  return from.filter((tag) => {
    const count = left.get(tag) ?? 0;
    left.set(tag, count - 1);
    return count <= 0;
  });
}

function check(before: string, done: Done): void {
  expect(done.text.slice(0, done.start)).toBe(before.slice(0, done.start));
  expect(done.text.slice(done.text.length - (before.length - done.end))).toBe(before.slice(done.end));
  const [old, now] = [commentsIn(before), commentsIn(done.text)];
  expect(missing(now, old)).toEqual([]);
  const lost = missing(missing(old, now), commentsIn(done.cut));
  expect(lost.filter((tag) => !done.gone.has(Number(tag.split(" ")[1])))).toEqual([]);
}

function editMany(seed: number, lines: number, edits: number): void {
  const chance = new Chance(seed);
  const config = randomConfig(chance, lines);
  let tree = textTree(config.text);
  for (let i = 0; i < edits; i++) {
    const before = tree.text;
    const done = editOnce(chance, config, tree);
    check(before, done);
    tree = textTree(done.text);
    if (lines < 100 || i % 25 === 0) expect(parseJson5(tree.text, "config")).toEqual(valueOf(config.root));
  }
  expect(parseJson5(tree.text, "config")).toEqual(valueOf(config.root));
  expect(json5.parse(tree.text)).toEqual(valueOf(config.root));
}

test("2,000 commented lines survive 1,000 random edits: every byte outside each edit, every comment of a neighbour, and the meaning", () => {
  editMany(20261121, 2000, 1000);
});

test("small configs of every layout survive random edits", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 25 }), (seed, lines) => editMany(seed, lines, 12)),
    { numRuns: 400 },
  );
});

test("what an older agent wrote stays as it writes it", () => {
  const indent = fc.constantFrom(2, 4, "\t");
  fc.assert(
    fc.property(fc.integer(), indent, (seed, step) => {
      const chance = new Chance(seed);
      const config: RandomConfig = { text: "", nextId: 1, root: { kind: "object", value: undefined, parts: [] } };
      config.root.parts.push(partOf("kept", { a: [1], b: { c: "d" } }, config), partOf("edited", { list: [{ id: "x" }, "y"], more: { a: null } }, config));
      let text = JSON.stringify(valueOf(config.root), undefined, step);
      for (let i = 0; i < 10; i++) {
        const { root } = textTree(text);
        const [node, value] = [(config.root.parts[1] as Part).node, (root.parts[1] as TreeValue["parts"][number]).value];
        text = editOnce(chance, config, { text, root }, pick(chance, node, value)).text;
        expect(text).toBe(JSON.stringify(valueOf(config.root), undefined, step));
      }
    }),
    { numRuns: 150 },
  );
});
