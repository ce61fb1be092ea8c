import { lstatSync } from "node:fs";
import { errnoOf } from "./errno.ts";
import { type Identity, lifeOf, ownIdentity, threadState } from "./identity.ts";
import { randomToken } from "./random-token.ts";
import { readBytes } from "./read-bytes.ts";
import { asText } from "./read-text.ts";

/** Who made a lock. It stands in the lock file, as JSON. */
export interface Owner extends Identity {
  /** Of this one acquisition; never used again. */
  readonly token: string;
  /** By the clock on its wall; only for people. */
  readonly atMs: number;
  readonly command: string;
}

/** What a lock file, or a claim, says. Without `owner` it says nothing that can be used, and `token` is made from the file itself. */
export interface LockRecord {
  readonly token: string;
  readonly owner?: Owner;
}

/** `foreign`: whether its maker lives cannot be known from here. */
export type Liveness = "alive" | "dead" | "foreign";

export const MAX_RECORD_BYTES = 4096;
const MAX_COMMAND = 100;
const TOKEN = /^[\w-]{1,40}$/;
const SHUT = new Set(["EACCES", "EPERM", "ELOOP"]);
const LIVE = Symbol.for("signalbox.live-locks");

export function newOwner(command: string): Owner {
  return { ...ownIdentity(), token: randomToken(), atMs: Date.now(), command: command.slice(0, MAX_COMMAND) };
}

/** The tokens that this thread holds now: one set, however many copies of this code were loaded. */
export function liveTokens(): Set<string> {
  const holder = process as { [LIVE]?: Set<string> };
  holder[LIVE] ??= new Set();
  return holder[LIVE];
}

/**
 * undefined when there is none. An empty or damaged one cannot come from a process that died, for locks appear with their content; but from a power
 * cut, a disk without hard links, or another user whose file we may not read. Throws when the system fails.
 */
export function readLockRecord(file: string): LockRecord | undefined {
  try {
    const read = asText(readBytes(file, MAX_RECORD_BYTES));
    if (read.kind === "absent") return undefined;
    const owner = read.kind === "text" ? parseOwner(read.text) : undefined;
    if (owner !== undefined) return { token: owner.token, owner };
  } catch (thrown) {
    if (!SHUT.has(errnoOf(thrown) ?? "")) throw thrown;
  }
  return unusable(file);
}

/**
 * Whether the maker of a lock still lives. A thread is told by its number together with when it began; our own thread by what it remembers: a lock of
 * ours that we do not know was left behind. What a container or another machine made is foreign: its numbers mean nothing here.
 */
export function judge(owner: Owner, own = ownIdentity(), stateOf = threadState, live: ReadonlySet<string> = liveTokens()): Liveness {
  if (owner.machine !== own.machine || owner.hostname !== own.hostname) return "foreign";
  // Without the system's own id, machines with one hostname cannot be told from one machine that was started again.
  if (owner.boot !== own.boot) return [own.machine, own.boot, owner.boot].includes("") ? "foreign" : "dead";
  if (owner.space !== own.space) return "foreign";
  if (owner.pid === own.pid && owner.thread === own.thread && owner.start === own.start) return live.has(owner.token) ? "alive" : "dead";
  return lifeOf(owner, stateOf);
}

function parseOwner(text: string): Owner | undefined {
  let found: Partial<Record<keyof Owner, unknown>> | null;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== "object" || found === null) return undefined;
  const { pid, thread, start, boot, space, machine, hostname, token, atMs, command } = found;
  if (!isNumber(pid) || pid <= 0 || !isNumber(thread) || !isNumber(atMs) || typeof token !== "string" || !TOKEN.test(token)) return undefined;
  const words = { start, boot, space, machine, hostname, command };
  return hasWords(words) ? { pid, thread, atMs, token, ...words } : undefined;
}

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);

function hasWords<K extends string>(words: Record<K, unknown>): words is Record<K, string> {
  return Object.values(words).every((word) => typeof word === "string");
}

/** Number and time of the file stand for the token that cannot be read. */
function unusable(file: string): LockRecord | undefined {
  const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : { token: `file-${stats.ino}-${stats.mtimeNs}` };
}
