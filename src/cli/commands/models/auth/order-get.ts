import type { Broker } from "../../../../broker.ts";
import { unknownProvider } from "../../../../catalog/resolve.ts";
import { looksSecret, secretRefused } from "../../../../config/secret-looks.ts";
import { configuredAuth } from "../../../../credentials/configured-auth.ts";
import { type DecidedBy, type PassedOverReason, rotationOf } from "../../../../credentials/order.ts";
import { passedOverText } from "../../../../credentials/passed-over.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { ProviderId } from "../../../../kernel/ids.ts";
import { defineCommand } from "../../../command.ts";
import { hang } from "../../../hanging-text.ts";
import { text } from "../../../option.ts";
import type { Style } from "../../../style.ts";

/** The order that an agent's store has for one provider, and the one that counts. */
export interface OrderReport {
  schemaVersion: 1;
  agentId: string;
  agentDir: string;
  provider: string;
  /** The home folder is shortened to `~`. */
  authStorePath: string;
  /** The store's own order; null without one. */
  order: string[] | null;
  effective: {
    decidedBy: DecidedBy;
    profiles: string[];
    passedOver: { profileId: string; reason: PassedOverReason; detail: string }[];
  };
}

const options = { provider: text("<name>", "the provider whose accounts are meant (required)", { names: "provider" }) };

export const modelsAuthOrderGet = defineCommand({
  summary: "Show in which order a provider's accounts are asked",
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth order get --provider anthropic", does: "the order of the chosen agent's store, and who is asked now" },
    { run: "models auth order get --provider openai --agent work", does: "the same for another agent" },
  ],
  run: (broker, given): OrderReport => orderReport(broker, knownProvider(broker, given.provider)),
  human: orderText,
  plain: ({ effective }) => effective.profiles.join("\n"),
});

/** Of the chosen agent, as its files are now. */
export function orderReport({ config, agents, registry, credentials, host }: Broker, provider: ProviderId): OrderReport {
  const facts = credentials();
  const rotation = rotationOf(provider, facts, configuredAuth(config(), registry()), host.nowMs());
  const { chosen } = agents();
  return {
    schemaVersion: 1,
    agentId: chosen.id,
    agentDir: chosen.dir,
    provider,
    authStorePath: shortened(facts.storePath, config().homeDir),
    order: facts.storeOrder.get(provider)?.slice() ?? null,
    effective: {
      decidedBy: rotation.decidedBy,
      profiles: rotation.candidates.map(({ id }) => id),
      passedOver: rotation.passedOver.map((passed) => ({ profileId: passed.profileId, reason: passed.reason, detail: passedOverText(passed, host.nowMs()) })),
    },
  };
}

/** Also one that only a store knows: older agents had providers that we have not. Throws PROVIDER_UNKNOWN. */
export function knownProvider(broker: Broker, written: string | undefined): ProviderId {
  if (written === undefined) throw new AppError("USAGE", "--provider is missing: whose accounts are meant?", { hint: "For example: --provider anthropic" });
  const registry = broker.registry();
  const provider = registry.idOf(written);
  const { profiles, storeOrder } = broker.credentials();
  const isKnown = registry.get(provider) !== undefined || storeOrder.has(provider) || profiles.some((profile) => profile.provider === provider);
  if (!isKnown) throw looksSecret(written) ? secretRefused("PROVIDER_UNKNOWN", "a provider") : unknownProvider(written, registry);
  return provider;
}

function shortened(path: string, homeDir: string): string {
  return homeDir.length > 1 && path.startsWith(homeDir) ? `~${path.slice(homeDir.length)}` : path;
}

const DECIDED_BY: Readonly<Record<DecidedBy, string>> = {
  "store-order": "the order in the auth store",
  "config-order": "auth.order in the config",
  "config-profiles": "auth.profiles in the config; the longest unused first",
  "stored-profiles": "nobody: logins, tokens, keys; the longest unused first",
};

/** Whose order it is, the order, and who is asked now. */
export function orderText({ agentId, provider, authStorePath, order, effective }: OrderReport, style: Style): string {
  const { decidedBy, profiles, passedOver } = effective;
  return [
    `Agent:           ${agentId}`,
    `Provider:        ${provider}`,
    `Auth file:       ${authStorePath}`,
    `Order override:  ${order === null ? "(none)" : order.join(", ")}`,
    hang("Decided by:      ", DECIDED_BY[decidedBy], style.width),
    "",
    style.bold("Asked in this order"),
    ...(profiles.length === 0 ? [`  ${style.bad("✗")} nobody`] : profiles.map((id, index) => `  ${index + 1}. ${id}`)),
    ...(passedOver.length === 0
      ? []
      : ["", style.bold("Passed over"), ...passedOver.map(({ profileId, detail }) => hang("  -  ", `${profileId} ${detail}`, style.width))]),
  ].join("\n");
}
