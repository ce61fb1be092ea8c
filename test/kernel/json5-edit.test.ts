import { expect, test } from "vitest";
import { addMember, insertItem, moveItem, removeFrom, replaceValue, textTree, wrapValue } from "../../src/kernel/json5-edit.ts";
import { parseJson5 } from "../../src/kernel/json-text.ts";
import { memberAt, type TreeValue } from "../../src/kernel/json5-tree.ts";
import type { Writable } from "../../src/kernel/json5-write.ts";

type Path = readonly (string | number)[];

function at(root: TreeValue, path: Path): TreeValue {
  return path.reduce((value, key) => {
    const part = value.parts[typeof key === "number" ? key : memberAt(value, key)];
    if (part === undefined) throw new Error(`nothing at ${path.join(".")}`);
    return part.value;
  }, root);
}

function set(text: string, path: Path, value: Writable): string {
  const tree = textTree(text);
  return replaceValue(tree, at(tree.root, path), value, at(tree.root, path.slice(0, -1)));
}
function add(text: string, path: Path, key: string, value: Writable): string {
  const tree = textTree(text);
  return addMember(tree, at(tree.root, path), key, value);
}
function insert(text: string, path: Path, index: number, value: Writable): string {
  const tree = textTree(text);
  return insertItem(tree, at(tree.root, path), index, value);
}
function remove(text: string, path: Path): string {
  const tree = textTree(text);
  const owner = at(tree.root, path.slice(0, -1));
  const key = path.at(-1) ?? "";
  return removeFrom(tree, owner, typeof key === "number" ? key : memberAt(owner, key));
}
function move(text: string, path: Path, from: number, to: number): string {
  const tree = textTree(text);
  return moveItem(tree, at(tree.root, path), from, to);
}

test("a value is replaced, and nothing around it", () => {
  expect(set("{ a: 1, /* b */ b : 'x' /* why */ , c: 3 } // end", ["b"], "y")).toBe("{ a: 1, /* b */ b : 'y' /* why */ , c: 3 } // end");
  expect(set('{\n  "a": [1, { "b": -Infinity }],\n}', ["a", 1, "b"], 0.5)).toBe('{\n  "a": [1, { "b": 0.5 }],\n}');
  expect(set("{ a: 0xFF }", ["a"], Number.POSITIVE_INFINITY)).toBe("{ a: Infinity }");
  expect(set("{ a: 'line \\\n  continued' }", ["a"], null)).toBe("{ a: null }");
});

test("a text keeps the quotes of the one before it, else of its neighbours", () => {
  expect(set(`{ a: 'x', b: "y" }`, ["b"], `it's "so"`)).toBe(`{ a: 'x', b: "it's \\"so\\"" }`);
  expect(set(`{ a: 'x', b: "y" }`, ["a"], `it's "so" \\`)).toBe(`{ a: 'it\\'s "so" \\\\', b: "y" }`);
  expect(set("{ a: 'x', b: 5 }", ["b"], "y")).toBe("{ a: 'x', b: 'y' }");
  expect(set("{ 'a-b': 5 }", ["a-b"], "y")).toBe("{ 'a-b': 'y' }");
  expect(set("{ a: 5 }", ["a"], "\u2028\n\u0000")).toBe('{ a: "\\u2028\\n\\u0000" }');
});

test("a duplicate key is changed where it counts", () => {
  expect(set("{ a: 1, a: 2 }", ["a"], 3)).toBe("{ a: 1, a: 3 }");
});

test("a new member stands on a line of its own where the others do, with their indentation and their commas", () => {
  expect(add("{\n\t// one\n\ta: 1, // the one\n}\n", [], "b", 2)).toBe("{\n\t// one\n\ta: 1, // the one\n\tb: 2,\n}\n");
  expect(add('{\r\n    "a": 1\r\n}', [], "b", "x")).toBe('{\r\n    "a": 1,\r\n    "b": "x"\r\n}');
  expect(add("{\n  a: 1 // the one\n  // b: 2,\n}", [], "c", 3)).toBe("{\n  a: 1, // the one\n  c: 3\n  // b: 2,\n}");
  expect(add("{\n  a: 1, /* two\n  lines */\n}", [], "c", 3)).toBe("{\n  a: 1, /* two\n  lines */\n  c: 3,\n}");
  expect(add("{\n  a: 1,\n  b: 2 }", [], "c", 3)).toBe("{\n  a: 1,\n  b: 2,\n  c: 3 }");
});

