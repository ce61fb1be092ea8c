import { AppError, expected } from "../kernel/errors.ts";
import type { FileTexts, Host } from "../kernel/host.ts";
import { type TextTree, textTree } from "../kernel/json5-edit.ts";
import { checksum } from "../kernel/checksum.ts";
import { parseJson5 } from "../kernel/json-text.ts";
import type { EditedFile } from "./config-edit.ts";
import { configDiff } from "./edit-diff.ts";
import { configTexts } from "./edit-draft.ts";
import { type EditRecord, editRecord, keepRecord, readRecord, type RecordedFile } from "./edit-record.ts";
import type { InstallationNames } from "./installation.ts";
import { loadConfig } from "./load.ts";
import { locate } from "./locate.ts";
import type { KeyPath } from "./loaded-config.ts";
import { managedOr, refuseManaged } from "./managed.ts";
import { RealNames, snapshotOf } from "./snapshot.ts";
import { LARGEST_CONFIG_BYTES } from "./sources.ts";

/** In place of a file that was not there before: it says as little. */
const EMPTY = "{}\n";

export interface UndoOutcome {
  readonly kind: "written" | "dry run";
  /** The change that is taken back. */
  readonly undone: EditRecord;
  readonly files: readonly EditedFile[];
  /** Why it cannot be taken back; only of a dry run, else it is thrown. */
  readonly obstacle: AppError | undefined;
}

/**
 * Takes the last change of the config back: the texts from before it, for all its files or for none, and only where nothing else has been changed
 * since. What is taken back is kept as the backup, so that the next undo brings it again. Throws UNDO_UNAVAILABLE, and what `changeFiles` throws.
 */
export async function undoEdit(
  { host, names }: { readonly host: Host; readonly names: InstallationNames },
  { dryRun }: { readonly dryRun: boolean },
): Promise<UndoOutcome> {
  const { stateDir } = locate(host, names);
  const record = readRecord(host, stateDir);
  if (record === undefined) throw unavailable("no change of the config is on record", "`{cli} config set`, `{cli} models set` and their like leave one.");
  const real = new RealNames(host);
  const files = record.files.map(({ file }) => file);
  const looked = look(host, real, record, (file) => textAt(host, file));
  if (dryRun) return outcomeOf("dry run", { host, names, real, record }, looked);
  if (looked.obstacle !== undefined) throw looked.obstacle;
  refuseManaged(files, real);
  let done = looked;
  const change = (texts: FileTexts): FileTexts => {
    done = look(host, real, record, (file) => texts.get(file));
    if (done.obstacle !== undefined) throw done.obstacle;
    return new Map(done.files.map(({ file, previous }) => [file, previous]));
  };
  try {
    await host.changeFiles(files, { kept: "config", backup: "previous", maxBytes: LARGEST_CONFIG_BYTES, command: "config undo" }, change);
  } catch (thrown) {
    throw managedOr(thrown, host);
  }
  const taken = done.files.map(({ file, now, previous }) => ({ file, before: now, after: previous }));
  keepRecord(host, stateDir, editRecord(host, `config undo (of ${record.command.replace(/^config undo \(of (.*)\)$/, "$1")})`, taken));
  return outcomeOf("written", { host, names, real, record }, done);
}

interface Looked {
  /** With the text that comes back; those of which none is known are left out. */
  readonly files: readonly { readonly file: string; readonly now: string; readonly previous: string }[];
  readonly obstacle: AppError | undefined;
}

function look(host: Host, real: RealNames, { command, files }: EditRecord, textOf: (file: string) => string | undefined): Looked {
  const found = files.map((recorded) => lookAt(host, real, recorded, textOf(recorded.file)));
  const wrong = found.find(({ says }) => says !== undefined);
  return {
    files: found.flatMap(({ file, now, previous }) => (previous === undefined || now === previous ? [] : [{ file, now: now ?? "", previous }])),
    obstacle: wrong?.says === undefined ? undefined : unavailable(wrong.says, handHint(wrong, command), wrong.file),
  };
}

interface FoundFile {
  readonly file: string;
  readonly now: string | undefined;
  readonly previous: string | undefined;
  readonly says?: string;
}

function lookAt(host: Host, real: RealNames, { file, before, after }: RecordedFile, now: string | undefined): FoundFile {
  const previous = before === null ? EMPTY : textAt(host, `${real.of(file)}.bak`);
  if (now === undefined) return { file, now, previous, says: "the file is no longer there" };
  if (checksum(now) !== after) return { file, now, previous, says: "something else has changed the file since" };
  if (previous === undefined) return { file, now, previous, says: "the backup, with the text from before, is not there" };
  if (before !== null && now === previous && before !== after) return { file, now, previous, says: "the backup holds what the file holds now" };
  return before !== null && checksum(previous) !== before
    ? { file, now, previous, says: "the backup is not the text from before the change" }
    : { file, now, previous };
}

function textAt(host: Host, file: string): string | undefined {
  const read = host.readText(file, LARGEST_CONFIG_BYTES);
  return read.kind === "text" ? read.text : undefined;
}

/** A command that takes a secret out of the config takes it out of the backup as well: then the two are the same. */
function handHint({ now, previous }: FoundFile, command: string): string {
  const last = `The last change was by \`${command}\`.`;
  if (previous === undefined) return `${last} Correct the file by hand.`;
  return now === previous
    ? `${last} A secret was taken out on purpose, of the backup too, and cannot come back.`
    : `${last} \`{cli} config undo --dry-run\` compares with the backup: take over by hand what you want.`;
}

function unavailable(says: string, hint: string, file?: string): AppError {
  return new AppError("UNDO_UNAVAILABLE", `nothing can be taken back: ${says}`, { hint, ...(file !== undefined && { place: { file } }) });
}

interface Asked {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly real: RealNames;
  readonly record: EditRecord;
}

function outcomeOf(kind: UndoOutcome["kind"], asked: Asked, { files, obstacle }: Looked): UndoOutcome {
  const roots = rootsOf(asked);
  const edited = files.map(({ file, now, previous }): EditedFile => ({ file, diff: diffOf(file, now, previous, roots?.get(file)) }));
  return { kind, undone: asked.record, files: edited, obstacle };
}

/** What is no JSON5 is not shown: nobody could tell what in it is secret. */
function diffOf(file: string, now: string, previous: string, roots: readonly KeyPath[] | undefined): string {
  const [before, after] = [treeOf(now, file), treeOf(previous, file)];
  if (before === undefined || after === undefined)
    return `--- ${file}\n+++ ${file}\n@@ not shown: ${before === undefined ? "the file" : "the backup"} is not JSON5 @@\n`;
  return configDiff({ file, before, after }, roots);
}

function treeOf(text: string, file: string): TextTree | undefined {
  try {
    parseJson5(text, file);
    return textTree(text);
  } catch (thrown) {
    expected(thrown);
    return undefined;
  }
}

/** undefined when the config cannot be read now: then nobody knows which texts are secret. */
function rootsOf({ host, names, real }: Asked): ReadonlyMap<string, readonly KeyPath[]> | undefined {
  try {
    const snapshot = snapshotOf(host);
    return configTexts(snapshot, loadConfig(snapshot.host, names), real).roots();
  } catch (thrown) {
    expected(thrown);
    return undefined;
  }
}
