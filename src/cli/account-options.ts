import type { Broker } from "../broker.ts";
import { unknownProvider } from "../catalog/resolve.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { parseDuration } from "../kernel/duration.ts";
import { AppError } from "../kernel/errors.ts";
import { newProfileId } from "./commands/models/auth/account-id.ts";
import { knownProvider } from "./commands/models/auth/order-get.ts";
import { type ProfileId, type ProviderId, toProfileId } from "../kernel/ids.ts";
import { nearest } from "../kernel/nearest.ts";
import { flag, type Option, text } from "./option.ts";
import type { Talk } from "./talk.ts";

export const PROVIDER_FLAG = text("<name>", "the provider whose account it is", { names: "provider" });
export const REPLACE_FLAG = flag("replace what is stored under that name, without asking");
export const EMAIL_FLAG = text("<address>", "whose account it is; shown in lists");

const LONGEST_EXPIRY_MS = 100 * 365 * 86_400_000;

/** Milliseconds from now; undefined when not given. A bare number counts days. Judged before anything is asked. */
export const EXPIRES_IN_FLAG: Option<number | undefined> = {
  takes: "one",
  placeholder: "<duration>",
  help: "when it ends: 12h, 30d, 1h30m; a bare number counts days",
  default: undefined,
  parse: (texts, name) => {
    const ms = parseDuration(texts.at(-1) ?? "", "d");
    if (ms !== undefined && ms > 0 && ms <= LONGEST_EXPIRY_MS) return ms;
    throw new AppError("USAGE", `${name} takes a duration from now`, { hint: `For example: ${name} 365d. Nothing was asked or stored.` });
  },
};

/** A provider that is known here, or that a store already has. Throws USAGE and PROVIDER_UNKNOWN; a key in its place is not repeated. */
export function ownProvider(broker: Broker, written: string | undefined): ProviderId {
  return knownProvider(broker, namedProvider(broker, written));
}

/** As `ownProvider`, but one that nobody knows is accepted with a warning, as long as it is spelled like an id. */
export function anyProvider(broker: Broker, talk: Talk, written: string | undefined): ProviderId {
  const provider = namedProvider(broker, written);
  if (isKnown(broker, provider)) return provider;
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(provider)) throw unknownProvider(written ?? "", broker.registry());
  const near = nearest(
    provider,
    broker.registry().all.map((known) => known.provider.id),
  );
  talk.warn(
    `No provider is named "${provider}"${near.length === 0 ? "" : ` (near: ${near.join(", ")})`}: the token is stored, and used once one is configured.`,
  );
  return provider;
}

function namedProvider(broker: Broker, written: string | undefined): ProviderId {
  if (written === undefined) throw new AppError("USAGE", "--provider is missing: whose account is it?", { hint: "For example: --provider anthropic" });
  const provider = broker.registry().idOf(written);
  if (!isKnown(broker, provider) && looksSecret(written)) throw secretRefused("PROVIDER_UNKNOWN", "a provider");
  return provider;
}

function isKnown(broker: Broker, provider: ProviderId): boolean {
  return broker.registry().get(provider) !== undefined || broker.credentials().profiles.some((profile) => profile.provider === provider);
}

/** `written`, or `<provider>:<usual>`; one that is stored may be called anything. Throws PROFILE_ID_INVALID. */
export function profileIdFor(broker: Broker, provider: ProviderId, written: string | undefined, usual: string): ProfileId {
  if (written === undefined) return toProfileId(`${provider}:${usual}`);
  const stored = broker.credentials().profiles.find(({ id, origin }) => id === written && origin.kind === "store");
  if (stored !== undefined && stored.provider === provider) return stored.id;
  if (looksSecret(written)) throw secretRefused("PROFILE_ID_INVALID", "the name of an account");
  return ownProfileId(broker, written, provider);
}

/** As `newProfileId`; an id that seems to be another provider's is refused. */
export function ownProfileId(broker: Broker, written: string, provider: ProviderId): ProfileId {
  const id = newProfileId(written, provider);
  const meant = broker.registry().idOf(id.split(":")[0] ?? "");
  if (meant === provider || broker.registry().get(meant) === undefined) return id;
  throw new AppError("PROFILE_ID_INVALID", `"${id}" begins with the name of another provider than ${provider}`, {
    hint: `For example: ${provider}:${id.slice(id.indexOf(":") + 1)}`,
  });
}
