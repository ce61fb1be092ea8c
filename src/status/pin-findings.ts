import { passedOverText } from "../credentials/passed-over.ts";
import { didYouMean } from "../kernel/nearest.ts";
import type { Problem } from "../kernel/problem.ts";
import { type ChainEntry, roleText } from "../routing/chain.ts";
import { type Examined, isKeptOut, rotationFor } from "./facts.ts";

/** A model of the chain that names an account which cannot be asked: no other account of the provider answers for it. */
export function pinFindings(examined: Examined): Problem[] {
  return examined.chain.entries.flatMap((entry) => pinFinding(entry, examined));
}

function pinFinding(entry: ChainEntry, examined: Examined): Problem[] {
  const { resolution, role, position } = entry;
  const pinned = resolution?.profile;
  if (resolution === undefined || pinned === undefined || isKeptOut(entry, examined)) return [];
  const [passed] = rotationFor(resolution, examined).passedOver;
  if (passed === undefined || passed.reason === "cooling" || isSaidAlready(pinned, resolution.ref.provider, examined)) return [];
  const why = passed.reason === "unknown" ? "there is no such account" : `that ${passedOverText(passed, examined.nowMs)}`;
  const place = entry.placeOf();
  return [
    {
      code: "CREDENTIAL_MISSING",
      severity: "error",
      subject: pinned,
      message: `${roleText(role, position)} is to be asked with ${pinned} alone, and ${why}`,
      hint: hintFor(pinned, resolution.ref.provider, examined),
      ...(place !== undefined && { place }),
    },
  ];
}

/** An account in use that is past its end has a finding of its own. */
function isSaidAlready(pinned: string, provider: Parameters<Examined["rotationOf"]>[0], { rotationOf }: Examined): boolean {
  return rotationOf(provider).passedOver.some(({ profileId, reason }) => profileId === pinned && reason === "expired");
}

function hintFor(pinned: string, provider: string, { credentials }: Examined): string {
  const known = credentials.profiles.filter((profile) => profile.provider === provider && profile.id !== pinned).map(({ id }) => id);
  if (known.length === 0) return `Store that account, or leave out "@${pinned}".`;
  return `Write another account after the "@", or none. Accounts of ${provider}: ${known.join(", ")}.${didYouMean(pinned, known)}`;
}
