import { existsSync, readlinkSync } from "node:fs";
import { errnoOf } from "./errno.ts";
import { readBytes, readSmall } from "./read-bytes.ts";

/** Who somebody is among all threads of all processes of all machines that can see a file. */
export interface Identity {
  readonly pid: number;
  /** The kernel's number of the thread, which for the main thread is the pid. Without /proc: Node's own. */
  readonly thread: number;
  /** When the thread began, in ticks since the machine started: a number that was given out again has another. Empty: unknown. */
  readonly start: string;
  /** Differs after each start of the machine. Empty: unknown. */
  readonly boot: string;
  /** The namespaces in which the numbers above mean something. */
  readonly space: string;
  /** Of the installed system. Empty in many containers; then only the host's name tells machines apart. */
  readonly machine: string;
  readonly hostname: string;
}

/** `unknown`: it is there, or may be, and more cannot be seen. */
export type ThreadState = { readonly state: string; readonly start: string } | "gone" | "unknown";

const MAX_BYTES = 1024;

let known: Identity | undefined;

/** This thread. What the system does not have, or does not show us, is empty. Throws when it fails. */
export function ownIdentity(): Identity {
  if (known !== undefined) return known;
  const look = { refused: false };
  const own = {
    ...ownThread(look),
    boot: textOf("/proc/sys/kernel/random/boot_id", look),
    space: ["pid", "time"].map((name) => linkOf(`/proc/self/ns/${name}`, look)).join(" "),
    machine: textOf("/etc/machine-id", look),
    hostname: textOf("/proc/sys/kernel/hostname", look) || process.getBuiltinModule("node:os").hostname(),
  };
  if (!look.refused) known = own;
  return own;
}

/** What the system says of a thread, of any user. */
export function threadState(pid: number, thread: number): ThreadState {
  try {
    const read = readBytes(`/proc/${pid}/task/${thread}/stat`, MAX_BYTES);
    if (read.kind === "bytes") return parseStat(read.bytes.toString("latin1"));
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    if (reason !== "ESRCH") return "unknown";
  }
  // A process that /proc hides from us still has its number.
  return existsSync(`/proc/${pid}`) || !hasProcess(pid) ? "gone" : "unknown";
}

/**
 * Whether a thread that once was there still is. `unknown` counts as alive; a number that was given out again does not. One that did not know its own
 * beginning did not know its number either, and lives as long as there is a process of its pid.
 */
export function lifeOf({ pid, thread, start }: Pick<Identity, "pid" | "thread" | "start">, stateOf = threadState): "alive" | "dead" {
  const found = stateOf(pid, start === "" ? pid : thread);
  if (found === "gone") return "dead";
  if (found === "unknown") return "alive";
  if (/^[ZXx]$/.test(found.state)) return "dead";
  return start === "" || found.start === start ? "alive" : "dead";
}

function ownThread(look: Look): Pick<Identity, "pid" | "thread" | "start"> {
  const stat = textOf("/proc/thread-self/stat", look);
  if (stat === "") return { pid: process.pid, thread: process.getBuiltinModule("node:worker_threads").threadId, start: "" };
  return { pid: process.pid, thread: Number.parseInt(stat, 10), start: parseStat(stat).start };
}

/** The program's name, which is in brackets, may hold anything; state and start are the 3rd and the 22nd word. */
function parseStat(stat: string): { state: string; start: string } {
  const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: words[0] ?? "", start: words[19] ?? "" };
}

function hasProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return errnoOf(thrown) !== "ESRCH";
  }
}

/** A refusal may be over the next time; that there is no such thing stays. */
interface Look {
  refused: boolean;
}

function textOf(file: string, look: Look): string {
  return answerOf(() => readSmall(file, MAX_BYTES).toString("latin1").trim(), look);
}

function linkOf(link: string, look: Look): string {
  return answerOf(() => readlinkSync(link), look);
}

function answerOf(ask: () => string, look: Look): string {
  try {
    return ask();
  } catch (thrown) {
    const reason = errnoOf(thrown) ?? "";
    if (reason === "EACCES" || reason === "EPERM") look.refused = true;
    // Who mounts a file into a container that the machine outside does not have gets a folder of its name.
    else if (!["ENOENT", "ENOTDIR", "EINVAL", "EISDIR"].includes(reason)) throw thrown;
    return "";
  }
}
