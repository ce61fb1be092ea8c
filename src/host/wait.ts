import { LONGEST_TIMER_MS, type StopSignal } from "../kernel/stop-signal.ts";

/** Rejects with the signal's reason. 0: the next turn, which comes sooner than any timer. */
export function wait(ms: number, signal?: StopSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const done = (): void => {
      signal?.removeEventListener("abort", leave);
      resolve();
    };
    const stop = ms === 0 ? soon(done) : later(done, ms);
    const leave = (): void => {
      stop();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
  });
}

function soon(act: () => void): () => void {
  const turn = setImmediate(act);
  return () => clearImmediate(turn);
}

function later(act: () => void, ms: number): () => void {
  let timer: NodeJS.Timeout;
  const wind = (leftMs: number): void => {
    timer = leftMs > LONGEST_TIMER_MS ? setTimeout(() => wind(leftMs - LONGEST_TIMER_MS), LONGEST_TIMER_MS) : setTimeout(act, leftMs);
  };
  wind(ms);
  return () => clearTimeout(timer);
}
