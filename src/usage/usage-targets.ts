import type { LoadedConfig } from "../config/loaded-config.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import { configuredAuth } from "../credentials/configured-auth.ts";
import { isBlank } from "../credentials/health.ts";
import { unresolvedText } from "../credentials/passed-over.ts";
import { type AuthProfile, awaitsLookup } from "../credentials/profile.ts";
import { isSameSecret } from "../credentials/secret-text.ts";
import type { HttpRequest } from "../kernel/http.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { modelsUrl } from "../probe/models-url.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { type AskedPlugin, programFor } from "../plugins/program-for.ts";
import { unfitness } from "../probe/prepare.ts";
import type { Provider } from "../provider/provider.ts";
import type { ProviderRegistry, RegisteredProvider } from "../provider/registry.ts";
import { accountKey } from "./account-key.ts";
import { statedReader } from "./stated-reader.ts";
import type { UsageReader } from "./usage-reader.ts";
import { USAGE_READERS } from "./usage-readers.ts";

/** One account, and how it can be asked what is left, or why it cannot. */
export interface UsageTarget {
  readonly profile: AuthProfile;
  /** The provider's name for people. */
  readonly label: string;
  /** Whose answer a kept one is. */
  readonly account: string;
  readonly way: UsageWay | Obstacle;
}

export interface UsageWay {
  readonly kind: "way";
  readonly provider: Provider;
  /** Absent where only the headers of the vendor's list of models can tell something. */
  readonly reader?: UsageReader;
  /** Without its secret. */
  readonly request: HttpRequest;
  /** Is asked in place of the address, which only names it. */
  readonly program?: AskedPlugin;
}

export interface Obstacle {
  readonly kind: "obstacle";
  readonly reason: string;
  /** The end of a sentence that begins with the account. */
  readonly why: string;
  readonly hint: string | null;
}

export interface TargetFacts {
  readonly config: LoadedConfig;
  readonly registry: ProviderRegistry;
  readonly credentials: CredentialFacts;
  readonly nowMs: number;
  readonly plugins: readonly Plugin[];
}

/** Everybody unless told; several narrow each other down. */
export interface UsageChoice {
  readonly provider?: ProviderId;
  readonly profileIds: readonly string[];
  /** Addresses that no vendor documents. */
  readonly unofficial: "asked" | "left out";
}

/** Every account of the agent, by provider, each secret once. */
export function usageTargets(facts: TargetFacts, choice: UsageChoice): UsageTarget[] {
  const configured = configuredAuth(facts.config, facts.registry);
  const isSwitchedOff = facts.config.value.signalbox?.usage?.unofficial === false;
  const seen: AuthProfile[] = [];
  const targets = facts.credentials.profiles.flatMap((profile): UsageTarget[] => {
    const same = seen.find((other) => other.provider === profile.provider && holdsSecret(profile) && isSameSecret(other.credential, profile.credential));
    seen.push(profile);
    if (choice.provider !== undefined && profile.provider !== choice.provider) return [];
    if (choice.profileIds.length > 0 && !choice.profileIds.includes(profile.id)) return [];
    const registered = facts.registry.get(profile.provider);
    const way = same === undefined ? wayOf(profile, registered, facts, { ...choice, isSwitchedOff }) : duplicateOf(same);
    return [{ profile, label: registered?.provider.label ?? profile.provider, account: accountKey(profile, facts.credentials, configured), way }];
  });
  return targets.toSorted((a, b) => (a.profile.provider === b.profile.provider ? 0 : a.profile.provider < b.profile.provider ? -1 : 1));
}

function holdsSecret({ credential }: AuthProfile): boolean {
  return !isBlank(credential);
}

type Rules = UsageChoice & { readonly isSwitchedOff: boolean };

