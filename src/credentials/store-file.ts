import { assertNever, type ErrorCode } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { readJson } from "../kernel/json-text.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import { type Exposure, exposureOf, folderExposureOf, type OpenFiles } from "./file-exposure.ts";

/** A file with credentials. `called` is its name in a sentence, for example "the auth store". */
export interface StoreFile {
  readonly host: Host;
  readonly file: string;
  readonly called: string;
  /** `refused` unless told. */
  readonly openFiles?: OpenFiles;
}

export type StoreFileRead = { readonly kind: "json"; readonly value: unknown; readonly text: string } | { readonly kind: "problem"; readonly problem: Problem };

export const LARGEST_STORE_BYTES = 1024 * 1024;
const LEFT_ALONE = "The file is left as it is. Correct it, or move it away and log in again.";
const HAS_BACKUP = "The file is left as it is. Correct it, or have its backup brought back: `{cli} doctor --repair`.";

/** Strict JSON, bounded in size and depth; a file that others can read is not read. undefined when there is no file. */
export function readStoreFile(store: StoreFile): StoreFileRead | undefined {
  const exposure = store.openFiles === "allowed" ? undefined : exposureOf(store.host, store.file);
  if (exposure !== undefined)
    return { kind: "problem", problem: exposed(store.file, `${store.called} ${exposure.message}; it was not read`, exposure, "error") };
  const read = store.host.readText(store.file, LARGEST_STORE_BYTES);
  switch (read.kind) {
    case "absent":
      return undefined;
    case "too_large":
      return problem(store, "STORE_UNREADABLE", `is larger than 1 MB (${read.sizeBytes} bytes) and was not read`);
    case "not_text":
      return problem(store, "STORE_UNREADABLE", "is not UTF-8 text");
    case "unreadable":
      return problem(store, "STORE_UNREADABLE", `cannot be read (${read.reason})`);
    case "text":
      return parseStoreText(store, read.text);
    default:
      return assertNever(read);
  }
}

export function parseStoreText(store: StoreFile, text: string): StoreFileRead {
  if (text.trim() === "") return problem(store, "STORE_SYNTAX", "is empty", { file: store.file, line: 1, column: 1 });
  const result = readJson(text, store.file);
  if (result.kind === "syntax") return problem(store, "STORE_SYNTAX", `is not valid JSON: ${result.message}`, result.place);
  return { kind: "json", value: result.value, text };
}

function problem(store: StoreFile, code: ErrorCode, message: string, place?: Place): StoreFileRead {
  return { kind: "problem", problem: storeProblem(store, code, message, place) };
}

export function storeProblem({ host, file, called }: StoreFile, code: ErrorCode, message: string, place: Place = { file }): Problem {
  const hint = host.inspect(backupOf(file)) === undefined ? LEFT_ALONE : HAS_BACKUP;
  return { code, severity: "error", subject: file, message: `${called} ${message}`, hint, place };
}

/** Others may read it: what is in it may be known to them. For files that are read all the same. */
export function permissionProblems({ host, file, called }: StoreFile): Problem[] {
  const exposure = exposureOf(host, file);
  return exposure === undefined ? [] : [exposed(file, `${called} ${exposure.message}`, exposure, "warning")];
}

/** What is worth knowing of a store that was read: it is open and that was allowed, or its backup or its folder is. */
export function surroundings(store: StoreFile): Problem[] {
  const { host, file, called } = store;
  const folder = host.paths.dirname(file);
  const wide = folderExposureOf(host, folder);
  return [
    ...permissionProblems(store),
    ...permissionProblems({ host, file: backupOf(file), called: `the backup of ${called}` }),
    ...(wide === undefined ? [] : [exposed(folder, `the folder of ${called} ${wide.message}`, wide, "warning")]),
  ];
}

export function backupOf(file: string): string {
  return `${file}.bak`;
}

export function exposed(file: string, message: string, { hint }: Exposure, severity: Problem["severity"]): Problem {
  return { code: "STORE_PERMISSIONS", severity, subject: file, message, hint, place: { file } };
}
