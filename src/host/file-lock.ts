import { AppError } from "../kernel/errors.ts";
import { longWait } from "../kernel/long-waits.ts";
import type { Contender, FileLock } from "./contender.ts";
import { threadState } from "./identity.ts";
import { contendForKernelLock } from "./kernel-lock.ts";
import { contendForLinkLock } from "./link-lock.ts";
import { judge, type Owner } from "./lock-record.ts";
import { type Pace, realPace } from "./pace.ts";

export interface LockRequest {
  /** For others that wait. */
  readonly command: string;
  readonly timeoutMs: number;
  /** What the user calls the file; its real path unless told. */
  readonly name?: string;
  readonly pace?: Pace;
}

const LONGEST_WAIT_MS = 12;

/** `file` is a real path. Waits without holding up the process. Throws LOCK_HELD after `timeoutMs`, and what the system throws. */
export async function acquireLock(file: string, { command, timeoutMs, name = file, pace = realPace }: LockRequest): Promise<FileLock> {
  const contender = contenderFor(process.platform)(file, command);
  const startMs = pace.nowMs();
  const waited = longWait(() => `Waiting for ${holderOf(contender)}, which is changing ${name}`);
  for (let spreadMs = 0.5; ; spreadMs = Math.min(spreadMs * 1.5, LONGEST_WAIT_MS)) {
    const lock = contender.attempt(pace.nowMs());
    if (lock !== undefined) return lock;
    if (pace.nowMs() - startMs >= timeoutMs) throw lockHeld(name, contender);
    waited(pace.nowMs() - startMs);
    await pace.wait(0.2 + Math.random() * spreadMs);
  }
}

/** Where the kernel locks a file as it is opened, and forgets that when the process dies, nothing else is needed. */
export function contenderFor(platform: NodeJS.Platform): (file: string, command: string) => Contender {
  return platform === "darwin" || platform === "win32" ? contendForKernelLock : contendForLinkLock;
}

function lockHeld(name: string, { lock, holder }: Contender): AppError {
  const owner = holder();
  return new AppError("LOCK_HELD", `${name} is being changed by ${holderOf({ holder: () => owner })}`, {
    hint: owner === undefined ? `Try again. If nobody changes it, remove ${lock}.` : whatToDo(owner, lock),
    place: { file: name },
  });
}

function holderOf({ holder }: Pick<Contender, "holder">): string {
  const owner = holder();
  return owner === undefined ? "another process" : whoIs(owner);
}

function whoIs({ pid, command, atMs }: Owner): string {
  const since = Math.abs(atMs) < 8.64e15 ? ` since ${new Date(atMs).toISOString().replace(/\.\d+/, "")}` : "";
  return `"${command}" (process ${pid})${since}`;
}

function whatToDo(owner: Owner, lock: string): string {
  if (judge(owner) === "foreign") return `It runs in another container or on another machine. If it is gone, remove ${lock}.`;
  const found = threadState(owner.pid, owner.thread);
  const isStopped = typeof found === "object" && /^[Tt]$/.test(found.state);
  return isStopped
    ? `That process is stopped: continue it with \`kill -CONT ${owner.pid}\`, or end it.`
    : `Wait until it is done, or end it with \`kill ${owner.pid}\`.`;
}
