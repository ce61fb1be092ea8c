import { expect, test } from "vitest";
import type { ConfigEdit } from "../../src/config/config-edit.ts";
import type { Host } from "../../src/kernel/host.ts";
import { edit, edited, machineWith, refusal, textOf, writtenFiles } from "./edited.ts";
import { CONFIG } from "./nemo.ts";

const DIR = "/home/me/.nemo";
const PRIMARY = ["agents", "defaults", "model", "primary"] as const;
const FALLBACKS = ["agents", "defaults", "model", "fallbacks"] as const;
const LIST = ["agents", "list"] as const;

test("the first edit makes a tidy file where the config would be", async () => {
  const host = machineWith(undefined);
  const { kind, files, after } = await edit(host, [{ kind: "set", path: PRIMARY, value: "groq/x" }]);
  expect(textOf(host, CONFIG)).toBe('{\n  agents: {\n    defaults: {\n      model: { primary: "groq/x" },\n    },\n  },\n}\n');
  expect([kind, files.map(({ file }) => file), after.config().value.agents]).toEqual(["written", [CONFIG], { defaults: { model: { primary: "groq/x" } } }]);
});

test("nothing is written when everything is as it was asked to be", async () => {
  const host = machineWith("{ agents: { defaults: { model: 'a/b' } } }");
  const outcome = await edit(host, [
    { kind: "set", path: PRIMARY, value: "a/b" },
    { kind: "remove", path: ["agents", "defaults", "imageModel"] },
    { kind: "set", path: ["agents", "defaults", "model"], value: "a/b" },
  ]);
  expect([outcome.kind, outcome.files, host.written.size]).toEqual(["unchanged", [], 0]);
});

test("a dry run gives the diff and the config as it would be, and writes nothing", async () => {
  const host = machineWith("{\n  agents: {\n    defaults: { model: 'a/b' },\n  },\n}\n");
  const outcome = await edit(host, [{ kind: "set", path: PRIMARY, value: "c/d" }], { dryRun: true });
  expect(outcome.files).toEqual([
    { file: CONFIG, diff: `--- ${CONFIG}\n+++ ${CONFIG}\n@@ -3 +3 @@\n-    defaults: { model: 'a/b' },\n+    defaults: { model: 'c/d' },\n` },
  ]);
  expect([outcome.kind, outcome.after.config().value.agents?.defaults?.model, host.written.size]).toEqual(["dry run", { primary: "c/d" }, 0]);
});

test("a choice that is text alone grows, and shrinks to nothing", async () => {
  const text = "{ agents: { defaults: { model: '${M}' /* mine */ } } }";
  const set = { env: { M: "a/b" } };
  expect(await edited(text, [{ kind: "insert", path: FALLBACKS, index: 0, value: "c/d" }], set)).toBe(
    "{ agents: { defaults: { model: { primary: '${M}', fallbacks: ['c/d'] } /* mine */ } } }",
  );
  expect(await edited(text, [{ kind: "set", path: ["agents", "defaults", "model"], value: { primary: "${M}", fallbacks: [] } }], set)).toBe(
    "{ agents: { defaults: { model: { primary: '${M}', fallbacks: [] } /* mine */ } } }",
  );
  expect(await edited(text, [{ kind: "remove", path: PRIMARY }], set)).toBe("{ agents: { defaults: {} } }");
});

test("of a whole value that is set anew, what stays the same keeps its text and its comments", async () => {
  const text =
    "{\n  agents: {\n    list: [\n      // the main one\n      { id: 'main', name: 'M' }, // M\n      // work\n      { id: \"work\", name: 'W' },\n    ],\n  },\n}\n";
  const value = [
    { id: "work", name: "Work" },
    { id: "new", default: true },
  ];
  expect(await edited(text, [{ kind: "set", path: LIST, value }])).toBe(
    "{\n  agents: {\n    list: [\n      // work\n      { id: \"work\", name: 'Work' },\n      { id: 'new', default: true },\n    ],\n  },\n}\n",
  );
});

test("several edits are one change", async () => {
  const host = machineWith("{ agents: { list: [ { id: 'a', default: true }, { id: 'b' } ] } }");
  await edit(host, [
    { kind: "remove", path: [...LIST, 0, "default"] },
    { kind: "set", path: [...LIST, 1, "default"], value: true },
    { kind: "move", path: LIST, from: 1, to: 0 },
  ]);
  expect(textOf(host, CONFIG)).toBe("{ agents: { list: [ { id: 'b', default: true }, { id: 'a' } ] } }");
});

const inc = (files: Record<string, string>) => ({ files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`${DIR}/${name}`, text])) });

