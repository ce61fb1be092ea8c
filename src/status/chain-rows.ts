import { refText } from "../catalog/model-ref.ts";
import type { Resolution } from "../catalog/resolve.ts";
import { cooldownText, passedOverText } from "../credentials/passed-over.ts";
import type { ChainEntry, ChainRole } from "../routing/chain.ts";
import { unfitProvider } from "../routing/fitness.ts";
import { type Examined, isKeptOut, providerOf, rotationFor } from "./facts.ts";

/** Whether a model of the chain could answer now. `broken`: its reference leads nowhere. `not allowed`: an allowlist keeps it out. */
export type Readiness = "ready" | "missing" | "expired" | "cooling" | "not needed" | "delegated" | "broken" | "not allowed";

/** The detail of a model for which there is no account at all. */
export const NO_CREDENTIAL = "no credential";

/** One place of the chain. */
export interface ChainRow {
  role: ChainRole;
  /** From 1 within its role. */
  position: number;
  /** As written. */
  raw: string;
  from: "agent" | "defaults" | "built-in";
  /** null when the reference leads nowhere. */
  ref: string | null;
  provider: string | null;
  alias: string | null;
  /** From `ref@profile`. */
  pinnedProfile: string | null;
  readiness: Readiness;
  /** The profile that would be asked, who answers instead, or what is the matter. */
  detail: string;
  /** Milliseconds since 1970; for `cooling`. */
  until: number | null;
}

export function chainRow(entry: ChainEntry, examined: Examined): ChainRow {
  const { role, position, raw, from, resolution } = entry;
  return {
    role,
    position,
    raw,
    from,
    ref: resolution === undefined ? null : refText(resolution.ref),
    provider: providerOf(entry, examined.registry) ?? null,
    alias: resolution?.alias?.alias ?? null,
    pinnedProfile: resolution?.profile ?? null,
    ...readinessOf(entry, examined),
  };
}

type Ready = Pick<ChainRow, "readiness" | "detail" | "until">;

function readinessOf(entry: ChainEntry, examined: Examined): Ready {
  const { resolution, problem } = entry;
  if (resolution === undefined) return { readiness: "broken", detail: problem?.message ?? "leads nowhere", until: null };
  if (isKeptOut(entry, examined)) return { readiness: "not allowed", detail: `${(examined.allowlist?.keyPath ?? []).join(".")} does not list it`, until: null };
  return readinessOfResolution(resolution, examined);
}

/** Of a model alone, whatever its place in the chain. */
export function readinessOfResolution(resolution: Resolution, examined: Examined): Ready {
  const { provider } = resolution.ref;
  const registered = examined.registry.get(provider);
  const unfit = registered === undefined ? undefined : unfitProvider(registered.provider);
  if (unfit !== undefined) return { readiness: "missing", detail: `${provider} ${unfit.why}`, until: null };
  const { candidates, passedOver } = rotationFor(resolution, examined);
  const [first] = candidates;
  if (first !== undefined) return { readiness: "ready", detail: first.id, until: null };
  const standing = resolution.profile === undefined ? examined.credentials.standingOf(provider) : undefined;
  if (standing !== undefined) return { readiness: standing.kind, detail: standing.detail, until: null };
  const resting = passedOver.find(({ reason }) => reason === "cooling");
  if (resting?.cooldown !== undefined) {
    return { readiness: "cooling", detail: `${resting.profileId} ${cooldownText(resting.cooldown, examined.nowMs)}`, until: resting.cooldown.untilMs };
  }
  const expired = passedOver.find(({ reason }) => reason === "expired");
  const passed = expired ?? passedOver[0];
  const readiness = expired === undefined ? "missing" : "expired";
  if (passed === undefined) return { readiness, detail: NO_CREDENTIAL, until: null };
  if (passed.profileId === resolution.profile && passed.reason === "unknown") return { readiness, detail: `no profile ${passed.profileId}`, until: null };
  return { readiness, detail: `${passed.profileId} ${passedOverText(passed, examined.nowMs)}`, until: null };
}
