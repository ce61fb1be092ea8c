import { checksum } from "../../src/kernel/checksum.ts";
import { expect, test } from "vitest";
import type { Host } from "../../src/kernel/host.ts";
import { undoEdit, type UndoOutcome } from "../../src/config/undo.ts";
import { edit, machineWith, refusal, textOf, writtenFiles } from "./edited.ts";
import { CONFIG, nemo } from "./nemo.ts";

const RECORD = "/home/me/.nemo/signalbox/last-edit.json";
const PRIMARY = ["agents", "defaults", "model", "primary"] as const;
const BEFORE = "// mine\n{ agents: { defaults: { model: 'a/b' } } }\n";
const AFTER = "// mine\n{ agents: { defaults: { model: 'c/d' } } }\n";

const undo = (host: Host, dryRun = false): Promise<UndoOutcome> => undoEdit({ host, names: nemo }, { dryRun });

async function changed() {
  const host = machineWith(BEFORE);
  await edit(host, [{ kind: "set", path: PRIMARY, value: "c/d" }], { command: "models set" });
  return host;
}

test("the note says what was changed by which command, and holds no content", async () => {
  const host = await changed();
  expect(JSON.parse(textOf(host, RECORD))).toEqual({
    version: 2,
    command: "models set",
    atMs: Date.UTC(2026, 10, 21, 12),
    files: [{ file: CONFIG, before: checksum(BEFORE), after: checksum(AFTER) }],
  });
});

test("the text from before comes back, and the next undo brings the change again", async () => {
  const host = await changed();
  const { undone, files } = await undo(host);
  expect([textOf(host, CONFIG), undone.command, files]).toEqual([
    BEFORE,
    "models set",
    [
      {
        file: CONFIG,
        diff: `--- ${CONFIG}\n+++ ${CONFIG}\n@@ -2 +2 @@\n-{ agents: { defaults: { model: 'c/d' } } }\n+{ agents: { defaults: { model: 'a/b' } } }\n`,
      },
    ],
  ]);
  expect((await undo(host)).undone.command).toBe("config undo (of models set)");
  expect(textOf(host, CONFIG)).toBe(AFTER);
  expect((await undo(host)).undone.command).toBe("config undo (of models set)");
  expect(textOf(host, CONFIG)).toBe(BEFORE);
});

test("a dry run shows what would come back, and writes nothing", async () => {
  const host = await changed();
  const before = new Map(host.written);
  const { kind, obstacle, files } = await undo(host, true);
  expect([kind, obstacle, files.length, new Map(host.written)]).toEqual(["dry run", undefined, 1, before]);
});

test("a config that was made anew becomes an empty one", async () => {
  const host = machineWith(undefined);
  await edit(host, [{ kind: "set", path: PRIMARY, value: "c/d" }]);
  await undo(host);
  expect(textOf(host, CONFIG)).toBe("{}\n");
  await undo(host);
  expect(textOf(host, CONFIG)).toContain("c/d");
});

test("nothing is taken back that somebody else has changed since", async () => {
  const host = await changed();
  host.written.set(CONFIG, `${AFTER}// theirs\n`);
  const error = await refusal(undo(host));
  expect([error.code, error.message, error.hint, error.facts.place]).toEqual([
    "UNDO_UNAVAILABLE",
    "nothing can be taken back: something else has changed the file since",
    "The last change was by `models set`. `{cli} config undo --dry-run` compares with the backup: take over by hand what you want.",
    { file: CONFIG },
  ]);
  const { obstacle, files } = await undo(host, true);
  expect([obstacle?.message, files[0]?.diff.split("\n").slice(2)]).toEqual([
    error.message,
    ["@@ -2,2 +2 @@", "-{ agents: { defaults: { model: 'c/d' } } }", "-// theirs", "+{ agents: { defaults: { model: 'a/b' } } }", ""],
  ]);
  expect(textOf(host, CONFIG)).toBe(`${AFTER}// theirs\n`);
});