test("an edit goes to the file that owns the key, however deep it is included", async () => {
  const host = machineWith("{ $include: './base.json5', agents: { $include: './agents.json5' } }", {
    files: {
      [`${DIR}/base.json5`]: "// base\n{ plugins: { enabled: true } }\n",
      [`${DIR}/agents.json5`]: "{ defaults: { $include: ['parts/a.json5', 'parts/b.json5'], workspace: '~/w' } }",
      [`${DIR}/parts/a.json5`]: "{ model: { primary: 'a/b' }, models: {} }",
      [`${DIR}/parts/b.json5`]: "{ imageModel: 'i/m' }",
    },
  });
  await edit(host, [
    { kind: "set", path: ["plugins", "enabled"], value: false },
    { kind: "set", path: PRIMARY, value: "c/d" },
    { kind: "set", path: ["agents", "defaults", "models", "c/d", "alias"], value: "see" },
    { kind: "set", path: ["agents", "defaults", "imageModel", "fallbacks"], value: ["x/y"] },
    { kind: "set", path: ["agents", "defaults", "modelPolicy", "allow"], value: ["c/d"] },
  ]);
  expect(Object.fromEntries(writtenFiles(host).map((file) => [file, textOf(host, file)]))).toEqual({
    [`${DIR}/base.json5`]: "// base\n{ plugins: { enabled: false } }\n",
    [`${DIR}/parts/a.json5`]: "{ model: { primary: 'c/d' }, models: { 'c/d': { alias: 'see' } } }",
    [`${DIR}/parts/b.json5`]: "{ imageModel: { primary: 'i/m', fallbacks: ['x/y'] } }",
    [`${DIR}/agents.json5`]: "{ defaults: { $include: ['parts/a.json5', 'parts/b.json5'], workspace: '~/w', modelPolicy: { allow: ['c/d'] } } }",
  });
});

test("a key that several files write is changed where it counts, and removed from all", async () => {
  const main = "{ $include: ['a.json', 'b.json'], agents: { defaults: { workspace: 'w' } } }";
  const files = inc({ "a.json": "{ agents: { defaults: { model: 'a/1', workspace: 'a' } } }", "b.json": "{ agents: { defaults: { model: 'b/1' } } }" });
  const host = machineWith(main, files);
  await edit(host, [{ kind: "set", path: PRIMARY, value: "b/2" }]);
  expect(writtenFiles(host)).toEqual([`${DIR}/b.json`]);
  await edit(host, [{ kind: "remove", path: ["agents", "defaults", "model"] }]);
  await edit(host, [{ kind: "remove", path: ["agents", "defaults", "workspace"] }]);
  expect([textOf(host, `${DIR}/a.json`), textOf(host, `${DIR}/b.json`), textOf(host, CONFIG)]).toEqual([
    "{ agents: { defaults: {} } }",
    "{ agents: { defaults: {} } }",
    "{ $include: ['a.json', 'b.json'], agents: { defaults: {} } }",
  ]);
});

test("an item of a list that several files make together belongs to one of them", async () => {
  const machine = () =>
    machineWith(
      "{ agents: { $include: ['a.json', 'b.json'], list: [ { id: 'own' } ] } }",
      inc({ "a.json": "{ list: [{ id: 'a' }, { id: 'a2' }] }", "b.json": "{ list: [{ id: 'b' }] }" }),
    );
  const after = async (...edits: readonly ConfigEdit[]) => {
    const host = machine();
    await edit(host, edits);
    return Object.fromEntries(writtenFiles(host).map((file) => [file.slice(DIR.length + 1), textOf(host, file)]));
  };
  expect(await after({ kind: "remove", path: [...LIST, 2] })).toEqual({ "b.json": "{ list: [] }" });
  expect(await after({ kind: "set", path: [...LIST, 1, "default"], value: true })).toEqual({
    "a.json": "{ list: [{ id: 'a' }, { id: 'a2', default: true }] }",
  });
  expect(await after({ kind: "insert", path: LIST, index: 2, value: { id: "n" } })).toEqual({ "b.json": "{ list: [{ id: 'n' }, { id: 'b' }] }" });
  expect(await after({ kind: "insert", path: LIST, index: 4, value: { id: "n" } })).toEqual({
    "nemo.json": "{ agents: { $include: ['a.json', 'b.json'], list: [ { id: 'own' }, { id: 'n' } ] } }",
  });
  expect(await after({ kind: "move", path: LIST, from: 0, to: 1 })).toEqual({ "a.json": "{ list: [{ id: 'a2' }, { id: 'a' }] }" });
  const error = await refusal(edit(machine(), [{ kind: "move", path: LIST, from: 0, to: 3 }]));
  expect([error.code, error.message]).toEqual([
    "CONFIG_EDIT_REFUSED",
    "agents.list is left as it is: its items stand in several files (/home/me/.nemo/a.json, /home/me/.nemo/b.json, /home/me/.nemo/nemo.json), and none moves from one to another",
  ]);
});

