import type { Agents } from "../config/agents.ts";
import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { doubledKey } from "../kernel/doubled-key.ts";
import { withExactNumbers } from "../kernel/exact-numbers.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Problem } from "../kernel/problem.ts";
import { storeFields } from "./auth-store.ts";
import { carryOver } from "./carry-over.ts";
import { exposureOf, openFilesOf } from "./file-exposure.ts";
import { StoreDocument } from "./store-document.ts";
import { type Draft, draftOf } from "./store-draft.ts";
import type { EntryContent } from "./store-entry.ts";
import { backupOf, LARGEST_STORE_BYTES, parseStoreText, readStoreFile, type StoreFile, storeProblem } from "./store-file.ts";

export type NewProfile = EntryContent;
export type StoreDraft = Draft;

export interface StoreEditInput {
  readonly host: Host;
  /** The agent's own `auth-profiles.json`; made when absent, with what earlier versions kept for the agent carried over. */
  readonly file: string;
  readonly idOf: (text: string) => ProviderId;
  readonly command: string;
  /** `current` after a secret was taken out: then it is in no backup. */
  readonly backup: "previous" | "current";
  /** For what earlier versions kept, and for `<PREFIX>_ALLOW_INSECURE_PERMS`. Without them the agent counts as the main one, and `oauth.json` is not seen. */
  readonly names?: InstallationNames;
  readonly config?: LoadedConfig;
  readonly agents?: Agents;
}

export interface StoreEdited<T> {
  readonly kind: "written" | "unchanged";
  readonly file: string;
  readonly result: T;
  /** Ids that were carried over from files of earlier versions, and those files: nobody reads them from now on. */
  readonly carriedOver: readonly { readonly file: string; readonly ids: readonly ProfileId[] }[];
}

/**
 * Changes one auth store under its lock. Throws STORE_SYNTAX, STORE_SHAPE, STORE_UNREADABLE, STORE_PERMISSIONS (exit 65 or 77: a store that cannot be
 * read is never replaced) and what `changeFiles` throws; then nothing was written. `change` may be called more than once.
 */
export async function editStore<T>(input: StoreEditInput, change: (draft: StoreDraft) => T): Promise<StoreEdited<T>> {
  const { host, file, command, backup } = input;
  const store: StoreFile = { host, file, called: "the auth store", openFiles: openFilesOf(host, input.names) };
  refuseExposed(store);
  const found = readStoreFile(store);
  if (found?.kind === "problem") throw asError(found.problem);
  let last: Changed<T> | undefined;
  const written = await host.changeFiles([file], { kept: "secrets", backup, maxBytes: LARGEST_STORE_BYTES, command }, (texts) => {
    last = changed(texts.get(file), store, input, change);
    return last.text === undefined ? new Map() : new Map([[file, last.text]]);
  });
  if (last === undefined) throw new AppError("INTERNAL", `${file} was not opened`, { hint: "This is a bug. Please report it with the command that you ran." });
  const kind = written.length > 0 ? "written" : "unchanged";
  if (kind === "written") await forgetTokensOf(last.endedLogins, input);
  return { kind, file, result: last.result, carriedOver: kind === "written" ? last.carriedOver : [] };
}

interface Changed<T> extends Pick<StoreEdited<T>, "result" | "carriedOver"> {
  /** undefined: nothing was changed. */
  readonly text: string | undefined;
  readonly endedLogins: StoreDraft["endedLogins"];
}

function changed<T>(before: string | undefined, store: StoreFile, input: StoreEditInput, change: (draft: StoreDraft) => T): Changed<T> {
  const { document, carriedOver } = before === undefined ? newDocument(store, input) : { document: openDocument(store, before), carriedOver: [] };
  const content = document.content;
  const draft = draftOf(document, input.idOf);
  const result = change(draft);
  const text = document.content === content ? undefined : document.text;
  return { result, text, carriedOver, endedLogins: draft.endedLogins };
}

/** Those that wait elsewhere for the store: nobody would put them there any more, and the issuer takes them still. */
async function forgetTokensOf(ids: StoreDraft["endedLogins"], { host, file }: StoreEditInput): Promise<void> {
  if (ids.size === 0) return;
  const machine = await host.refreshing();
  for (const id of ids) machine.forgetRescued({ store: file, id });
}

function openDocument(store: StoreFile, text: string): StoreDocument {
  const parsed = parseStoreText(store, text);
  const fields = parsed.kind === "problem" ? parsed : storeFields(store, parsed.value, parsed.text);
  if (fields.kind === "problem") throw asError(fields.problem);
  const version = fields.top["version"];
  if (typeof version === "number" && version > 1) {
    const problem = storeProblem(store, "STORE_SHAPE", `says version ${version}; only version 1 is written here`);
    throw asError({ ...problem, hint: "A later version of an agent made it: change it with that one." });
  }
  const doubled = doubledKey(text, store.file);
  if (doubled !== undefined) {
    const problem = storeProblem(store, "STORE_SHAPE", `has "${doubled.key}" twice in one object; writing it would drop the first`, doubled.place);
    throw asError({ ...problem, hint: "Nothing was written. Take one of the two out of the file: the last one is what counts now." });
  }
  const exact = withExactNumbers(text);
  return new StoreDocument(objectAt(JSON.parse(exact.text)) ?? fields.top, exact);
}

function newDocument(store: StoreFile, input: StoreEditInput): { readonly document: StoreDocument; readonly carriedOver: Changed<unknown>["carriedOver"] } {
  const carried = carryOver(store, input);
  const unusable = carried.problems[0];
  if (unusable !== undefined) throw asError(unusable);
  return { document: new StoreDocument({ version: 1, rev: 0, profiles: Object.fromEntries(carried.entries) }), carriedOver: carried.files };
}

/** What is in an open file may be known to others, and would be replaced in silence by one that is not. */
function refuseExposed({ host, file, called, openFiles }: StoreFile): void {
  if (openFiles === "allowed") return;
  for (const [path, name] of [
    [file, called],
    [backupOf(file), `the backup of ${called}`],
  ] as const) {
    const exposure = exposureOf(host, path);
    if (exposure !== undefined)
      throw new AppError("STORE_PERMISSIONS", `${name} ${exposure.message}; nothing was written`, { hint: exposure.hint, place: { file: path } });
  }
}

function asError({ code, message, hint, place }: Problem): AppError {
  return new AppError(code, message, { hint, ...(place !== undefined && { place }) });
}
