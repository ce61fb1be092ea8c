import { checksum } from "../kernel/checksum.ts";
import { expected } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { isObject } from "../kernel/json-value.ts";

/** What was done last, for `config undo`. Contents are not kept here: the old text is in `<file>.bak`. */
export interface EditRecord {
  /** "models set". */
  readonly command: string;
  readonly atMs: number;
  readonly files: readonly RecordedFile[];
}

export interface RecordedFile {
  readonly file: string;
  /** Checksum of the text; null where there was no file. */
  readonly before: string | null;
  readonly after: string;
}

const VERSION = 2;
const LARGEST_BYTES = 256 * 1024;

/** What changed, as fingerprints. */
export function editRecord(
  host: Host,
  command: string,
  files: readonly { readonly file: string; readonly before: string | undefined; readonly after: string }[],
): EditRecord {
  const recorded = files.map(({ file, before, after }) => ({ file, before: before === undefined ? null : checksum(before), after: checksum(after) }));
  return { command, atMs: host.nowMs(), files: recorded };
}

/** The change itself is safe already: when this cannot be written, only `config undo` has nothing to go by. */
export function keepRecord(host: Host, stateDir: string, record: EditRecord): void {
  try {
    host.replaceFile(recordPath(host, stateDir), `${JSON.stringify({ version: VERSION, ...record }, undefined, 2)}\n`, "unflushed");
  } catch (thrown) {
    expected(thrown);
  }
}

/** undefined when there is none, and for one that we cannot read. */
export function readRecord(host: Host, stateDir: string): EditRecord | undefined {
  const read = host.readText(recordPath(host, stateDir), LARGEST_BYTES);
  if (read.kind !== "text") return undefined;
  try {
    const value: unknown = JSON.parse(read.text);
    return isObject(value) && value["version"] === VERSION ? recordOf(value) : undefined;
  } catch {
    return undefined;
  }
}

function recordPath({ paths }: Host, stateDir: string): string {
  return paths.join(stateDir, "signalbox", "last-edit.json");
}

function recordOf({ command, atMs, files }: Readonly<Record<string, unknown>>): EditRecord | undefined {
  if (typeof command !== "string" || typeof atMs !== "number" || !Array.isArray(files)) return undefined;
  const recorded = files.filter(isRecordedFile);
  return recorded.length > 0 && recorded.length === files.length ? { command, atMs, files: recorded } : undefined;
}

function isRecordedFile(value: unknown): value is RecordedFile {
  if (!isObject(value)) return false;
  const { file, before, after } = value;
  return typeof file === "string" && (before === null || typeof before === "string") && typeof after === "string";
}
