import { AppError } from "../kernel/errors.ts";
import type { FileTexts, Host } from "../kernel/host.ts";
import type { ConfigEdit, EditedFile, EditOptions, EditOutcome, JsonValue } from "./config-edit.ts";
import { configDiff } from "./edit-diff.ts";
import { type ConfigQuestion, type Draft, draftEdits, type DraftInput } from "./edit-draft.ts";
import type { ChangedText } from "./edit-layers.ts";
import { editRecord, keepRecord } from "./edit-record.ts";
import type { InstallationNames } from "./installation.ts";
import { managedOr, refuseManaged } from "./managed.ts";
import { RealNames } from "./snapshot.ts";
import { LARGEST_CONFIG_BYTES } from "./sources.ts";

export type { ConfigEdit, EditOptions, EditOutcome, JsonValue };

/** The files that are to be changed may turn out to be others once they are locked. */
const MOST_ROUNDS = 5;

/**
 * Plans under a view of the config, and writes the smallest change of text. `plan` is called again when the files changed before they were locked.
 * Throws CONFIG_MANAGED, CONFIG_EDIT_REFUSED, CONFIG_INVALID (the result would not be a valid config) and what `changeFiles` throws; then nothing was written.
 */
export async function editConfig<View extends ConfigQuestion>(
  input: { readonly host: Host; readonly names: InstallationNames; readonly viewOf: (host: Host) => View },
  plan: (view: View) => readonly ConfigEdit[],
  options: EditOptions,
): Promise<EditOutcome<View>> {
  const draftInput = { host: input.host, names: new RealNames(input.host), viewOf: input.viewOf, plan };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const draft = draftEdits(draftInput, new Map());
    if (draft.changed.length === 0) return outcomeOf("unchanged", draft);
    if (options.dryRun) return outcomeOf("dry run", draft);
    refuseManaged(filesOf(draft), draftInput.names);
    const written = await writeDraft(draftInput, draft, options);
    if (written === undefined) continue;
    if (written.changed.length > 0) keepRecord(input.host, written.after.config().stateDir, recordOf(input.host, written, options));
    return outcomeOf(written.changed.length > 0 ? "written" : "unchanged", written);
  }
  throw new AppError("FILE_CHANGED", "the config kept changing while it was being changed here", { hint: "Nothing was written. Try again." });
}

/** What was written; undefined when, under the lock, other files turned out to need the change. */
async function writeDraft<View extends ConfigQuestion>(
  input: DraftInput<View>,
  first: Draft<View>,
  { command }: EditOptions,
): Promise<Draft<View> | undefined> {
  const { host, names } = input;
  const owners = filesOf(first);
  let written: Draft<View> | undefined;
  const change = (texts: FileTexts): FileTexts => {
    const draft = isStill(first, host, texts) ? first : draftEdits(input, new Map(owners.map((file) => [names.of(file), texts.get(file)])));
    written = filesOf(draft).every((file) => owners.includes(file)) ? draft : undefined;
    return new Map(written?.changed.map(({ file, after }) => [file, after.text]));
  };
  try {
    await host.changeFiles(owners, { kept: "config", backup: "previous", maxBytes: LARGEST_CONFIG_BYTES, command }, change);
  } catch (thrown) {
    throw managedOr(thrown, host);
  }
  return written;
}

/** The locked files, and those that only take part, say what they said when the draft was made. */
function isStill({ files, textOf }: Draft<unknown>, host: Host, locked: FileTexts): boolean {
  return [...new Set([...files, ...locked.keys()])].every((file) => {
    const read = locked.has(file) ? undefined : host.readText(file, LARGEST_CONFIG_BYTES);
    return textOf(file) === (locked.get(file) ?? (read?.kind === "text" ? read.text : undefined));
  });
}

function filesOf({ changed }: Draft<unknown>): string[] {
  return changed.map(({ file }) => file);
}

function recordOf(host: Host, { changed }: Draft<unknown>, { command }: EditOptions) {
  return editRecord(
    host,
    command,
    changed.map(({ file, before, after }) => ({ file, before: before?.text, after: after.text })),
  );
}

function outcomeOf<View>(kind: EditOutcome<View>["kind"], { changed, roots, after }: Draft<View>): EditOutcome<View> {
  const editedFile = (change: ChangedText): EditedFile => ({
    file: change.file,
    get diff() {
      return configDiff(change, roots().get(change.file));
    },
  });
  return { kind, files: changed.map(editedFile), after };
}
