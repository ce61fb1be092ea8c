import type { HttpDeadlines } from "../kernel/http.ts";

type Phase = "connect" | "first_byte" | "idle" | "total";

/** The clocks of one call. The signal fires when one of them passes, with a `TimeoutError` that names the phase, and when the caller's does. */
export interface Phases {
  readonly signal: AbortSignal;
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

export function startPhases({ connectMs, firstByteMs, idleMs, totalMs }: HttpDeadlines, caller: AbortSignal): Phases {
  const controller = new AbortController();
  const leave = (): void => controller.abort(caller.reason);
  if (caller.aborted) leave();
  else caller.addEventListener("abort", leave, { once: true });
  let phase: Phase = "connect";
  const pass = (): void => controller.abort(passed(phase));
  let step: NodeJS.Timeout | undefined = setTimeout(pass, connectMs);
  const whole = totalMs === undefined ? undefined : setTimeout(() => controller.abort(passed(phase === "idle" ? "total" : phase)), totalMs);
  const enter = (next: Phase, ms: number): void => {
    clearTimeout(step);
    phase = next;
    step = setTimeout(pass, ms);
  };
  return {
    signal: controller.signal,
    sent: () => enter("first_byte", firstByteMs),
    answered: () => enter("idle", idleMs),
    heard: () => {
      if (step === undefined) step = setTimeout(pass, idleMs);
      else step.refresh();
    },
    rest: () => {
      clearTimeout(step);
      step = undefined;
    },
    end: () => {
      clearTimeout(step);
      clearTimeout(whole);
      caller.removeEventListener("abort", leave);
    },
  };
}

function passed(phase: Phase): Error {
  return Object.assign(new Error(`the deadline for ${phase} has passed`), { name: "TimeoutError", phase });
}
