import { type Soon, whenThere } from "../kernel/soon.ts";
import { Stop, type StopSignal } from "../kernel/stop-signal.ts";
import { deadlinePassed } from "../protocols/thrown.ts";
import type { RelayCall } from "./relay-call.ts";
import type { Tried } from "./run-types.ts";

type Clock = Pick<RelayCall, "signal" | "firstTokenMs" | "after">;
type Stopping = () => void;
type Opened = Tried<{ readonly over: Soon<unknown> }> | undefined;

/**
 * Opens an answer under the caller's signal, and under a clock that stops when its first content is in hand, or when it is told to. The caller's signal holds
 * to a stream's end.
 */
export function untilFirstToken<R extends Opened>(clock: Clock, open: (signal: StopSignal, stop: Stopping) => Promise<R>): Promise<R> {
  return underClock(clock, (signal, start) => open(signal, start()));
}

/**
 * The same for an answer in one piece: nothing comes before all of it is there, and that long its headers may take. From them on the clock runs until the
 * body has truly begun, whatever is written to keep the connection: one that has begun is paid for, and so it is waited for.
 */
export function untilBegun<R extends Opened>(clock: Clock, open: (signal: StopSignal, onHeaders: () => Stopping) => Promise<R>): Promise<R> {
  return underClock(clock, open);
}

async function underClock<R extends Opened>(
  { signal, firstTokenMs, after }: Clock,
  open: (signal: StopSignal, start: () => Stopping) => Promise<R>,
): Promise<R> {
  const controller = new Stop();
  const leave = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) leave();
  else signal?.addEventListener("abort", leave, { once: true });
  const unlink = (): void => signal?.removeEventListener("abort", leave);
  let stop: Stopping = () => undefined;
  const start = (): Stopping => {
    stop = after(firstTokenMs, () => controller.abort(deadlinePassed("first_byte")));
    return stop;
  };
  try {
    const tried = await open(controller.signal, start);
    if (tried?.kind === "opened") void whenThere(tried.value.over, unlink);
    else unlink();
    return tried;
  } finally {
    stop();
  }
}
