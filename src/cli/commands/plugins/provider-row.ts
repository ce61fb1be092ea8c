import { shownBaseUrl } from "../../../kernel/shown-address.ts";
import type { Environment } from "../../../config/loaded-config.ts";
import type { AuthProfile } from "../../../credentials/profile.ts";
import type { Standing } from "../../../credentials/standing.ts";
import { toProviderId } from "../../../kernel/ids.ts";
import type { AuthMethod } from "../../../provider/provider.ts";
import type { RegisteredProvider } from "../../../provider/registry.ts";
import type { Broker } from "../../../broker.ts";

/** One way to log in, as a report shows it. */
export interface LoginRow {
  kind: "api_key" | "token" | "oauth" | "delegated" | "none";
  label: string;
  /** Strongest first. */
  variables: { name: string; isSet: boolean; setIn: string | null }[];
  prefixes: string[];
  page: string | null;
  flow: "browser" | "device" | null;
  /** The program of this machine that holds the credential. */
  delegatedTo: string | null;
  note: string | null;
}

/**
 * `set`: there is an account. `delegated`: another program's login was found. `not needed`: a server that asks for no key.
 * `not set`: neither was found.
 */
export type LoginState = "set" | "delegated" | "not needed" | "not set";

/** A provider, how to log in to it, and whether that was done. */
export interface ProviderRow {
  id: string;
  label: string;
  aliases: string[];
  origin: "built-in" | "plugin" | "config" | "models.json";
  local: boolean;
  serves: "chat" | "embeddings" | "transcription";
  protocol: string;
  baseUrl: string | null;
  /** How the address is made, where it depends on the account. */
  addressing: string | null;
  docs: string | null;
  note: string | null;
  logins: LoginRow[];
  state: LoginState;
  stateDetail: string | null;
  /** Ids of its accounts, in no particular order. */
  accounts: string[];
}

/** Every provider that this run knows, by id. */
export function providerRows(broker: Broker): ProviderRow[] {
  const credentials = broker.credentials();
  const { environment } = broker.config();
  const rows = broker.registry().all.map((registered) => {
    const id = toProviderId(registered.provider.id);
    const profiles = credentials.profiles.filter(({ provider }) => provider === id);
    return providerRow(registered, { profiles, standing: credentials.standingOf(id), environment });
  });
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Seen {
  readonly profiles: readonly AuthProfile[];
  readonly standing: Standing | undefined;
  readonly environment: Environment;
}

function providerRow({ provider, origin, isLocal }: RegisteredProvider, { profiles, standing, environment }: Seen): ProviderRow {
  return {
    id: provider.id,
    label: provider.label,
    aliases: [...(provider.aliases ?? [])],
    origin: origin.kind,
    local: isLocal,
    serves: provider.serves ?? "chat",
    protocol: provider.protocol,
    baseUrl: shownBaseUrl(provider.baseUrl),
    addressing: provider.quirks.addressing ?? null,
    docs: provider.docs === "" ? null : provider.docs,
    note: provider.note ?? null,
    logins: provider.auth.map((method) => loginRow(method, environment)),
    state: stateOf(profiles, standing),
    stateDetail: standing?.detail ?? null,
    accounts: profiles.map(({ id }) => id),
  };
}

function stateOf(profiles: readonly AuthProfile[], standing: Standing | undefined): LoginState {
  if (profiles.length > 0) return "set";
  if (standing?.kind === "not needed") return "not needed";
  return standing?.found === true ? "delegated" : "not set";
}

function loginRow(method: AuthMethod, environment: Environment): LoginRow {
  return {
    kind: method.kind,
    label: method.label,
    variables: "env" in method ? method.env.map((name) => variable(name, environment)) : [],
    prefixes: "prefixes" in method ? [...(method.prefixes ?? [])] : [],
    page: "page" in method ? (method.page ?? null) : null,
    flow: "flow" in method ? method.flow : null,
    delegatedTo: "to" in method ? method.to : null,
    note: method.note ?? null,
  };
}

function variable(name: string, environment: Environment): LoginRow["variables"][number] {
  const set = environment.get(name);
  return { name, isSet: set !== undefined, setIn: set === undefined ? null : (set.file ?? set.setIn) };
}
