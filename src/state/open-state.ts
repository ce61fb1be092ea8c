import { AppError, expected } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { openEventLog } from "./event-log.ts";
import { isLaterVersion, keptRests, MAX_STATE_BYTES, restsIn, statePath, stateText } from "./read-rests.ts";
import type { RestRow, StateStore } from "./state-store.ts";

/** Longer than any change takes, and short enough for who waits for an answer. */
const LOCK_TIMEOUT_MS = 5000;

export interface FileState extends StateStore {
  /** Why rests could not be changed the last time, with its code and its next step; undefined when they were. */
  readonly lastError: AppError | undefined;
}

/** The state of this machine, in files below `$STATE/signalbox`. Opening it touches no disk. */
export function openState(host: Host, stateDir: string): FileState {
  const file = statePath(host, stateDir);
  const log = openEventLog(host, host.paths.join(stateDir, "signalbox", "usage"));
  let failure: AppError | undefined;
  let seen: Seen | undefined;
  return {
    rests: async () => {
      seen = look(host, file, seen);
      return seen.rows;
    },
    changeRests: async (keys, change) => {
      try {
        await changeFile(host, file, keys, change);
        failure = undefined;
        return "changed";
      } catch (thrown) {
        failure = expected(thrown);
        return failure.code === "LOCK_HELD" || failure.code === "FILE_CHANGED" ? "busy" : "failed";
      }
    },
    append: async (event) => log.append(event),
    flush: async () => log.flush(),
    events: (fromMs, toMs, missed) => log.events(fromMs, toMs, missed),
    get lastFault() {
      return failure?.message ?? log.lastFault();
    },
    get lastError() {
      return failure;
    },
  };
}

/** What the file held when it was last looked at. */
interface Seen {
  readonly stamp: string;
  /** Rows that are believed now are misdated once the clock was put back. */
  readonly atMs: number;
  readonly rows: ReadonlyMap<string, RestRow>;
}

/** The file is read again only when it is another one, for what changes it puts a new one in its place, or when the clock was put back. */
function look(host: Host, file: string, before: Seen | undefined): Seen {
  const facts = host.inspect(file);
  const stamp = facts === undefined ? "" : `${facts.modifiedMs} ${facts.sizeBytes}`;
  const atMs = host.nowMs();
  const isKnown = before !== undefined && before.stamp === stamp && before.atMs <= atMs;
  if (isKnown && (facts === undefined || facts.modifiedMs > 0)) return before;
  const read = host.readText(file, MAX_STATE_BYTES);
  return { stamp, atMs, rows: read.kind === "text" ? restsIn(read.text, atMs) : new Map() };
}

async function changeFile(host: Host, file: string, keys: readonly string[], change: Parameters<StateStore["changeRests"]>[1]): Promise<void> {
  const keeping = { kept: "secrets", backup: "none", maxBytes: MAX_STATE_BYTES, command: "rests", lockTimeoutMs: LOCK_TIMEOUT_MS } as const;
  await host.changeFiles([file], keeping, (texts) => {
    const text = texts.get(file);
    if (text !== undefined && isLaterVersion(text)) throw laterVersion(file);
    const rows = text === undefined ? new Map<string, RestRow>() : restsIn(text, host.nowMs());
    const before = stateText(rows);
    const asked = new Map(keys.flatMap((key) => rows.get(key) ?? []).map((row) => [row.key, row]));
    for (const [key, row] of change(asked)) {
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
    const after = stateText(keptRests(rows.values(), host.nowMs()));
    return after === before ? new Map() : new Map([[file, after]]);
  });
}

function laterVersion(file: string): AppError {
  return new AppError("FILE_UNREADABLE", `${file} was written by a later version`, {
    hint: "Rests are kept in memory alone until this program is updated.",
    place: { file },
  });
}
