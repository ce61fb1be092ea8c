import type { RelayCall } from "./relay-call.ts";

export const LATE = Symbol("late");

/** What is promised, or LATE after so long. Who waits is not told of what is thrown: the promise itself is. */
export function within<T>(promise: Promise<T>, ms: number, after: RelayCall["after"]): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    const stop = after(ms, () => resolve(LATE));
    promise.finally(stop).then(resolve, reject);
  });
}
