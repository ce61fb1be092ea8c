import { expect, test } from "vitest";
import { CONFIG, load, refused } from "./nemo.ts";

const inc = (files: Record<string, string>) => ({ files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`/home/me/.nemo/${name}`, text])) });

test("one path replaces the object", () => {
  const config = load("{ agents: { $include: './parts/agents.json5' } }", inc({ "parts/agents.json5": "{ defaults: { model: 'a/b' } }" }));
  expect(config.value).toEqual({ agents: { defaults: { model: { primary: "a/b" } } } });
  expect(config.files).toEqual([CONFIG, "/home/me/.nemo/parts/agents.json5"]);
});

test("a list is merged in order: objects key by key, lists one after the other, else the later one; keys beside it come last", () => {
  const config = load(
    "{ agents: { defaults: { $include: ['a.json', 'b.json'], model: { primary: 'own/m', fallbacks: ['f3'] } } } }",
    inc({
      "a.json": '{ "model": { "primary": "a/m", "fallbacks": ["f1"] }, "workspace": "a", "models": { "x/1": { "alias": "one" } } }',
      "b.json": '{ "model": { "fallbacks": ["f2"] }, "workspace": "b", "models": { "x/1": { "params": { "t": 1 } }, "x/2": {} } }',
    }),
  );
  expect(config.value.agents?.defaults).toEqual({
    model: { primary: "own/m", fallbacks: ["f1", "f2", "f3"] },
    workspace: "b",
    models: { "x/1": { alias: "one", params: { t: 1 } }, "x/2": {} },
  });
});

test("an included file may include further ones, relative to itself, absolute, upwards or from home", () => {
  const config = load("{ $include: 'parts/all.json' }", {
    files: {
      "/home/me/.nemo/parts/all.json":
        "{ agents: { $include: '../agents.json' }, auth: { $include: '/etc/auth.json' }, plugins: { $include: '~/plugins.json' } }",
      "/home/me/.nemo/agents.json": "{ list: [{ id: 'a' }] }",
      "/etc/auth.json": "{ order: { x: [] } }",
      "/home/me/plugins.json": "{ enabled: false }",
    },
  });
  expect(config.value).toEqual({ agents: { list: [{ id: "a" }] }, auth: { order: { x: [] } }, plugins: { enabled: false } });
});

test("places lead into the file that holds the key, also after lists were joined", () => {
  const config = load(
    "{ agents: { $include: ['a.json', 'b.json'], list: [{ id: 'own' }] } }",
    inc({ "a.json": "{ list: [{ id: 'a' }] }", "b.json": "{\n list: [\n {\n id: 'b' }] }" }),
  );
  expect(config.value.agents?.list?.map(({ id }) => id)).toEqual(["a", "b", "own"]);
  expect([0, 1, 2].map((index) => config.placeOf(["agents", "list", index, "id"]))).toEqual([
    { file: "/home/me/.nemo/a.json", line: 1, column: 12 },
    { file: "/home/me/.nemo/b.json", line: 4, column: 2 },
    { file: CONFIG, line: 1, column: 54 },
  ]);
});

test("a fault in an included file is named there", () => {
  const wrong = refused("{ auth: { $include: 'auth.json' } }", inc({ "auth.json": "{\n  order: 5 }" }));
  expect([wrong.code, wrong.facts.place]).toEqual(["CONFIG_INVALID", { file: "/home/me/.nemo/auth.json", line: 2, column: 10 }]);
  const syntax = refused("{ auth: { $include: 'auth.json' } }", inc({ "auth.json": "{\n  order 5 }" }));
  expect([syntax.code, syntax.facts.place]).toEqual(["CONFIG_SYNTAX", { file: "/home/me/.nemo/auth.json", line: 2, column: 9 }]);
});

const chainOf = (length: number) =>
  inc(Object.fromEntries(Array.from({ length }, (_, at) => [`${at}.json`, at === length - 1 ? "{ id: 'deep' }" : `{ $include: '${at + 1}.json' }`])));

test("ten files deep is read, eleven is not", () => {
  expect(load("{ agents: { list: [{ $include: '0.json' }] } }", chainOf(10)).value.agents?.list).toEqual([{ id: "deep" }]);
  const error = refused("{ agents: { list: [{ $include: '0.json' }] } }", chainOf(11));
  expect([error.code, error.message, error.facts.place]).toEqual([
    "CONFIG_INCLUDE",
    "files are included more than 10 deep",
    { file: "/home/me/.nemo/9.json", line: 1, column: 3 },
  ]);
});

test.each([
  ["{\n  auth: { $include: 'none.json' } }", {}, "the file that is included here does not exist", "nemo.json:2:11", "auth.$include"],
  ["{ $include: 'nemo.json' }", {}, "this file includes itself, directly or by way of others", "nemo.json:1:3", "$include"],
  [
    "{ a: [{ $include: 'b.json' }] }",
    { "b.json": "{ c: { $include: './nemo.json' } }" },
    "this file includes itself, directly or by way of others",
    "b.json:1:8",
    "c.$include",
  ],
  ["{ $include: 5 }", {}, "$include takes a path or a list of paths", "nemo.json:1:3", "$include"],
  ["{ $include: [] }", {}, "$include takes a path or a list of paths", "nemo.json:1:3", "$include"],
  [
    "{ $include: ['a.json'], x: 1 }",
    { "a.json": "[1]" },
    "what is included here must be an object, for there are other keys beside $include",
    "nemo.json:1:3",
    "$include",
  ],
])("%s is refused where the $include stands", (text, files, message, place, keyPath) => {
  const error = refused(text, inc(files));
  const { file = "", line, column } = error.facts.place ?? {};
  expect([error.code, error.exit, error.message, `${file.split("/").at(-1)}:${line}:${column}`, error.facts.keyPath]).toEqual([
    "CONFIG_INCLUDE",
    78,
    message,
    place,
    keyPath,
  ]);
});

test("an $include that is written with escapes is one too", () => {
  expect(load("{ agents: { '\\u0024include': 'a.json' } }", inc({ "a.json": "{ list: [] }" })).value).toEqual({ agents: { list: [] } });
});

test("files that include one another many times over are stopped by their number", () => {
  const many = (file: string) => `{ $include: [${Array.from({ length: 40 }, () => `'${file}'`).join(",")}] }`;
  const error = refused(many("a.json"), inc({ "a.json": many("b.json"), "b.json": many("c.json"), "c.json": "{}" }));
  expect([error.code, error.message]).toEqual(["CONFIG_INCLUDE", "the config and what it includes are more than 256 readings or 4 MB together"]);
});

test("a __proto__ key in an included file changes no prototype", () => {
  const config = load(
    "{ agents: { $include: ['a.json', 'b.json'] } }",
    inc({ "a.json": '{ "__proto__": { "list": [] } }', "b.json": '{ "__proto__": { "x": 1 }, "constructor": { "prototype": { "y": 1 } } }' }),
  );
  expect(config.value).toEqual({ agents: {} });
  expect(({} as Record<string, unknown>)["x"] ?? ({} as Record<string, unknown>)["y"]).toBeUndefined();
});
