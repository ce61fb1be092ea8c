import { refText } from "../catalog/model-ref.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { type Examined, providerOf } from "./facts.ts";

/** A model of the chain, and what it is there. */
export interface UseRow {
  /** "default", "fallback#1", "image", "image-fallback#1". */
  role: string;
  /** provider/model, or as written where that leads nowhere. */
  ref: string;
}

/** The models of the chain that a provider answers for. */
export function usesOf(provider: ProviderId, { chain, registry }: Pick<Examined, "chain" | "registry">): UseRow[] {
  return chain.entries
    .filter((entry) => providerOf(entry, registry) === provider)
    .map(({ role, position, resolution, raw }) => ({
      role: role === "default" || role === "image" ? role : `${role}#${position}`,
      ref: resolution === undefined ? raw : refText(resolution.ref),
    }));
}
