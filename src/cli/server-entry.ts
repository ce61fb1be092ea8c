import type { ConfigView } from "../broker.ts";
import type { ListedModel } from "../catalog/live-list.ts";
import { isProviderId } from "../catalog/live-model.ts";
import type { JsonValue } from "../config/config-edit.ts";
import type { Planned } from "../config/planned.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { AppError } from "../kernel/errors.ts";
import type { ServerKind } from "../probe/server-kind.ts";
import type { Survey } from "../probe/survey-server.ts";
import { isLocal } from "../provider/local-address.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";

/** What was found, without what went wrong. */
export type Found = Exclude<Survey, { outcome: "failed" }>;

export interface ServerAdded {
  readonly provider: string;
  readonly written: ReadonlySet<string>;
}

/** A list that is longer stays with its server: nobody wants to scroll over it in a config. */
const MOST_WRITTEN = 60;

/** `api` as agents of any version read it. */
const LEGACY_NAMES: Readonly<Record<ProtocolId, string>> = {
  "openai-chat": "openai-completions",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generate": "google-generative-ai",
  "bedrock-converse": "bedrock-converse-stream",
};

/** The address that a person wrote. Throws USAGE; what may be a secret in it is not repeated. */
export function serverUrl(written: string): string {
  const text = written.trim();
  if (looksSecret(text)) throw secretRefused("USAGE", "the address of a server");
  const address = text.includes("://") ? text : `${isLocal(text) ? "http" : "https"}://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "")
    throw refused("that is not the address of a server", "For example: http://127.0.0.1:8000");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw refused(
      "the address holds more than a server and a path",
      "Leave out passwords, and what follows ? or #. A key is stored with `{cli} models auth add`.",
    );
  const plain = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  if (url.protocol === "http:" && !isLocal(plain))
    throw refused(`${url.origin} is neither encrypted nor on your own network: keys and prompts would travel in the open`, "Use its https:// address.");
  return plain;
}

/** Writes `models.providers.<id>`; never a key. Throws USAGE for a name that cannot be, or is taken. */
export function planServer(found: Found, name: string | undefined, view: ConfigView): Planned<ServerAdded> {
  refuseKnown(found, view);
  const provider = name === undefined ? ownName(found, view) : checkedName(name, found, view);
  const models = found.outcome === "listed" ? found.list.models.filter(isWritable) : [];
  const kept = models.length > MOST_WRITTEN ? [] : models;
  const value: JsonValue = {
    baseUrl: found.baseUrl,
    api: LEGACY_NAMES[found.protocol],
    ...(found.outcome === "asks for a key" && { auth: "api-key" }),
    models: kept.map(modelEntry),
  };
  const edit = { kind: "set", path: ["models", "providers", provider], value } as const;
  return { edits: [edit], facts: { provider, written: new Set(kept.map(({ id }) => id)) }, warnings: [] };
}

/** Chat models; and never a text that the config would read as the name of a variable. */
function isWritable({ id, serves }: ListedModel): boolean {
  return serves === undefined && !id.includes("${");
}

function modelEntry({ id, facts }: ListedModel): JsonValue {
  const { name, contextTokens, outputTokens, reasoning } = facts;
  const input = facts.input?.filter((modality) => modality === "text" || modality === "image");
  return {
    id,
    name: name === undefined || name.includes("${") ? id : name,
    ...(reasoning !== undefined && { reasoning }),
    ...(input !== undefined && input.length > 0 && { input }),
    ...(contextTokens !== undefined && { contextWindow: contextTokens }),
    ...(outputTokens !== undefined && { maxTokens: outputTokens }),
  };
}

/** A second entry for one address would be two names for everything there. A built-in server of one's own may be written down: its entry says more. */
function refuseKnown({ baseUrl }: Found, { registry }: ConfigView): void {
  const there = registry().all.find(({ provider, custom }) => sameAddress(provider.baseUrl, baseUrl) && (custom.length > 0 || provider.local !== true));
  if (there === undefined) return;
  throw refused(`${there.provider.id} leads to ${baseUrl} already`, `\`{cli} models list --live --provider ${there.provider.id}\` shows what it lists.`);
}

function sameAddress(one: string | undefined, other: string): boolean {
  const plain = (url: string): string => url.replace(/\/+$/, "").replace("//localhost", "//127.0.0.1").toLowerCase();
  return one !== undefined && plain(one) === plain(other);
}

function checkedName(written: string, { server }: Found, { registry }: ConfigView): string {
  if (looksSecret(written)) throw secretRefused("USAGE", "the name of a provider");
  const name = written.trim().toLowerCase();
  if (!isProviderId(name))
    throw refused(`"${written}" cannot be the name of a provider`, "Letters, digits and . _ - are allowed; it begins with a letter or digit.");
  const meant = registry().idOf(name);
  if (meant === name && !isTaken(name, server, registry())) return name;
  const why = meant === name ? `"${name}" is a provider already` : `"${name}" means ${meant} already`;
  throw refused(why, "Give it another name with --name.");
}

/** The built-in provider of the very program that answers may be told its address. */
function isTaken(id: string, server: ServerKind | undefined, registry: ReturnType<ConfigView["registry"]>): boolean {
  const known = registry.get(registry.idOf(id));
  return known !== undefined && (known.custom.length > 0 || known.provider.id !== server);
}

/** The program's, else the host's. */
function ownName({ server, baseUrl }: Found, { registry }: ConfigView): string {
  const known = server === undefined || server.endsWith("-compatible") ? undefined : server;
  if (known !== undefined && !isTaken(known, server, registry())) return known;
  const { hostname, port } = new URL(baseUrl);
  const host = hostname.replaceAll(/[^a-z0-9.-]/g, "");
  const isHere = host === "127.0.0.1" || host === "localhost" || host === "1";
  const name = `${known ?? (isHere ? "local" : host.replaceAll(".", "-"))}${port === "" ? "" : `-${port}`}`.slice(0, 64);
  if (isProviderId(name) && registry().get(registry().idOf(name)) === undefined) return name;
  throw refused(`no free name could be made for ${baseUrl}`, "Give it one with --name.");
}

function refused(message: string, hint: string): AppError {
  return new AppError("USAGE", message, { hint });
}
