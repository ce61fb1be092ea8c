import { isObject } from "../../src/kernel/json-value.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConfigEdit, JsonValue } from "../../src/config/config-edit.ts";
import { readWithIncludes } from "../../src/config/include.ts";
import { Sources } from "../../src/config/sources.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { Chance } from "../kernel/random-config.ts";
import { edit, machineWith, textOf } from "./edited.ts";
import { CONFIG } from "./nemo.ts";

const DIR = "/home/me/.nemo";
type Fields = Record<string, JsonValue>;

function randomValue(chance: Chance, depth: number): JsonValue {
  const kind = depth > 3 ? "plain" : chance.one(["plain", "plain", "object", "object", "list"]);
  if (kind === "plain") return chance.one<JsonValue>(["a", "b", "it's", 1, 2.5, true, null]);
  const count = chance.below(4);
  if (kind === "list") return Array.from({ length: count }, () => randomValue(chance, depth + 1));
  return Object.fromEntries(Array.from({ length: count }, () => [chance.one(["a", "b", "c-d", "e", "f"]), randomValue(chance, depth + 1)]));
}

/** The text of a value in which some objects and lists come from other files, alone or in parts. */
function scattered(value: JsonValue, chance: Chance, files: Map<string, string>): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Array.isArray(value)
    ? (value as readonly JsonValue[]).map((item) => scattered(item, chance, files))
    : Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${scattered(inner, chance, files)}`);
  const write = (some: readonly string[]): string => {
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return chance.is(0.5) ? `${open} ${some.join(", ")} ${close}` : `${open}\n${some.map((part) => `  ${part},\n`).join("")}${close}`;
  };
  const file = (text: string): string => {
    const name = `f${files.size}.json5`;
    files.set(name, text);
    return name;
  };
  if (chance.is(0.6)) return write(parts);
  const [first, second] = [chance.below(parts.length + 1), chance.below(parts.length + 1)].sort((a, b) => a - b) as [number, number];
  const [a, b, rest] = [parts.slice(0, first), parts.slice(first, second), parts.slice(second)];
  if (Array.isArray(value))
    return chance.is(0.5) ? `{ $include: "${file(write(parts))}" }` : `{ $include: ["${file(write(a))}", "${file(write(parts.slice(first)))}"] }`;
  const beside = rest.map((part) => `, ${part}`).join("");
  return chance.is(0.5) ? `{ $include: "${file(write([...a, ...b]))}"${beside} }` : `{ $include: ["${file(write(a))}", "${file(write(b))}"]${beside} }`;
}

/** A place in the value, and an edit of it; the value is changed with it. */
function randomEdit(chance: Chance, tree: Fields): ConfigEdit {
  let owner: JsonValue = tree["mine"] as JsonValue;
  const path: (string | number)[] = ["mine"];
  for (;;) {
    const inner: [string | number, JsonValue][] = Array.isArray(owner) ? [...owner.entries()] : Object.entries(owner as Fields);
    const containers = inner.filter(([, value]) => typeof value === "object" && value !== null);
    if (containers.length === 0 || chance.is(0.35)) break;
    const [key, value] = chance.one(containers);
    path.push(key);
    owner = value;
  }
  const value = randomValue(chance, 2);
  if (Array.isArray(owner)) {
    const list = owner as JsonValue[];
    const [from, to] = [chance.below(list.length), chance.below(list.length)];
    if (list.length > 1 && chance.is(0.3)) {
      list.splice(to, 0, ...list.splice(from, 1));
      return { kind: "move", path, from, to };
    }
    if (list.length > 0 && chance.is(0.4)) {
      list.splice(from, 1);
      return { kind: "remove", path: [...path, from] };
    }
    const index = chance.below(list.length + 1);
    list.splice(index, 0, structuredClone(value));
    return { kind: "insert", path, index, value };
  }
  const fields = owner as Fields;
  const key = chance.one(["a", "b", "c-d", "e", "new"]);
  if (chance.is(0.3)) {
    delete fields[key];
    return { kind: "remove", path: [...path, key] };
  }
  fields[key] = structuredClone(value);
  return { kind: "set", path: [...path, key], value };
}

function rawTree(host: FakeHost): unknown {
  return readWithIncludes(CONFIG, { host, homeDir: "/home/me", sources: new Sources(host), positions: undefined })?.value;
}

/** All texts, to see that a refused edit wrote none. */
function texts(host: FakeHost): string {
  return host
    .listFolder(DIR)
    .filter(({ name }) => name.endsWith(".json5") || name === "nemo.json")
    .map(({ name }) => `${name}\n${textOf(host, `${DIR}/${name}`)}`)
    .join("\n");
}

test("whatever is edited in a config of many files, the files say together what was asked for, or nothing is written", async () => {
  const counts = { written: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const chance = new Chance(seed);
      const files = new Map<string, string>();
      let tree: Fields = { mine: { a: randomValue(chance, 0), b: randomValue(chance, 0), list: [1, { x: "y" }] } };
      const main = scattered(tree, chance, files);
      const host = machineWith(main, { files: Object.fromEntries([...files].map(([name, text]) => [`${DIR}/${name}`, text])) });
      expect(rawTree(host)).toEqual(tree);
      for (let i = 0; i < 6; i++) {
        const wanted = structuredClone(tree);
        const change = randomEdit(chance, wanted);
        const before = texts(host);
        try {
          await edit(host, [change]);
          expect(rawTree(host)).toEqual(wanted);
          tree = wanted;
          counts.written++;
        } catch (thrown) {
          if (!(thrown instanceof AppError)) throw thrown;
          expect([thrown.code, texts(host)]).toEqual(["CONFIG_EDIT_REFUSED", before]);
          expect(isObject(rawTree(host))).toBe(true);
          counts.refused++;
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(counts.refused / (counts.refused + counts.written)).toBeLessThan(0.1);
});
