import type { Limits, Timeouts } from "./limits.ts";
import type { RoutedModel } from "./route.ts";

/** A model that reasons may be silent for this long before its first word. */
const REASONING_MS = 300_000;
/** An answer in one piece says nothing before its last word. */
const ONE_PIECE_MS = 120_000;

/** How long each part of one attempt may take. What somebody wrote holds for every model. */
export function deadlinesFor(model: Pick<RoutedModel, "spec">, { timeouts, written }: Limits, as: "streamed" | "one piece"): Omit<Timeouts, "attemptsMs"> {
  const patience = model.spec?.reasoning === true ? REASONING_MS : as === "one piece" ? ONE_PIECE_MS : 0;
  const { connectMs, firstByteMs, firstTokenMs, idleMs, totalMs } = timeouts;
  return {
    connectMs,
    firstByteMs: written.has("firstByteMs") ? firstByteMs : Math.max(firstByteMs, patience),
    firstTokenMs: written.has("firstTokenMs") ? firstTokenMs : Math.max(firstTokenMs, patience),
    idleMs,
    totalMs,
  };
}
