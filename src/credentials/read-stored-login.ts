import { objectAt, stated } from "../kernel/json-value.ts";
import type { LicenceOfUse } from "../provider/login-method.ts";
import type { LastRefresh, NeedsLogin, RefreshIntent, StoredLogin } from "./stored-login.ts";

type Fields = Readonly<Record<string, unknown>>;

export const LICENCES: readonly LicenceOfUse[] = ["own-client", "vendor-announced", "delegate-binary", "vendor-tool-only"];
const OUTCOMES: readonly LastRefresh["outcome"][] = ["renewed", "adopted", "failed", "interrupted"];

/** The field `signalbox` of an entry. undefined where it does not say enough to renew the login: then it is somebody else's. */
export function readStoredLogin(value: unknown): StoredLogin | undefined {
  const fields = objectAt(value);
  const program = textOf(fields?.["program"]);
  const none = program === undefined ? undefined : "";
  const [method, tokenUrl = none, clientId = none] = ["method", "tokenUrl", "clientId"].map((name) => textOf(fields?.[name]));
  const licence = LICENCES.find((known) => known === fields?.["licence"]);
  if (fields === undefined || method === undefined || tokenUrl === undefined || clientId === undefined || licence === undefined) return undefined;
  const scopes = Array.isArray(fields["scopes"]) ? fields["scopes"].filter((scope) => typeof scope === "string") : [];
  return {
    ...{ method, licence, tokenUrl, clientId, scopes },
    generation: numberOf(fields["generation"]) ?? 1,
    obtainedAtMs: numberOf(fields["obtainedAtMs"]) ?? 0,
    ...(fields["clientSecretIn"] === "header" && { clientSecretIn: "header" as const }),
    ...stated({
      program,
      clientSecretVariable: textOf(fields["clientSecretVariable"]),
      issuer: textOf(fields["issuer"]),
      lifetimeSeconds: numberOf(fields["lifetimeSeconds"]),
      clockAheadMs: numberOf(fields["clockAheadMs"]),
      intent: intentOf(objectAt(fields["intent"])),
      lastRefresh: lastRefreshOf(objectAt(fields["lastRefresh"])),
      needsLogin: needsLoginOf(objectAt(fields["needsLogin"])),
    }),
  };
}

/** Of one entry; what an interrupted refresh left is there whatever else is damaged. */
function intentOf(fields: Fields | undefined): RefreshIntent | undefined {
  return fields && { generation: numberOf(fields["generation"]) ?? 0, atMs: numberOf(fields["atMs"]) ?? 0, by: textOf(fields["by"]) ?? "another program" };
}

function lastRefreshOf(fields: Fields | undefined): LastRefresh | undefined {
  const outcome = OUTCOMES.find((known) => known === fields?.["outcome"]);
  const atMs = numberOf(fields?.["atMs"]);
  if (fields === undefined || outcome === undefined || atMs === undefined) return undefined;
  const more = { why: textOf(fields["why"]), failures: numberOf(fields["failures"]), retryAtMs: numberOf(fields["retryAtMs"]) };
  return { atMs, by: textOf(fields["by"]) ?? "another program", outcome, ...stated(more) };
}

function needsLoginOf(fields: Fields | undefined): NeedsLogin | undefined {
  return fields && { sinceMs: numberOf(fields["sinceMs"]) ?? 0, why: textOf(fields["why"]) ?? "it was refused" };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
