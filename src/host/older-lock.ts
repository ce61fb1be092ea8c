import { statSync } from "node:fs";
import { AppError } from "../kernel/errors.ts";
import { longWait } from "../kernel/long-waits.ts";
import { beside } from "./beside.ts";
import { diskNowMs } from "./disk-clock.ts";
import { type Pace, realPace } from "./pace.ts";

/** When agents of earlier versions themselves take such a lock for left behind: they touch it every 15 s. */
const STALE_MS = 30_000;
const LOOK_MS = 100;

/**
 * The lock of earlier versions: a folder `auth-profiles.json.lock`, which its holder keeps touching. It is never ours and never removed; we wait
 * until it is gone, or left behind.
 */
export interface OlderLock {
  /** Throws LOCK_HELD after `timeoutMs`. */
  gone(timeoutMs: number, pace?: Pace): Promise<void>;
  /** Somebody took it after we saw that it was gone. */
  isTaken(): boolean;
}

/** `file` is a real path, `name` what the user calls it. */
export function olderLock(file: string, name = file): OlderLock {
  const folder = `${file}.lock`;
  /** The time of a folder that was left behind. */
  let ignoredMs: number | undefined;

  const touchedMs = (): number | undefined => {
    const stats = statSync(folder, { throwIfNoEntry: false });
    return stats?.isDirectory() === true ? stats.mtimeMs : undefined;
  };

  return {
    isTaken: () => ![undefined, ignoredMs].includes(touchedMs()),
    gone: async (timeoutMs, pace = realPace) => {
      const startMs = pace.nowMs();
      const waited = longWait(() => `Waiting for an agent of an earlier version, which is changing ${name} (${folder})`);
      let [lastMs, sameSinceMs] = [Number.NaN, startMs];
      for (;;) {
        const foundMs = touchedMs();
        if (foundMs === undefined) return;
        if (foundMs !== lastMs) [lastMs, sameSinceMs] = [foundMs, pace.nowMs()];
        // Its holder's clock may be wrong, so that it looks new for ever: then it is enough that nobody touches it.
        if (diskNowMs(beside(file).lock) - foundMs >= STALE_MS || pace.nowMs() - sameSinceMs >= STALE_MS) {
          ignoredMs = foundMs;
          return;
        }
        if (pace.nowMs() - startMs >= timeoutMs) throw olderLockHeld(name, folder);
        waited(pace.nowMs() - startMs);
        await pace.wait(LOOK_MS);
      }
    },
  };
}

function olderLockHeld(name: string, folder: string): AppError {
  return new AppError("LOCK_HELD", `${name} is being changed by an agent of an earlier version`, {
    hint: `Try again when it is done. If none is running, remove the folder ${folder}.`,
    place: { file: name },
  });
}
