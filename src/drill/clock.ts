import type { StopSignal } from "../kernel/stop-signal.ts";

/** A clock of its own: time passes only while nobody has anything to do, and then at once to the next thing that waits. */
export interface DrillClock {
  /** Milliseconds since the drill began. */
  nowMs(): number;
  /** Calls back after so many milliseconds, unless the function that it gives is called first. */
  after(ms: number, act: () => void): () => void;
  /** Rejects with the signal's reason. */
  wait(ms: number, signal?: StopSignal): Promise<void>;
  /** Lets time pass until the work is done. Throws when nothing waits and it is not: then it would never end. */
  run<T>(work: Promise<T>): Promise<T>;
}

interface Alarm {
  readonly atMs: number;
  readonly act: () => void;
}

/** Turns of the real event loop without a sound, after which nobody has anything to do. */
const QUIET_TURNS = 3;
/** Of the real event loop. Far more than any drill takes. */
const MOST_TURNS = 200_000;

/** `turn` resolves in the next turn of the real event loop. */
export function drillClock(turn: () => Promise<void>): DrillClock {
  const alarms = new Set<Alarm>();
  let nowMs = 0;

  const after = (ms: number, act: () => void): (() => void) => {
    const alarm = { atMs: nowMs + Math.max(0, ms), act };
    alarms.add(alarm);
    return () => void alarms.delete(alarm);
  };

  /** The earliest, and of several the first that was set. */
  const ring = (): boolean => {
    let next: Alarm | undefined;
    for (const alarm of alarms) if (next === undefined || alarm.atMs < next.atMs) next = alarm;
    if (next === undefined) return false;
    alarms.delete(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.act();
    return true;
  };

  return {
    nowMs: () => nowMs,
    after,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          stop();
          reject(signal?.reason);
        };
        const stop = after(ms, () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        });
        if (signal?.aborted === true) leave();
        else signal?.addEventListener("abort", leave, { once: true });
      }),
    run: (work) => runUntilDone(work, turn, ring),
  };
}

/** Rings one alarm after the other while the work waits for them. */
async function runUntilDone<T>(work: Promise<T>, turn: () => Promise<void>, ring: () => boolean): Promise<T> {
  let isDone = false;
  const end = (): void => {
    isDone = true;
  };
  work.then(end, end);
  for (let turns = 0; turns < MOST_TURNS; turns++) {
    for (let quiet = 0; quiet < QUIET_TURNS && !isDone; quiet++) await turn();
    if (isDone || !ring()) break;
  }
  return isDone ? work : Promise.reject(new Error("the drill stands still"));
}
