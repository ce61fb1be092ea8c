import type { Soon } from "../kernel/soon.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import type { GatewayKey } from "./gateway-key.ts";

/** The right to be answered now. It has to be given back, once. */
export type Admission =
  | { readonly kind: "admitted"; readonly leave: () => void }
  | { readonly kind: "refused"; readonly why: "full" | "waited" | "key busy" | "key rate"; readonly retryAfterMs: number }
  | { readonly kind: "gone" };

export interface AdmissionLimits {
  readonly concurrency: number;
  readonly queue: number;
  readonly waitMs: number;
}

export interface Admissions {
  /** A promise where it has to wait. */
  enter(key: Pick<GatewayKey, "name" | "concurrency" | "requestsPerMinute">, signal: StopSignal): Soon<Admission>;
  readonly running: number;
  readonly waiting: number;
}

interface Clock {
  readonly nowMs: () => number;
  readonly after: (ms: number, act: () => void) => () => void;
}

interface Waiter {
  readonly key: string;
  admit(): void;
  refuse(why: "full" | "waited"): void;
}

const MINUTE_MS = 60_000;
const SOON_MS = 1000;

/** A place that becomes free goes to the client that has the fewest, so that one that asks a lot does not shut out the others. */
export function createAdmissions(limits: () => AdmissionLimits, clock: Clock): Admissions {
  return new Queue(limits, clock);
}

type Asking = Pick<GatewayKey, "name" | "concurrency" | "requestsPerMinute">;

class Queue implements Admissions {
  readonly #limits: () => AdmissionLimits;
  readonly #clock: Clock;
  readonly #running = new Map<string, number>();
  readonly #windows = new Map<string, { readonly fromMs: number; count: number }>();
  readonly #waiting: Waiter[] = [];
  running = 0;

  constructor(limits: () => AdmissionLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  enter({ name, concurrency, requestsPerMinute }: Asking, signal: StopSignal): Soon<Admission> {
    if (signal.aborted) return { kind: "gone" };
    const held = concurrency === undefined ? 0 : this.#runningOf(name) + this.#waiting.filter(({ key }) => key === name).length;
    if (concurrency !== undefined && held >= concurrency) return { kind: "refused", why: "key busy", retryAfterMs: SOON_MS };
    const rateMs = this.#overRate(name, requestsPerMinute);
    if (rateMs !== undefined) return { kind: "refused", why: "key rate", retryAfterMs: rateMs };
    if (this.running < this.#limits().concurrency && this.#waiting.length === 0) return { kind: "admitted", leave: this.#take(name) };
    return this.#makeRoom(name) ? this.#wait(name, signal) : { kind: "refused", why: "full", retryAfterMs: SOON_MS };
  }

  #runningOf(key: string): number {
    return this.#running.get(key) ?? 0;
  }

  #take(key: string): () => void {
    this.running++;
    this.#running.set(key, this.#runningOf(key) + 1);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.running--;
      if (this.#runningOf(key) <= 1) this.#running.delete(key);
      else this.#running.set(key, this.#runningOf(key) - 1);
      this.#next();
    };
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.running < this.#limits().concurrency) {
      const fewest = this.#waiting.reduce((best, waiter) => (this.#runningOf(waiter.key) < this.#runningOf(best.key) ? waiter : best));
      this.#waiting.splice(this.#waiting.indexOf(fewest), 1);
      fewest.admit();
    }
  }

  /** Milliseconds until the key may ask again; undefined when it may now. */
  #overRate(key: string, most: number | undefined): number | undefined {
    if (most === undefined) return undefined;
    const now = this.#clock.nowMs();
    const window = this.#windows.get(key);
    if (window === undefined || now - window.fromMs >= MINUTE_MS) {
      this.#windows.set(key, { fromMs: now, count: 1 });
      return undefined;
    }
    if (window.count >= most) return window.fromMs + MINUTE_MS - now;
    window.count++;
    return undefined;
  }

  /** When all places to wait are taken, the client that holds the most gives one to a client that holds fewer. */
  #makeRoom(key: string): boolean {
    if (this.#waiting.length < this.#limits().queue) return true;
    const counts = new Map<string, number>();
    for (const waiter of this.#waiting) counts.set(waiter.key, (counts.get(waiter.key) ?? 0) + 1);
    const [greediest, most] = [...counts].reduce((best, row) => (row[1] > best[1] ? row : best), ["", 0] as [string, number]);
    if (most <= (counts.get(key) ?? 0) + 1) return false;
    const last = this.#waiting.findLastIndex((waiter) => waiter.key === greediest);
    this.#waiting.splice(last, 1)[0]?.refuse("full");
    return true;
  }

  #wait(key: string, signal: StopSignal): Promise<Admission> {
    return new Promise((resolve) => {
      const settle = (admission: Admission): void => {
        stopClock();
        signal.removeEventListener("abort", onGone);
        const index = this.#waiting.indexOf(waiter);
        if (index !== -1) this.#waiting.splice(index, 1);
        resolve(admission);
      };
      const waiter: Waiter = {
        key,
        admit: () => settle({ kind: "admitted", leave: this.#take(key) }),
        refuse: (why) => settle({ kind: "refused", why, retryAfterMs: SOON_MS }),
      };
      const onGone = (): void => settle({ kind: "gone" });
      const stopClock = this.#clock.after(this.#limits().waitMs, () => waiter.refuse("waited"));
      signal.addEventListener("abort", onGone, { once: true });
      this.#waiting.push(waiter);
    });
  }
}