function wayOf(profile: AuthProfile, registered: RegisteredProvider | undefined, { nowMs, plugins }: TargetFacts, rules: Rules): UsageWay | Obstacle {
  if (registered === undefined) return obstacle("unsupported", "is of a provider that nobody defines here", null);
  const { provider } = registered;
  if (profile.unresolved !== undefined) return obstacle("unresolved_reference", unresolvedText(profile), profile.unresolvedHint ?? null);
  if (!holdsSecret(profile) && !awaitsLookup(profile)) return obstacle("missing", "holds no secret", "Store one in its place: `{cli} models auth add`.");
  // A Copilot account needs another token for its models alone.
  const unfit = unfitness(profile, { ...provider, quirks: {} }, nowMs);
  if (unfit?.[0] === "expired") return obstacle("expired", "has to be renewed first, which looking at usage does not do", unfit[2]);
  if (unfit !== undefined) return obstacle(...unfit);
  const program = programFor(registered, plugins, "usage");
  if (program !== undefined) return { kind: "way", provider, request: { method: "GET", url: `plugin:${program.id}`, headers: {} }, program };
  const reader = readerFor(provider, profile);
  if (reader === undefined) return byHeaders(provider);
  if (!reader.isOfficial && rules.isSwitchedOff) return obstacle("switched_off", `${UNDOCUMENTED}, which signalbox.usage.unofficial switches off`, null);
  if (!reader.isOfficial && rules.unofficial === "left out") return obstacle("left_out", `${UNDOCUMENTED}: --no-unofficial leaves it out`, null);
  const url = addressOf(reader, registered);
  if (url === undefined) return obstacle("unaddressed", "has no address that could be asked", null);
  return { kind: "way", provider, reader, request: requestTo(reader, url) };
}

const UNDOCUMENTED = "can be asked only at an address that the vendor does not document";

function obstacle(reason: string, why: string, hint: string | null): Obstacle {
  return { kind: "obstacle", reason, why, hint };
}

function duplicateOf({ id }: AuthProfile): Obstacle {
  return obstacle("duplicate", `is the same secret as ${id}`, null);
}

/** By id, else by whose address it is; and only where such a credential can ask. */
function readerFor(provider: Provider, { credential }: AuthProfile): UsageReader | undefined {
  const { id, baseUrl } = provider;
  const host = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).hostname : undefined;
  const own =
    statedReader(provider) ??
    USAGE_READERS.find(({ providers }) => providers.includes(id)) ??
    USAGE_READERS.find((reader) => reader.host !== undefined && reader.host === host);
  return own?.kinds === undefined || own.kinds.includes(credential.kind) ? own : undefined;
}

/** A base URL that a person wrote takes everything along: what is behind it is theirs, and so is the secret. */
function addressOf({ address }: UsageReader, { provider, custom }: RegisteredProvider): string | undefined {
  const isMoved = custom.some(({ baseUrl }) => baseUrl !== undefined);
  const base = isMoved ? provider.baseUrl : (address.elsewhere ?? provider.baseUrl);
  if (base === undefined || !URL.canParse(base)) return undefined;
  return `${address.below === "origin" ? new URL(base).origin : base.replace(/\/+$/, "")}${address.path}`;
}

const OURS = { accept: "application/json", "accept-encoding": "identity", "user-agent": "signalbox" };

function requestTo({ method = "GET", headers = {} }: UsageReader, url: string): HttpRequest {
  const more = method === "POST" ? { body: "{}" } : {};
  return { method, url, headers: { ...OURS, ...(method === "POST" && { "content-type": "application/json" }), ...headers }, ...more };
}

/** The list of models costs nothing, and some vendors put what is left into the headers of every answer. */
function byHeaders(provider: Provider): UsageWay | Obstacle {
  const url = modelsUrl(provider);
  if (url === undefined) return obstacle("unsupported", "has no address that tells what is left", null);
  const own = provider.protocol === "anthropic-messages" ? { "anthropic-version": "2023-06-01" } : {};
  return { kind: "way", provider, request: { method: "GET", url, headers: { ...OURS, ...own } } };
}
