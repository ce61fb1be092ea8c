import { assertNever, type ErrorCode } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { parseJson } from "../kernel/json-text.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";

/** A file with credentials. `called` is its name in a sentence, for example "the auth store". */
export interface StoreFile {
  readonly host: Host;
  readonly file: string;
  readonly called: string;
}

export type StoreFileRead = { readonly kind: "json"; readonly value: unknown; readonly text: string } | { readonly kind: "problem"; readonly problem: Problem };

const LARGEST_BYTES = 1024 * 1024;
const LEFT_ALONE = "The file is left as it is. Correct it, or move it away and log in again.";

/** Strict JSON, bounded in size and depth. undefined when there is no file. */
export function readStoreFile(store: StoreFile): StoreFileRead | undefined {
  const read = store.host.readText(store.file, LARGEST_BYTES);
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
      return parsed(store, read.text);
    default:
      return assertNever(read);
  }
}

function parsed(store: StoreFile, text: string): StoreFileRead {
  if (text.trim() === "") return problem(store, "STORE_SYNTAX", "is empty", { file: store.file, line: 1, column: 1 });
  const result = parseJson(text, store.file);
  if (result.kind === "syntax") return problem(store, "STORE_SYNTAX", `is not valid JSON: ${result.message}`, result.place);
  return { kind: "json", value: result.value, text };
}

function problem(store: StoreFile, code: ErrorCode, message: string, place?: Place): StoreFileRead {
  return { kind: "problem", problem: storeProblem(store, code, message, place) };
}

export function storeProblem({ file, called }: StoreFile, code: ErrorCode, message: string, place: Place = { file }): Problem {
  return { code, severity: "error", subject: file, message: `${called} ${message}`, hint: LEFT_ALONE, place };
}

/** Others may read it: what is in it may be known to them. Nothing is said on Windows, which has no such bits. */
export function permissionProblems({ host, file, called }: StoreFile): Problem[] {
  const facts = host.inspect(file);
  if (facts === undefined || (facts.mode & 0o066) === 0) return [];
  const mode = (facts.mode & 0o777).toString(8);
  const message = `${called} can be read or written by other users of this machine (mode ${mode})`;
  return [{ code: "STORE_PERMISSIONS", severity: "warning", subject: file, message, hint: `Run: chmod 600 ${shellWord(file, host.osHome)}`, place: { file } }];
}

/** With the shell's own `~` where nothing has to be quoted. */
function shellWord(path: string, osHome: string): string {
  if (!/^[\w@%+=:,./-]+$/.test(path)) return `'${path.replaceAll("'", "'\\''")}'`;
  return osHome.length > 1 && path.startsWith(`${osHome}/`) ? `~${path.slice(osHome.length)}` : path;
}
