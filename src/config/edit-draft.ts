import { AppError, asAppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { isObject } from "../kernel/json-value.ts";
import type { ConfigEdit } from "./config-edit.ts";
import { type ChangedText, ConfigTexts } from "./edit-layers.ts";
import { stepsOf } from "./edit-steps.ts";
import { writeStep } from "./edit-text.ts";
import { takeStep } from "./edit-tree.ts";
import { type Fields, includedFile, readWithIncludes } from "./include.ts";
import { keyPathText } from "./key-path.ts";
import type { KeyPath, LoadedConfig } from "./loaded-config.ts";
import { sameValue } from "./same-value.ts";
import { overlaid, type RealNames, type Snapshot, snapshotOf } from "./snapshot.ts";
import { Sources } from "./sources.ts";

/** What an edit of the config asks. */
export interface ConfigQuestion {
  readonly config: () => LoadedConfig;
}

export interface DraftInput<View> {
  readonly host: Host;
  readonly names: RealNames;
  readonly viewOf: (host: Host) => View;
  readonly plan: (view: View) => readonly ConfigEdit[];
}

/** New texts that were found to say what the edits say, and nothing else. Nothing is written yet. */
export interface Draft<View> {
  readonly after: View;
  /** Empty when the edits change nothing. */
  readonly changed: readonly ChangedText[];
  /** The text that the draft was made from; undefined for a file that is not there. */
  readonly textOf: (file: string) => string | undefined;
  /** Every file of the config. */
  readonly files: readonly string[];
  readonly roots: () => ReadonlyMap<string, readonly KeyPath[]>;
}

/**
 * Plans, edits the texts, and reads the result as a run would. `locked`: texts by real name that count instead of what the disk says. Throws
 * CONFIG_… when the config is broken already, CONFIG_EDIT_REFUSED, and what the result would be refused for.
 */
export function draftEdits<View extends ConfigQuestion>(input: DraftInput<View>, locked: ReadonlyMap<string, string | undefined>): Draft<View> {
  const { names, viewOf, plan } = input;
  const snapshot = snapshotOf(overlaid(input.host, locked, names));
  const view = viewOf(snapshot.host);
  const config = view.config();
  const edits = plan(view);
  const texts = configTexts(snapshot, config, names);
  const wanted = edits.length === 0 ? {} : rawTree(snapshot.host, config);
  for (const edit of edits) takeEdit(edit, wanted, texts);
  const changed = texts.changed();
  const draft = { changed, textOf: snapshot.textOf, files: config.exists ? config.files : [config.path], roots: () => texts.roots() };
  if (changed.length === 0) return { ...draft, after: view };
  const after = overlaid(snapshot.host, new Map(changed.map(({ file, after: { text } }) => [names.of(file), text])), names);
  refuseOtherMeaning(after, config, { wanted, edits, changed });
  return { ...draft, after: validView(viewOf(after)) };
}

/** The texts that a config was read from. */
export function configTexts({ host, textOf }: Snapshot, { path, homeDir }: Pick<LoadedConfig, "path" | "homeDir">, names: RealNames): ConfigTexts {
  return new ConfigTexts({
    configPath: path,
    textOf,
    realName: (file) => names.of(file),
    included: (target, from) => includedFile(target, from, { host, homeDir }),
  });
}

function takeEdit(edit: ConfigEdit, tree: Fields, texts: ConfigTexts): void {
  for (const step of stepsOf(edit, tree)) {
    writeStep(texts, step);
    takeStep(tree, step);
  }
}

/** All files as one value, as they are written: no `${VAR}` is replaced. */
function rawTree(host: Host, { path, homeDir }: LoadedConfig): Fields {
  const read = readWithIncludes(path, { host, homeDir, sources: new Sources(host), positions: undefined });
  return isObject(read?.value) ? read.value : {};
}

interface Wish {
  readonly wanted: Fields;
  readonly edits: readonly ConfigEdit[];
  readonly changed: readonly ChangedText[];
}

/** The new texts must mean what was asked for: not more where a file is included twice, not less where another file has the last word. */
function refuseOtherMeaning(host: Host, config: LoadedConfig, { wanted, edits, changed }: Wish): void {
  const found = readAgain(host, config);
  if (!(found instanceof AppError) && sameValue(found, wanted)) return;
  const key = keyPathText(edits[0]?.path ?? []);
  const place = placeOf(config, edits[0]?.path ?? []);
  throw new AppError("CONFIG_EDIT_REFUSED", `${key} cannot be changed alone: what includes what would give the change another meaning`, {
    hint: `Nothing was written. Edit ${changed[0]?.file ?? config.path} by hand; \`{cli} config get ${key}\` shows what counts afterwards.`,
    keyPath: key,
    ...(place !== undefined && { place }),
    ...(found instanceof AppError && { cause: found }),
  });
}

function readAgain(host: Host, config: LoadedConfig): Fields | AppError {
  try {
    return rawTree(host, config);
  } catch (thrown) {
    return asAppError(thrown);
  }
}

function placeOf(config: LoadedConfig, path: KeyPath) {
  for (let length = path.length; length > 0; length--) {
    const place = config.placeOf(path.slice(0, length));
    if (place !== undefined) return place;
  }
  return config.exists ? { file: config.path } : undefined;
}

/** What the result would be refused for, without places: that text is in no file. */
function validView<View extends ConfigQuestion>(view: View): View {
  try {
    view.config();
    return view;
  } catch (thrown) {
    const { code, message, facts } = asAppError(thrown);
    const { place: _, issues, ...rest } = facts;
    throw new AppError(code, `${message}; nothing was written`, {
      ...rest,
      ...(issues !== undefined && { issues: issues.map(({ place: _nowhere, ...issue }) => issue) }),
      cause: thrown,
    });
  }
}
