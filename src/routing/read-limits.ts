import { READ_LIMITS, type ReadLimits } from "../protocols/protocol.ts";
import type { Limits } from "./limits.ts";

const known = new WeakMap<Limits, ReadLimits>();

/** How much of an answer is read, as the config says it: made once for all requests. */
export function readLimitsOf(limits: Limits): ReadLimits {
  const found = known.get(limits);
  if (found !== undefined) return found;
  const made = { ...READ_LIMITS, streamBytes: limits.gateway.streamBytes };
  known.set(limits, made);
  return made;
}
