import type { Host } from "../kernel/host.ts";
import type { WindowLeft } from "../routing/profile-choice.ts";
import { readUsageCache } from "./usage-cache.ts";
import { usageFile } from "./usage-file.ts";
import { type KnownAccount, windowsLeft } from "./windows.ts";

/** What is left of the accounts, in memory, as `models usage` and the gateway were told it. Nobody is asked here. */
export interface KnownWindows {
  /** As it was at the last look. */
  latest(): ReadonlyMap<string, readonly WindowLeft[]>;
  /** Reads the file again, if it is another one than at the last look. */
  look(): void;
  /** Looks where the last one is a while ago. */
  lookIfDue(): void;
}

export const LOOK_EVERY_MS = 15_000;

export function openKnownWindows(host: Host, stateDir: string, accountsNow: () => readonly KnownAccount[]): KnownWindows {
  let known: ReadonlyMap<string, readonly WindowLeft[]> = new Map();
  let lookedMs = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    lookedMs = host.monotonicMs();
    // Most have never asked: then there is no file, and no account is looked at.
    const isThere = host.inspect(usageFile(host, stateDir)) !== undefined;
    known = isThere ? windowsLeft(readUsageCache(host, stateDir), accountsNow(), host.nowMs()) : new Map();
  };
  return {
    latest: () => known,
    look,
    lookIfDue: () => {
      if (host.monotonicMs() - lookedMs >= LOOK_EVERY_MS) look();
    },
  };
}