test("a file that is included twice is not changed for one of its places", async () => {
  const host = machineWith(
    "{\n  agents: { list: [\n    { id: 'a', model: { $include: 'm.json' } },\n    { id: 'b', model: { $include: './m.json' } },\n  ] },\n}",
    inc({ "m.json": "{ primary: 'x/y' }" }),
  );
  const error = await refusal(edit(host, [{ kind: "set", path: [...LIST, 0, "model", "primary"], value: "x/z" }]));
  expect([error.code, error.message, error.hint, error.facts.place]).toEqual([
    "CONFIG_EDIT_REFUSED",
    "agents.list[0].model.primary cannot be changed alone: what includes what would give the change another meaning",
    "Nothing was written. Edit /home/me/.nemo/m.json by hand; `{cli} config get agents.list[0].model.primary` shows what counts afterwards.",
    { file: `${DIR}/m.json`, line: 1, column: 3 },
  ]);
  expect(host.written.size).toBe(0);
  const both = [0, 1].map((index) => ({ kind: "set" as const, path: [...LIST, index, "model", "primary"], value: "x/z" }));
  await edit(host, both);
  expect(textOf(host, `${DIR}/m.json`)).toBe("{ primary: 'x/z' }");
});

test("a link to a file that is included elsewhere is that file", async () => {
  const host = machineWith("{ agents: { list: [{ id: 'a', model: { $include: 'one.json' } }, { id: 'b', model: { $include: 'two.json' } }] } }", {
    files: { "/dotfiles/m.json": "{ primary: 'x/y' }" },
    links: { [`${DIR}/one.json`]: "/dotfiles/m.json", [`${DIR}/two.json`]: "/dotfiles/m.json" },
  });
  expect((await refusal(edit(host, [{ kind: "set", path: [...LIST, 0, "model", "primary"], value: "x/z" }]))).code).toBe("CONFIG_EDIT_REFUSED");
});

test("a config that is a link is written where it leads", async () => {
  const host = machineWith(undefined, {
    files: { "/dotfiles/nemo.json": "{ agents: { defaults: { model: 'a/b' } } }" },
    links: { [CONFIG]: "/dotfiles/nemo.json" },
  });
  await edit(host, [{ kind: "set", path: PRIMARY, value: "c/d" }]);
  expect(writtenFiles(host)).toEqual(["/dotfiles/nemo.json"]);
});

test("a result that would be invalid is refused as reading refuses it, without a place that is in no file", async () => {
  const host = machineWith("{ agents: { list: [{ id: 'a' }] } }");
  const error = await refusal(edit(host, [{ kind: "set", path: [...LIST, 0, "default"], value: "yes" }]));
  expect([error.code, error.message, error.hint, error.facts.place, error.facts.keyPath]).toEqual([
    "CONFIG_INVALID",
    "agents.list[0].default must be true or false, not text; nothing was written",
    "Write the value without quotes.",
    undefined,
    "agents.list[0].default",
  ]);
  expect(host.written.size).toBe(0);
});

test("a config that is broken is never edited", async () => {
  for (const [text, code] of [
    ["{ agents: ", "CONFIG_SYNTAX"],
    ["{ auth: 5 }", "CONFIG_INVALID"],
    ["{ $include: 'gone.json' }", "CONFIG_INCLUDE"],
    ["", "CONFIG_SYNTAX"],
  ] as const) {
    const host = machineWith(text);
    expect([(await refusal(edit(host, [{ kind: "set", path: PRIMARY, value: "a/b" }]))).code, host.written.size]).toEqual([code, 0]);
  }
});

test("a path that leads through something else is refused with what stands there", async () => {
  const host = machineWith("{ meta: { at: 'x' } }");
  const error = await refusal(edit(host, [{ kind: "set", path: ["meta", "at", "deep"], value: 1 }]));
  expect([error.code, error.message]).toEqual(["CONFIG_EDIT_REFUSED", "meta.at.deep is left as it is: meta.at cannot hold it"]);
});

test("__proto__ is a key like any other", async () => {
  const text = "{ meta: { __proto__: { a: 1 }, b: 2 } }";
  expect(await edited(text, [{ kind: "set", path: ["meta", "__proto__", "a"], value: 3 }])).toBe("{ meta: { __proto__: { a: 3 }, b: 2 } }");
  expect(await edited(text, [{ kind: "set", path: ["meta"], value: JSON.parse('{ "__proto__": { "a": 1, "c": [] } }') }])).toBe(
    "{ meta: { __proto__: { a: 1, c: [] } } }",
  );
  expect(await edited(text, [{ kind: "remove", path: ["meta", "__proto__"] }])).toBe("{ meta: { b: 2 } }");
});

