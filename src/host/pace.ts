import { monotonicMs } from "./monotonic.ts";
/** Time that only goes forward, and waiting: the clock on the wall decides nothing here. Tests give another. */
export interface Pace {
  nowMs(): number;
  wait(ms: number): Promise<void>;
}

export const realPace: Pace = {
  nowMs: monotonicMs,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
