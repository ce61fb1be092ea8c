import * as path from "node:path";
import { type Identity, lifeOf, ownIdentity } from "./identity.ts";
import type { Liveness } from "./lock-record.ts";
import { randomToken } from "./random-token.ts";

/** Pid, thread, begin, and where these numbers mean something; then a token. */
const MAKER = String.raw`(\d+)-(\d+)-(\d*)-([0-9a-f]{8})\.[\w-]{12}`;

/** What the protocol keeps beside a file. All names begin with a dot and the whole name of the file. */
export interface Beside {
  readonly lock: string;
  /** Where a new content, or a new backup, is written before it is renamed. Only the holder of the lock makes these. */
  temporary(): string;
}

/** `file` is a real path. */
export function beside(file: string): Beside {
  const start = path.join(path.dirname(file), `.${path.basename(file)}.`);
  return { lock: `${start}lock`, temporary: () => `${start}${makerName()}.tmp` };
}

/** The right to remove one dead acquisition of a lock. */
export function claimName(lock: string, token: string): string {
  return `${lock}.break.${token}`;
}

/** A private file that becomes a lock or a claim by being linked to that name. */
export function candidateName(name: string): string {
  return `${name}.${makerName()}.t`;
}

export type Leftover = { readonly kind: "temporary" } | { readonly kind: "claim" } | { readonly kind: "candidate"; readonly maker: Liveness };

/** What a name in the folder is to `file`; undefined when it has nothing to do with it. */
export function leftoverKind(file: string, name: string): Leftover | undefined {
  const prefix = `.${path.basename(file)}.`;
  if (!name.startsWith(prefix)) return undefined;
  const rest = name.slice(prefix.length);
  if (new RegExp(`^${MAKER}\\.tmp$`).test(rest)) return { kind: "temporary" };
  if (/^lock\.break\.[\w-]+$/.test(rest)) return { kind: "claim" };
  const maker = new RegExp(`^lock\\.(?:break\\.[\\w-]+\\.)?${MAKER}\\.t$`).exec(rest);
  if (maker === null) return undefined;
  const [, pid, thread, start = "", where = ""] = maker;
  return { kind: "candidate", maker: judgeMaker({ pid: Number(pid), thread: Number(thread), start }, where) };
}

function makerName(): string {
  const { pid, thread, start } = ownIdentity();
  return `${pid}-${thread}-${start}-${whereabouts(ownIdentity())}.${randomToken()}`;
}

/** Our own thread is between two calls when it asks: what it left is dead. */
function judgeMaker(maker: Pick<Identity, "pid" | "thread" | "start">, where: string): Liveness {
  const own = ownIdentity();
  if (where !== whereabouts(own)) return "foreign";
  return maker.pid === own.pid && maker.thread === own.thread && maker.start === own.start ? "dead" : lifeOf(maker);
}

/** Machine, start of the machine and namespaces in eight characters (FNV-1a). */
function whereabouts({ boot, space, machine, hostname }: Identity): string {
  let hash = 0x811c9dc5;
  for (const unit of Buffer.from([boot, space, machine, hostname].join("\n"))) hash = Math.imul(hash ^ unit, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