test("an include that is written with escapes, or in a file of strict JSON with Windows line ends, is one", async () => {
  const files = inc({ "a.json": '{\r\n\t"defaults": {\r\n\t\t"workspace": "w"\r\n\t}\r\n}\r\n' });
  const host = machineWith("{ agents: { '\\u0024include': \"a.json\" } }", files);
  await edit(host, [{ kind: "set", path: PRIMARY, value: "a/b" }]);
  expect(textOf(host, `${DIR}/a.json`)).toBe(
    '{\r\n\t"defaults": {\r\n\t\t"workspace": "w",\r\n\t\t"model": {\r\n\t\t\t"primary": "a/b"\r\n\t\t}\r\n\t}\r\n}\r\n',
  );
});

/** Somebody writes `meanwhile` between our look and our lock. */
function disturbed(host: ReturnType<typeof machineWith>, ...meanwhile: readonly Record<string, string>[]): Host {
  const left = [...meanwhile];
  return {
    ...host,
    changeFiles: async (files, keeping, change) => {
      for (const [file, text] of Object.entries(left.shift() ?? {})) host.written.set(file, text);
      return host.changeFiles(files, keeping, change);
    },
  };
}

test("what somebody else wrote before the lock was taken is planned from anew", async () => {
  const host = machineWith("{ agents: { list: [{ id: 'a' }] } }");
  const machine = disturbed(host, { [CONFIG]: "// theirs\n{ agents: { list: [{ id: 'a' }, { id: 'b' }] } }" });
  const outcome = await edit(machine, ({ config }) => [{ kind: "insert", path: LIST, index: config().value.agents?.list?.length ?? 0, value: { id: "c" } }]);
  expect(textOf(host, CONFIG)).toBe("// theirs\n{ agents: { list: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] } }");
  expect(outcome.after.config().value.agents?.list?.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("when the key moved to another file meanwhile, that file is locked and changed", async () => {
  const host = machineWith("{ agents: { defaults: { model: 'a/b' } } }");
  const machine = disturbed(host, { [CONFIG]: "{ agents: { $include: 'agents.json' } }", [`${DIR}/agents.json`]: "{ defaults: { model: 'a/b' } }" });
  await edit(machine, [{ kind: "set", path: PRIMARY, value: "c/d" }]);
  expect([textOf(host, CONFIG), textOf(host, `${DIR}/agents.json`)]).toEqual(["{ agents: { $include: 'agents.json' } }", "{ defaults: { model: 'c/d' } }"]);
});

test("what somebody else broke meanwhile stays as they left it", async () => {
  const host = machineWith("{ agents: { defaults: { model: 'a/b' } } }");
  const error = await refusal(edit(disturbed(host, { [CONFIG]: "{ agents: " }), [{ kind: "set", path: PRIMARY, value: "c/d" }]));
  expect([error.code, textOf(host, CONFIG)]).toEqual(["CONFIG_SYNTAX", "{ agents: "]);
});

test("a change that is there already once the lock is taken is not made again", async () => {
  const host = machineWith("{ agents: { defaults: { model: 'a/b' } } }");
  const theirs = "{ agents: { defaults: { model: /* theirs */ 'c/d' } } }";
  const outcome = await edit(disturbed(host, { [CONFIG]: theirs }), [{ kind: "set", path: PRIMARY, value: "c/d" }]);
  expect([outcome.kind, textOf(host, CONFIG)]).toEqual(["unchanged", theirs]);
});

test("a config that Nix or home-manager made is not touched, and says where to change it", async () => {
  const store = "/nix/store/abc-home-manager-files/.nemo/nemo.json";
  const host = machineWith(undefined, { files: { [store]: "{ agents: { defaults: { model: 'a/b' } } }" }, links: { [CONFIG]: store } });
  const error = await refusal(edit(host, [{ kind: "set", path: PRIMARY, value: "c/d" }]));
  expect([error.code, error.message, error.hint]).toEqual([
    "CONFIG_MANAGED",
    `the config is made by home-manager and cannot be changed here: it leads to ${store}`,
    "Put the change into the home-manager module that makes it, and rebuild. The same command with --dry-run shows the lines.",
  ]);
  expect((await edit(host, [{ kind: "set", path: PRIMARY, value: "c/d" }], { dryRun: true })).kind).toBe("dry run");
});
