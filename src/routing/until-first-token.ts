import { type Soon, whenThere } from "../kernel/soon.ts";
import { Stop, type StopSignal } from "../kernel/stop-signal.ts";
import { deadlinePassed } from "../protocols/thrown.ts";
import type { RelayCall } from "./relay-call.ts";
import type { Tried } from "./run-plan.ts";

/** Opens a stream under the caller's signal, and under a clock that stops when its first content is in hand. The caller's signal holds to the stream's end. */
export async function untilFirstToken<T extends { readonly over: Soon<unknown> }>(
  { signal, firstTokenMs, after }: Pick<RelayCall, "signal" | "firstTokenMs" | "after">,
  open: (signal: StopSignal) => Promise<Tried<T>>,
): Promise<Tried<T>> {
  const controller = new Stop();
  const leave = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) leave();
  else signal?.addEventListener("abort", leave, { once: true });
  const unlink = (): void => signal?.removeEventListener("abort", leave);
  const stopClock = after(firstTokenMs, () => controller.abort(deadlinePassed("first_byte")));
  try {
    const tried = await open(controller.signal);
    if (tried.kind === "opened") void whenThere(tried.value.over, unlink);
    else unlink();
    return tried;
  } finally {
    stopClock();
  }
}