test("a new member stays on the line where all others are", () => {
  expect(add("{ a: 1 }", [], "b", { c: [1] })).toBe("{ a: 1, b: { c: [1] } }");
  expect(add("{a:1,b:2}", [], "c", { d: 3 })).toBe("{a:1,b:2,c:{d:3}}");
  expect(add("{ a: 1, }", [], "b", 2)).toBe("{ a: 1, b: 2, }");
  expect(add("{ a: 1 /* one */ }", [], "b", 2)).toBe("{ a: 1 /* one */, b: 2 }");
  expect(add("{ a: 1 // one\n}", [], "b", 2)).toBe("{ a: 1, // one\n  b: 2\n}");
});

test("an empty object closes around its first member, and keeps its comments", () => {
  expect(add("{}", [], "a", 1)).toBe("{\n  a: 1,\n}");
  expect(add("{\n}\n", [], "a", 1)).toBe("{\n  a: 1,\n}\n");
  expect(add("{ x: { }, y: 1 }", ["x"], "a", { b: 1 })).toBe("{ x: { a: { b: 1 } }, y: 1 }");
  expect(add("{\n  x: {},\n}", ["x"], "a", { b: { c: 1 } })).toBe("{\n  x: {\n    a: {\n      b: { c: 1 },\n    },\n  },\n}");
  expect(add("{ /* none */ }", [], "a", 1)).toBe("{ /* none */ a: 1 }");
  expect(add("{ // none yet\n}", [], "a", 1)).toBe("{ // none yet\n  a: 1,\n}");
  expect(add("{\n  // mine\n}", [], "a", 1)).toBe("{\n  // mine\n\n  a: 1,\n}");
  expect(add("{\n  // mine\n\n}", [], "a", 1)).toBe("{\n  // mine\n\n  a: 1,\n}");
});

test("a key has quotes where it needs them, or where the others have them for no need", () => {
  expect(add("{ a: 1 }", [], "b-c", 2)).toBe('{ a: 1, "b-c": 2 }');
  expect(add("{ 'a-b': 1 }", [], "c/d", 2)).toBe("{ 'a-b': 1, 'c/d': 2 }");
  expect(add("{ 'a-b': 1 }", [], "c", 2)).toBe("{ 'a-b': 1, c: 2 }");
  expect(add("{ 'a': 1 }", [], "c", 2)).toBe("{ 'a': 1, 'c': 2 }");
  expect(add('{ x: { "a b": 1 }, y: { } }', ["y"], "c", 2)).toBe('{ x: { "a b": 1 }, y: { c: 2 } }');
});

test("a file with nothing in it becomes a tidy one", () => {
  expect(add("", [], "agents", { defaults: { model: { primary: "a/b" } } })).toBe(
    '{\n  agents: {\n    defaults: {\n      model: { primary: "a/b" },\n    },\n  },\n}\n',
  );
  expect(add("// mine\r\n", [], "a", 1)).toBe("// mine\r\n{\r\n  a: 1,\r\n}\r\n");
  expect(add("\uFEFF", [], "a", 1)).toBe("{\n  a: 1,\n}\n");
});

test("new objects are laid out like the ones that are there", () => {
  const json = '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}\n';
  expect(add(json, ["a"], "c", { d: [1, 2] })).toBe(
    '{\n  "a": {\n    "b": [\n      1\n    ],\n    "c": {\n      "d": [\n        1,\n        2\n      ]\n    }\n  }\n}\n',
  );
  const wide = { alias: "a rather long alias that goes on", params: ["one", "two", "three", "four", "five", "six"] };
  expect(add("{\n  x: { a: 1 },\n}", [], "y", wide)).toBe(
    '{\n  x: { a: 1 },\n  y: {\n    alias: "a rather long alias that goes on",\n    params: ["one", "two", "three", "four", "five", "six"],\n  },\n}',
  );
});

test("a removed member takes along its own comments, and none of its neighbours'", () => {
  const text = "{\n  a: 1, // about a\n\n  // about b\n  // and more\n  b: 2, // also b\n  // c: off,\n\n  // free\n\n  d: 4, // about d\n}\n";
  expect(remove(text, ["b"])).toBe("{\n  a: 1, // about a\n\n  // c: off,\n\n  // free\n\n  d: 4, // about d\n}\n");
  expect(remove(text, ["d"])).toBe("{\n  a: 1, // about a\n\n  // about b\n  // and more\n  b: 2, // also b\n  // c: off,\n\n  // free\n}\n");
  expect(remove(text, ["a"])).toBe("{\n  // about b\n  // and more\n  b: 2, // also b\n  // c: off,\n\n  // free\n\n  d: 4, // about d\n}\n");
});

test("a setting that was commented out above another one stays when that one goes", () => {
  expect(remove('{\n  l: [\n    "a",\n    // "b",\n    // "c"\n    // about d\n    "d",\n  ],\n}', ["l", 1])).toBe(
    '{\n  l: [\n    "a",\n    // "b",\n    // "c"\n  ],\n}',
  );
});