test("a file that somebody broke is not shown: nobody could tell what in it is secret", async () => {
  const host = await changed();
  host.written.set(CONFIG, "{ models: { providers: { lab: { apiKey: 'sk-canary' ");
  expect((await undo(host, true)).files).toEqual([{ file: CONFIG, diff: `--- ${CONFIG}\n+++ ${CONFIG}\n@@ not shown: the file is not JSON5 @@\n` }]);
});

test("a backup that is not the text from before is not put back, nor one that is gone", async () => {
  const other = await changed();
  other.written.set(`${CONFIG}.bak`, "{ other: 1 }");
  expect((await refusal(undo(other))).message).toBe("nothing can be taken back: the backup is not the text from before the change");
  const gone = await changed();
  gone.written.delete(`${CONFIG}.bak`);
  expect((await refusal(undo(gone))).message).toBe("nothing can be taken back: the backup, with the text from before, is not there");
});

test("a secret that was taken out of the backup too cannot come back, and nobody is sent to compare", async () => {
  const host = await changed();
  host.written.set(`${CONFIG}.bak`, AFTER);
  const error = await refusal(undo(host));
  expect([error.code, error.message, error.hint]).toEqual([
    "UNDO_UNAVAILABLE",
    "nothing can be taken back: the backup holds what the file holds now",
    "The last change was by `models set`. A secret was taken out on purpose, of the backup too, and cannot come back.",
  ]);
});

test("without a note, or with one that we cannot read, there is nothing to take back", async () => {
  const says = "nothing can be taken back: no change of the config is on record";
  expect((await refusal(undo(machineWith(BEFORE)))).message).toBe(says);
  for (const text of [
    "",
    "{",
    "5",
    '{"version":1}',
    '{"version":2,"command":"x","atMs":1,"files":[]}',
    '{"version":2,"command":"x","atMs":1,"files":[{"file":5}]}',
  ]) {
    expect((await refusal(undo(machineWith(BEFORE, { files: { [RECORD]: text } })))).message).toBe(says);
  }
});

test("of several files all come back, or none", async () => {
  const files = { "/home/me/.nemo/a.json": "{ model: 'a/b' }", "/home/me/.nemo/b.json": "{ enabled: true }" };
  const machine = async () => {
    const host = machineWith("{ agents: { defaults: { $include: 'a.json' } }, plugins: { $include: 'b.json' } }", { files });
    await edit(host, [
      { kind: "set", path: PRIMARY, value: "c/d" },
      { kind: "set", path: ["plugins", "enabled"], value: false },
    ]);
    return host;
  };
  const host = await machine();
  expect(writtenFiles(host)).toEqual(Object.keys(files));
  await undo(host);
  expect(Object.keys(files).map((file) => textOf(host, file))).toEqual(Object.values(files));
  const half = await machine();
  half.written.set("/home/me/.nemo/b.json", "{ enabled: false, theirs: 1 }");
  expect((await refusal(undo(half))).code).toBe("UNDO_UNAVAILABLE");
  expect(textOf(half, "/home/me/.nemo/a.json")).toBe("{ model: 'c/d' }");
});

test("what changed between the look and the lock is not overwritten", async () => {
  const host = await changed();
  const disturbed: Host = {
    ...host,
    changeFiles: (files, keeping, change) => {
      host.written.set(CONFIG, "{ theirs: 1 }");
      return host.changeFiles(files, keeping, change);
    },
  };
  expect((await refusal(undo(disturbed))).code).toBe("UNDO_UNAVAILABLE");
  expect(textOf(host, CONFIG)).toBe("{ theirs: 1 }");
});

test("a change is written also where no note of it can be kept", async () => {
  const host = machineWith(BEFORE);
  const { AppError } = await import("../../src/kernel/errors.ts");
  const full: Host = {
    ...host,
    replaceFile: () => {
      throw new AppError("FILE_WRITE_FAILED", "full", { hint: "Make room." });
    },
  };
  expect((await edit(full, [{ kind: "set", path: PRIMARY, value: "c/d" }])).kind).toBe("written");
  expect(textOf(host, CONFIG)).toBe(AFTER);
});
