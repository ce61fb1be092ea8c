import type { Host } from "../../src/kernel/host.ts";

/** A clock that goes from one thing that is due to the next, for what takes minutes in a real one. */
export interface VirtualTime {
  readonly clock: Pick<Host, "nowMs" | "monotonicMs" | "wait" | "random">;
  /** Runs until nothing is due before `untilMs`. */
  run(untilMs: number): Promise<void>;
}

interface Due {
  readonly atMs: number;
  readonly go: () => void;
}

export function virtualTime(startMs: number): VirtualTime {
  let nowMs = startMs;
  let seed = 1;
  const due: Due[] = [];
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const add = (one: Due): void => {
    let [low, high] = [0, due.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((due[middle]?.atMs ?? 0) > one.atMs) low = middle + 1;
      else high = middle;
    }
    due.splice(low, 0, one);
  };
  return {
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs - startMs,
      random,
      wait: (ms) => new Promise((resolve) => add({ atMs: nowMs + ms, go: resolve })),
    },
    run: async (untilMs) => {
      for (;;) {
        const next = due.at(-1);
        if (next === undefined || next.atMs > untilMs) return;
        due.pop();
        nowMs = Math.max(nowMs, next.atMs);
        next.go();
        if (due.at(-1)?.atMs !== nowMs) await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