test("the last member goes with the comma before it when it had none itself", () => {
  expect(remove('{\r\n  "a": 1,\r\n  "b": 2\r\n}', ["b"])).toBe('{\r\n  "a": 1\r\n}');
  expect(remove("{ a: 1, /* about b */ b: 2 }", ["b"])).toBe("{ a: 1 }");
  expect(remove("{ a: 1, b: 2, }", ["b"])).toBe("{ a: 1, }");
  expect(remove("{ a: 1, // about a\n  b: 2 }", ["b"])).toBe("{ a: 1 // about a\n}");
});

test("members of one line are removed without joining what stood on several", () => {
  expect(remove("{ a: 1, /* b */ b: 2, c: 3 }", ["b"])).toBe("{ a: 1, c: 3 }");
  expect(remove("{ a: 1, b: 2 }", ["a"])).toBe("{ b: 2 }");
  expect(remove("{\n  x: 0,\n  a: 1, b: 2,\n}", ["a"])).toBe("{\n  x: 0,\n  b: 2,\n}");
  expect(remove("{ a: 1, // about a\n  // about b\n  b: 2 }", ["a"])).toBe("{ // about b\n  b: 2 }");
  expect(remove("{ a: 1, // about a\n  /* b */ b: 2, c: 3 }", ["b"])).toBe("{ a: 1, // about a\n  c: 3 }");
  expect(remove("{ a: 1\n, b: 2\n, c: 3\n}", ["b"])).toBe("{ a: 1\n, c: 3\n}");
});

test("brackets close up when nothing is left between them", () => {
  expect(remove("{ a: 1 }", ["a"])).toBe("{}");
  expect(remove("{\n  x: {\n    // about a\n    a: 1, // why\n  },\n}", ["x", "a"])).toBe("{\n  x: {},\n}");
  expect(remove("{\n  // all of it\n\n  a: 1,\n}", ["a"])).toBe("{\n  // all of it\n}");
});

test("an item comes before the one that has its place, and that one's comments", () => {
  const lines = '[\n  // first\n  "a", // a\n  "b"\n]';
  expect(insert(lines, [], 0, "x")).toBe('[\n  "x",\n  // first\n  "a", // a\n  "b"\n]');
  expect(insert(lines, [], 1, "x")).toBe('[\n  // first\n  "a", // a\n  "x",\n  "b"\n]');
  expect(insert(lines, [], 2, "x")).toBe('[\n  // first\n  "a", // a\n  "b",\n  "x"\n]');
  expect(insert("['a', /* b */ 'b']", [], 1, "x")).toBe("['a', 'x', /* b */ 'b']");
  expect(insert("[\n]", [], 0, { a: 1 })).toBe("[\n  { a: 1 },\n]");
  expect(insert("{ a: [] }", ["a"], 0, 1)).toBe("{ a: [1] }");
});

test("an item moves with its comments, and the commas stay right", () => {
  const lines = '[\n  // first\n  "a", // a\n  "b",\n  // third\n  "c"\n]';
  expect(move(lines, [], 0, 2)).toBe('[\n  "b",\n  // third\n  "c",\n  // first\n  "a" // a\n]');
  expect(move(lines, [], 2, 0)).toBe('[\n  // third\n  "c",\n  // first\n  "a", // a\n  "b"\n]');
  expect(move("['a' /* a */, /* b */ 'b', 'c' /* c */]", [], 2, 0)).toBe("['c' /* c */, 'a' /* a */, /* b */ 'b']");
  expect(move("['a', // a\n 'b']", [], 0, 1)).toBe("['b', 'a' // a\n]");
});

test("a text grows into an object as it was written", () => {
  const tree = textTree("{ model: 'a\\x2fb' /* why */, other: { x: 1 } }");
  expect(wrapValue(tree, at(tree.root, ["model"]), "primary")).toBe("{ model: { primary: 'a\\x2fb' } /* why */, other: { x: 1 } }");
});

test("keys may be escaped, quoted for no need, or called __proto__", () => {
  expect(set("{ \\u0061b: 1, 'c\\'d': 2 }", ["ab"], 3)).toBe("{ \\u0061b: 3, 'c\\'d': 2 }");
  expect(remove("{ \\u0061b: 1, 'c\\'d': 2 }", ["c'd"])).toBe("{ \\u0061b: 1 }");
  const text = add("{ a: 1 }", [], "__proto__", { b: 1 });
  expect(text).toBe("{ a: 1, __proto__: { b: 1 } }");
  expect(Object.keys(parseJson5(text, "x") as object)).toEqual(["a", "__proto__"]);
});
