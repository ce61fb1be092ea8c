import { AppError } from "../kernel/errors.ts";
import type { PackageFile, PackageFiles, PackageLimits } from "../kernel/plugin-machine.ts";
import { safePath } from "./safe-path.ts";

const BLOCK = 512;
const ANY_MAY_RUN = 0o111;

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly type: string;
}

/**
 * The files of a tar archive (POSIX ustar, with pax and GNU long names), which is not trusted in anything: regular files and folders alone, below
 * one place, of a moderate number and size. Throws PLUGIN_REFUSED.
 */
export function readTar(archive: Uint8Array, limits: PackageLimits): PackageFiles {
  const files = new Map<string, PackageFile>();
  const seen = new Set<string>();
  let totalBytes = 0;
  for (const { path, mode, bytes } of regularFiles(archive)) {
    const folded = path.toLowerCase();
    if (seen.has(folded)) throw refused(`it holds ${path} twice`);
    seen.add(folded);
    totalBytes += bytes.length;
    if (seen.size > limits.files) throw refused(`it holds more than ${limits.files} files`);
    if (totalBytes > limits.totalBytes) throw refused("its files are too large together");
    files.set(path, { bytes, isProgram: (mode & ANY_MAY_RUN) !== 0 });
  }
  return withoutTop(files);
}

interface Member {
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

function* regularFiles(archive: Uint8Array): Generator<Member> {
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = readHeader(archive.subarray(at, at + BLOCK));
    if (header === undefined) return;
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + header.sizeBytes);
    if (bytes.length < header.sizeBytes) throw refused("it is cut off");
    at += BLOCK + Math.ceil(header.sizeBytes / BLOCK) * BLOCK;
    const told = nameTold(header, bytes);
    if (told !== undefined) {
      longName = told === "" ? longName : told;
      continue;
    }
    const name = longName ?? header.name;
    longName = undefined;
    if (header.type === "5") continue;
    if (header.type !== "0" && header.type !== "\0") throw refused(`${shown(name)} is a link or no regular file`);
    const path = safePath(name);
    if (path === undefined) throw refused(`${shown(name)} is no name that a plugin's file may have`);
    yield { path, mode: header.mode, bytes };
  }
}

/** What an entry says about the name of the next one; empty when it says something else about it. undefined for an entry that is a file. */
function nameTold({ type, sizeBytes }: Header, bytes: Uint8Array): string | undefined {
  if (type === "g") return "";
  if (type !== "x" && type !== "L") return undefined;
  if (sizeBytes > 64 * 1024) throw refused("a name in it is too long");
  return type === "L" ? textOf(bytes) : paxPath(bytes);
}

/** `<length> path=<name>\n`, among other records; one about sizes or sparse files would make the archive mean something else than it says. */
function paxPath(bytes: Uint8Array): string {
  let path = "";
  for (const record of textOf(bytes).split("\n")) {
    const match = /^\d+ ([^=]+)=(.*)$/.exec(record);
    if (match === null) continue;
    const [, key = "", value = ""] = match;
    if (key === "path") path = value;
    else if (key === "size" || key === "linkpath" || key.startsWith("GNU.sparse")) throw refused("it is of a kind that is not read");
  }
  return path;
}

/** undefined at the end of the archive: a block of zeros. */
function readHeader(block: Uint8Array): Header | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : (block[i] ?? 0);
  if (octal(block, 148, 8) !== sum) throw refused("it is damaged, or no tar archive");
  const isUstar = textOf(block.subarray(257, 262)) === "ustar";
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : "";
  const name = textOf(block.subarray(0, 100));
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: octal(block, 100, 8),
    sizeBytes: octal(block, 124, 12),
    type: String.fromCharCode(block[156] ?? 0),
  };
}

function octal(block: Uint8Array, start: number, length: number): number {
  const digits = textOf(block.subarray(start, start + length)).trim();
  if (digits === "") return 0;
  if (!/^[0-7]+$/.test(digits)) throw refused("it is damaged, or of a kind that is not read");
  return Number.parseInt(digits, 8);
}

/** Up to the first zero byte. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** `package/…` of npm, or whatever else all of it lies in. */
function withoutTop(files: PackageFiles): PackageFiles {
  const [first = ""] = files.keys();
  const top = first.slice(0, first.indexOf("/") + 1);
  if (top === "" || ![...files.keys()].every((path) => path.startsWith(top))) return files;
  return new Map([...files].map(([path, file]) => [path.slice(top.length), file]));
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

function refused(why: string): AppError {
  return new AppError("PLUGIN_REFUSED", `the archive is not taken in: ${why}`, { hint: "Nothing was installed. Get it again, or ask who made it." });
}
