import type { Host } from "../kernel/host.ts";
import type { Place } from "../kernel/place.ts";
import type { Secret } from "../kernel/secret.ts";
import { holdsSecret, secretsOf } from "./clear-text.ts";
import type { Credential } from "./profile.ts";

const LARGEST_BYTES = 5 * 1024 * 1024;
const DEEPEST = 6;
const MOST_FILES = 5000;
const MOST_BYTES = 256 * 1024 * 1024;
/** Folders that hold programs, not words of agents. */
const PASSED_OVER = new Set(["node_modules", ".git"]);

export interface CopySearch {
  readonly host: Host;
  /** Searched with what is below it: 6 levels, 5,000 files of at most 5 MB, 256 MB in all. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

export interface CopiesFound {
  /** The first place in each file. */
  readonly places: readonly Place[];
  /** There was more in the folders than is searched. */
  readonly isCut: boolean;
}

/** Where these secrets stand as they are. */
export function copiesOf(credentials: readonly Credential[], { host, folders, files }: CopySearch): CopiesFound {
  const secrets = credentials.flatMap(secretsOf);
  if (secrets.length === 0) return { places: [], isCut: false };
  const below: Walk = { host, found: [], bytes: 0, isCut: false };
  for (const folder of folders) walk(folder, 0, below);
  const all = [...new Set([...files, ...below.found])];
  return { places: all.flatMap((file) => firstPlace(file, secrets, host) ?? []).sort(byFile), isCut: below.isCut };
}

function firstPlace(file: string, secrets: readonly Secret[], host: Host): Place | undefined {
  const read = host.readText(file, LARGEST_BYTES);
  const text = read.kind === "text" ? read.text : read.kind === "not_text" ? read.guess : "";
  if (!secrets.some((secret) => holdsSecret(text, secret))) return undefined;
  const line = text.split(/\r\n|\r|\n/).findIndex((written) => secrets.some((secret) => holdsSecret(written, secret)));
  return { file, ...(line >= 0 && { line: line + 1 }) };
}

function byFile(a: Place, b: Place): number {
  return a.file < b.file ? -1 : 1;
}

interface Walk {
  readonly host: Host;
  readonly found: string[];
  bytes: number;
  isCut: boolean;
}

function walk(folder: string, depth: number, state: Walk): void {
  for (const { name, kind } of state.host.listFolder(folder)) {
    const path = state.host.paths.join(folder, name);
    const facts = kind === "other" || PASSED_OVER.has(name) ? undefined : state.host.inspect(path);
    if (facts === undefined || (kind === "folder" && facts.isLink)) continue;
    const isTooMuch = depth >= DEEPEST || state.found.length >= MOST_FILES || state.bytes + facts.sizeBytes > MOST_BYTES;
    if (isTooMuch || (kind === "file" && facts.sizeBytes > LARGEST_BYTES)) state.isCut = true;
    else if (kind === "folder") walk(path, depth + 1, state);
    else {
      state.found.push(path);
      state.bytes += facts.sizeBytes;
    }
  }
}
