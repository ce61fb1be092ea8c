import { AppError } from "../kernel/errors.ts";
import type { FileKeeping, FileTexts } from "../kernel/host.ts";
import { type Alone, aloneWith, type Target } from "./alone.ts";
import { commit } from "./commit.ts";
import { errnoOf } from "./errno.ts";
import { type BytesRead, readBytes } from "./read-bytes.ts";
import { asText } from "./read-text.ts";
import type { Change, OldFile } from "./stage.ts";
import { sweep } from "./sweep.ts";

const MAX_ROUNDS = 10;
/** One change in so many looks for what killed writers left, besides the first one of each process. */
const SWEEP_ONE_IN = 20;
let changes = 0;
const BOM = "\uFEFF";

/**
 * See `Host.changeFiles`. Nobody else's content is overwritten unseen: agents of earlier versions and editors write without our lock, so each file is
 * read once more just before it is replaced. A file with several hard links is replaced like any other: its other names keep the old content.
 */
export async function changeFiles(files: readonly string[], keeping: FileKeeping, change: (texts: FileTexts) => FileTexts): Promise<readonly string[]> {
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const written = await aloneWith(files, keeping, (alone) => changeAlone(alone, keeping, change));
    if (written !== "again") return written;
  }
  throw new AppError("FILE_CHANGED", `${files.join(", ")}: somebody else wrote each time that it was to be written`, {
    hint: "Nothing was written. Try again when the other program is done.",
  });
}

async function changeAlone(alone: Alone, keeping: FileKeeping, change: (texts: FileTexts) => FileTexts): Promise<readonly string[] | "again"> {
  const { targets } = alone;
  // A backup without what was taken out is worth nothing while a killed writer's file still holds it.
  if (changes++ % SWEEP_ONE_IN === 0 || alone.tookOver || keeping.backup === "current") for (const { file } of targets) sweep(file);
  const olds = new Map(targets.map((target) => [target, readOld(target, keeping.maxBytes)]));
  const wanted = change(textsOf(olds));
  const wished = targets.flatMap((target) => changeOf(target, olds.get(target), wanted, keeping.maxBytes) ?? []);
  if (wished.length === 0) return [];
  return (await commit(wished, keeping, alone.isStill)) === "again" ? "again" : wished.map(({ name }) => name);
}

interface OldText extends OldFile {
  readonly text: string;
}

function textsOf(olds: ReadonlyMap<Target, OldText | undefined>): FileTexts {
  const texts = new Map<string, string>();
  for (const [{ names }, old] of olds) if (old !== undefined) for (const name of names) texts.set(name, old.text);
  return texts;
}

/** undefined when it stays as it is. Under several names the last that is different counts. */
function changeOf({ file, names }: Target, old: OldText | undefined, wanted: FileTexts, maxBytes: number): Change | undefined {
  const name = names.findLast((each) => wanted.get(each) !== undefined && wanted.get(each) !== old?.text);
  const text = name === undefined ? undefined : wanted.get(name);
  if (name === undefined || text === undefined) return undefined;
  const bytes = Buffer.from(hasMark(old) && !text.startsWith(BOM) ? BOM + text : text, "utf8");
  if (bytes.length <= maxBytes) return { name, file, old, bytes };
  throw new AppError("FILE_WRITE_FAILED", `${name} would become larger (${bytes.length} bytes) than what is read of it (${maxBytes})`, {
    hint: "It is unchanged. Take something out of it first.",
    place: { file: name },
  });
}

function hasMark(old: OldFile | undefined): boolean {
  return old?.bytes.subarray(0, 3).toString("latin1") === "\u00ef\u00bb\u00bf";
}

function readOld({ file, names: [name] }: Target, maxBytes: number): OldText | undefined {
  const read = reading(name, () => readBytes(file, maxBytes));
  const found = asText(read);
  if (found.kind === "text" && read.kind === "bytes") return { text: found.text, bytes: read.bytes, stats: read.stats };
  if (found.kind === "absent") return undefined;
  throw unreadable(name, found.kind === "unreadable" ? found.reason : found.kind);
}

function reading(name: string, read: () => BytesRead): BytesRead {
  try {
    return read();
  } catch (thrown) {
    const reason = errnoOf(thrown);
    throw reason === undefined ? thrown : unreadable(name, reason, thrown);
  }
}

/** What is not read is not replaced either. */
function unreadable(name: string, reason: string, cause?: unknown): AppError {
  const why: Readonly<Record<string, string>> = {
    too_large: "is too large to be changed",
    not_text: "is not UTF-8 text",
    EISDIR: "is a folder",
    ENOTFILE: "is no file",
  };
  return new AppError("FILE_UNREADABLE", `${name} ${why[reason] ?? `cannot be read (${reason})`}`, {
    hint: "It is left as it is. Look at what is there, and at its permissions.",
    place: { file: name },
    ...(cause === undefined ? {} : { cause }),
  });
}
