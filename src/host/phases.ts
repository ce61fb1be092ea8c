import type { HttpDeadlines } from "../kernel/http.ts";
import { LONGEST_TIMER_MS, Stop, type StopSignal } from "../kernel/stop-signal.ts";
import { monotonicMs } from "./monotonic.ts";

type Phase = "connect" | "first_byte" | "idle" | "total";

/** The clocks of one call. The signal fires when one of them passes, with a `TimeoutError` that names the phase, and when the caller's does. */
export interface Phases {
  readonly signal: StopSignal;
  /** The connection stands, and the request is on its way. */
  sent(): void;
  /** The headers are in. */
  answered(): void;
  /** A piece of the body is in. */
  heard(): void;
  /** Nobody reads what came: silence is not the vendor's fault until `heard` is called again. */
  rest(): void;
  /** The call is over; no clock runs any more. */
  end(): void;
}

export function startPhases(deadlines: HttpDeadlines, caller: StopSignal): Phases {
  return new Clocks(deadlines, caller);
}

/** All clocks in one timer: phases come and go, and mostly their ends move later. A timer that fires too early is set again. */
class Clocks implements Phases {
  readonly #deadlines: HttpDeadlines;
  readonly #caller: StopSignal;
  readonly #stop = new Stop();
  readonly #leave = (): void => this.#stop.abort(this.#caller.reason);
  readonly #ring = (): void => this.#look();
  #phase: Phase = "connect";
  #stepEndMs: number;
  readonly #wholeEndMs: number;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = Number.POSITIVE_INFINITY;

  constructor(deadlines: HttpDeadlines, caller: StopSignal) {
    this.#deadlines = deadlines;
    this.#caller = caller;
    const now = monotonicMs();
    this.#stepEndMs = now + deadlines.connectMs;
    this.#wholeEndMs = now + (deadlines.totalMs ?? Number.POSITIVE_INFINITY);
    if (caller.aborted) this.#leave();
    else caller.addEventListener("abort", this.#leave, { once: true });
    this.#wind(now);
  }

  get signal(): StopSignal {
    return this.#stop;
  }

  sent(): void {
    this.#enter("first_byte", this.#deadlines.firstByteMs);
  }

  answered(): void {
    this.#enter("idle", this.#deadlines.idleMs);
  }

  heard(): void {
    this.#enter("idle", this.#deadlines.idleMs);
  }

  rest(): void {
    this.#stepEndMs = Number.POSITIVE_INFINITY;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timerMs = Number.NEGATIVE_INFINITY;
    this.#caller.removeEventListener("abort", this.#leave);
  }

  #enter(phase: Phase, ms: number): void {
    const now = monotonicMs();
    this.#phase = phase;
    this.#stepEndMs = now + ms;
    this.#wind(now);
  }

  /** A timer that fires soon enough stays. */
  #wind(now: number): void {
    const endMs = Math.min(this.#stepEndMs, this.#wholeEndMs);
    if (endMs >= this.#timerMs || endMs === Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    this.#timerMs = endMs;
    this.#timer = setTimeout(this.#ring, Math.min(LONGEST_TIMER_MS, Math.ceil(endMs - now)));
  }

  #look(): void {
    const now = monotonicMs();
    this.#timerMs = Number.POSITIVE_INFINITY;
    if (now < Math.min(this.#stepEndMs, this.#wholeEndMs)) this.#wind(now);
    else this.#stop.abort(passed(this.#phase === "idle" && this.#wholeEndMs < this.#stepEndMs ? "total" : this.#phase));
  }
}

function passed(phase: Phase): Error {
  return Object.assign(new Error(`the deadline for ${phase} has passed`), { name: "TimeoutError", phase });
}
