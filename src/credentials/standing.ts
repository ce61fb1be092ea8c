import type { LoadedConfig } from "../config/loaded-config.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { ProviderRegistry, RegisteredProvider } from "../provider/registry.ts";
import { cliBackends } from "./cli-backends.ts";
import { type DelegateSigns, signsOfAws, signsOfAz, signsOfClaude, signsOfCodex, signsOfGcloud } from "./delegates.ts";

/** How a provider that needs no profile of ours is answered for. */
export interface Standing {
  readonly kind: "not needed" | "delegated";
  /** One sentence: who answers for it, and what of it was found on this machine. */
  readonly detail: string;
  /** For `delegated`: whether signs of a login were found. */
  readonly found: boolean;
}

export interface StandingInput {
  readonly host: Host;
  readonly config: LoadedConfig;
  readonly registry: ProviderRegistry;
}

type Delegate = "aws" | "gcloud" | "az" | "claude" | "codex";

/**
 * Looks at the machine when a provider is asked for, once for each.
 * Cloud logins are never called missing: on the cloud's own machines they leave no sign to be found.
 */
export function standings(input: StandingInput): (provider: ProviderId) => Standing | undefined {
  const known = new Map<ProviderId, Standing | undefined>();
  return (provider) => {
    if (!known.has(provider)) known.set(provider, standing(provider, input));
    return known.get(provider);
  };
}

function standing(id: ProviderId, input: StandingInput): Standing | undefined {
  const registered = input.registry.get(id);
  const delegate = delegateOf(id, registered);
  if (delegate !== undefined) return delegated(signsOf(delegate, input));
  if (cliBackends(input.config).has(id)) return { kind: "delegated", detail: "A program of this machine answers, with a login of its own.", found: true };
  if (registered !== undefined && isKeyless(registered)) return { kind: "not needed", detail: "A server of your own that asks for no key.", found: true };
  return undefined;
}

function delegateOf(id: ProviderId, registered: RegisteredProvider | undefined): Delegate | undefined {
  if (registered?.custom.some(({ authMode }) => authMode === "aws-sdk")) return "aws";
  const methods = registered?.provider.auth ?? [];
  const cloud = methods.find((method) => method.kind === "delegated" && isCloud(method.to));
  if (cloud?.kind === "delegated") return cloud.to;
  const [only] = methods;
  if (methods.length === 1 && only?.kind === "delegated") return only.to;
  if (id === "claude-cli") return "claude";
  return id === "codex-cli" ? "codex" : undefined;
}

function isCloud(delegate: Delegate): boolean {
  return delegate === "aws" || delegate === "gcloud" || delegate === "az";
}

function signsOf(delegate: Delegate, { host, config }: StandingInput): DelegateSigns {
  const get = (name: string): string | undefined => config.environment.get(name)?.value;
  const machine = { host, get };
  switch (delegate) {
    case "aws":
      return signsOfAws(machine);
    case "gcloud":
      return signsOfGcloud(machine);
    case "az":
      return signsOfAz(machine);
    case "claude":
      return signsOfClaude(machine);
    case "codex":
      return signsOfCodex(machine);
    default:
      return assertNever(delegate);
  }
}

function delegated({ found, detail }: DelegateSigns): Standing {
  return { kind: "delegated", detail, found };
}

/** Asks for no credential: says so itself, or is a server on the user's own network whose entry names no key and no way to log in. */
function isKeyless({ provider, custom, isLocal }: RegisteredProvider): boolean {
  if (provider.auth.length > 0 && provider.auth.every(({ kind }) => kind === "none")) return true;
  if (!isLocal) return false;
  return (
    provider.auth.some(({ kind }) => kind === "none") ||
    (custom.length > 0 && custom.every(({ apiKey, keyVariable, auth }) => apiKey === undefined && keyVariable === undefined && auth === undefined))
  );
}
