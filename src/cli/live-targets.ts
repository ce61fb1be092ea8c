import { shownBaseUrl } from "../kernel/shown-address.ts";
import type { Broker } from "../broker.ts";
import { isVendorToolOnly } from "../credentials/authorize.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { toModelId, toProviderId } from "../kernel/ids.ts";
import type { LiveTarget } from "../probe/live-target.ts";
import { ollamaBaseUrl } from "../probe/ollama-host.ts";
import type { RegisteredProvider } from "../provider/registry.ts";
import { readinessOfResolution } from "../status/chain-rows.ts";
import type { Examined } from "../status/facts.ts";

/** Whom `--live` asks: every provider with an account, and the servers of one's own; or the one that is named, whatever there is of it. */
export function liveTargets(broker: Broker, examined: Examined, only: ProviderId | undefined): LiveTarget[] {
  if (only !== undefined) return targetsOf(broker, examined, broker.registry().get(only), "named");
  const own = broker.registry().all.filter(({ isLocal, provider }) => isLocal && provider.serves === undefined);
  const withAccount = new Set(broker.credentials().profiles.map(({ provider }) => provider));
  const ids = [...new Set([...withAccount, ...own.map(({ provider }) => toProviderId(provider.id))])];
  return ids.flatMap((id) => targetsOf(broker, examined, broker.registry().get(id), "any"));
}

function targetsOf(broker: Broker, examined: Examined, registered: RegisteredProvider | undefined, how: "named" | "any"): LiveTarget[] {
  if (registered === undefined || (how === "any" && registered.provider.serves !== undefined)) return [];
  const provider = withOllamaHost(broker, registered);
  const id = toProviderId(provider.id);
  const profile = firstOf(examined.rotationOf(id).candidates);
  const isMoved = provider.baseUrl !== registered.provider.baseUrl;
  const isLocal = registered.isLocal && provider.protocol.startsWith("openai") && provider.baseUrl !== undefined;
  const obstacle = profile === undefined ? obstacleOf(examined, registered) : undefined;
  const isMeant = how === "named" || registered.custom.length > 0 || broker.credentials().profiles.some((one) => one.provider === id);
  if (obstacle !== undefined && !isMeant) return [];
  return [
    {
      provider,
      isLocal: isLocal && obstacle === undefined,
      ...(profile !== undefined && { profile, fingerprint: broker.credentials().fingerprintOf(profile) }),
      isGuess: how === "any" && profile === undefined && registered.custom.length === 0 && !isMoved,
      ...(obstacle !== undefined && { obstacle }),
      ...(isMoved && {
        advice: `Calls go to ${shownBaseUrl(registered.provider.baseUrl) ?? "nowhere"} until \`{cli} models add-server ${provider.baseUrl} --name ${id}\`.`,
      }),
    },
  ];
}

/** Older agents and our own calls know Ollama at its usual address alone, unless the config says another. */
function withOllamaHost(broker: Broker, { provider, custom }: RegisteredProvider): RegisteredProvider["provider"] {
  if (provider.id !== "ollama" || custom.some(({ baseUrl }) => baseUrl !== undefined)) return provider;
  const baseUrl = ollamaBaseUrl(broker.config().environment.get("OLLAMA_HOST")?.value);
  return baseUrl === undefined ? provider : { ...provider, baseUrl };
}

/** The first that may be shown to the vendor by us. */
function firstOf(candidates: readonly AuthProfile[]): AuthProfile | undefined {
  return candidates.find(({ credential }) => !isVendorToolOnly(credential)) ?? candidates[0];
}

/** Why a provider without an account that could be asked is not asked, as the end of a sentence. undefined where none is needed. */
function obstacleOf(examined: Examined, { provider }: RegisteredProvider): string | undefined {
  const id = toProviderId(provider.id);
  const standing = examined.credentials.standingOf(id);
  if (standing?.kind === "not needed") return undefined;
  if (standing?.kind === "delegated") return "was not asked: another program holds its login";
  const { detail } = readinessOfResolution({ ref: { provider: id, model: toModelId("") }, via: "reference" }, examined);
  return `was not asked: ${detail}`;
}
