/** What an AbortSignal tells those who work under it. Every AbortSignal is one. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", act: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", act: () => void): void;
}

/** Used as an AbortController is, where one is made several times a request. Whoever listens is called once. */
export class Stop implements StopSignal {
  #listeners: (() => void)[] = [];
  aborted = false;
  reason: unknown = undefined;

  get signal(): StopSignal {
    return this;
  }

  abort(reason: unknown = leftByCaller()): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const act of listeners) act();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_type: "abort", act: () => void): void {
    if (!this.aborted && !this.#listeners.includes(act)) this.#listeners.push(act);
  }

  removeEventListener(_type: "abort", act: () => void): void {
    const index = this.#listeners.indexOf(act);
    if (index !== -1) this.#listeners.splice(index, 1);
  }
}

/** Fires with the first of them. One that outlives the others may hold them, unless all are AbortSignals. */
export function anyOf(...signals: readonly StopSignal[]): StopSignal {
  if (signals.every((signal) => signal instanceof AbortSignal)) return AbortSignal.any([...signals]);
  const stop = new Stop();
  for (const signal of signals) {
    if (signal.aborted) stop.abort(signal.reason);
    else signal.addEventListener("abort", () => stop.abort(signal.reason), { once: true });
  }
  return stop;
}

/** Node takes a longer timer for none at all: 24.8 days. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Fires when the time is over: at once for what is no time. Node's own throws for many a number. */
export function timeUp(ms: number): AbortSignal {
  return AbortSignal.timeout(ms > 0 ? Math.min(Math.ceil(ms), LONGEST_TIMER_MS) : 0);
}

function leftByCaller(): Error {
  return Object.assign(new Error("the call was left by its caller"), { name: "AbortError" });
}
