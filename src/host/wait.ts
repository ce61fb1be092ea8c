import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";

/** Rejects with the signal's reason. 0: the next turn, which comes sooner than any timer. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const options = signal === undefined ? {} : { signal };
  try {
    await (ms === 0 ? turn(undefined, options) : sleep(ms, undefined, options));
  } catch (thrown) {
    signal?.throwIfAborted();
    throw thrown;
  }
}
