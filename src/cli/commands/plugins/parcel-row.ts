import type { Broker } from "../../../broker.ts";
import { shownAddress } from "../../../kernel/shown-address.ts";
import type { Parcel } from "../../../plugins/parcel.ts";
import { sameHost } from "../../../plugins/takeovers.ts";
import type { PluginProvider } from "../../../provider/plugin-provider.ts";
import { counted } from "../../counted.ts";
import { hang } from "../../hanging-text.ts";
import type { Style } from "../../style.ts";
import { wrap } from "../../text-width.ts";
import { fact } from "./detail-lines.ts";

/** What a plugin would bring, as it is shown before anybody agrees to it. */
export interface ParcelRow {
  id: string;
  name: string;
  version: string | null;
  description: string | null;
  /** `data`: nothing of it is ever run. */
  form: "data" | "program";
  source: "folder" | "archive" | "npm";
  /** The path, or the package as it was asked for. */
  from: string;
  /** SHA-512 of the archive, as it was, or as the registry promised. */
  integrity: string | null;
  /** SHA-256 over all of its files. */
  content: string;
  files: number;
  providers: ParcelProvider[];
  /** Where its credentials may go: `host` or `host:port`. */
  hosts: string[];
  program: { command: string[]; verbs: string[] } | null;
  /** What a person should know before agreeing, as sentences. */
  warnings: string[];
}

export interface ParcelProvider {
  id: string;
  label: string;
  protocol: string;
  baseUrl: string;
  models: number;
  /** The variables that its key is read from. */
  variables: string[];
  /** Its ways to log in, and what what they give may be used for. */
  logins: { id: string; licence: string }[];
}

export function parcelRow({ manifest, providers, files, record }: Parcel, broker: Broker): ParcelRow {
  const { id, name = id, version, description, program } = manifest;
  return {
    id,
    name,
    version: version ?? null,
    description: description ?? null,
    form: program === undefined ? "data" : "program",
    source: record.source,
    from: record.from,
    integrity: record.integrity ?? null,
    content: record.content,
    files: files.size,
    providers: providers.map(providerRow),
    hosts: [...new Set(providers.flatMap(({ hosts = [] }) => hosts))],
    program: program === undefined ? null : { command: [...program.command], verbs: [...program.verbs] },
    warnings: [...(program === undefined ? [] : [PROGRAM_WARNING]), ...providers.flatMap((provider) => providerWarnings(provider, broker))],
  };
}

/** What no process boundary can prevent. */
const PROGRAM_WARNING =
  "It brings a program. It is given no environment and no key but its own provider's, but it runs as you: it can read and change all files that you can, and use the network.";

function providerRow({ id, label, protocol, baseUrl, models, auth = [], logins = [] }: PluginProvider): ParcelProvider {
  return {
    id,
    label: label ?? id,
    protocol: protocol ?? "openai-chat",
    baseUrl: shownAddress(baseUrl ?? ""),
    models: models.length,
    variables: auth.flatMap((method) => ("env" in method ? [...method.env] : [])),
    logins: logins.map((login) => ({ id: login.id, licence: login.licence })),
  };
}

function providerWarnings(provider: PluginProvider, broker: Broker): string[] {
  const { id, hosts = [] } = provider;
  const vendor = sameHost(provider, broker.registry());
  const accounts = broker.credentials().profiles.filter((profile) => profile.provider === id).length;
  const isConfigured = broker
    .registry()
    .get(broker.registry().idOf(id))
    ?.custom.some(({ origin }) => origin.kind === "config");
  return [
    ...(vendor === undefined ? [] : [`${id} leads to the host of the built-in provider ${vendor}.`]),
    ...(accounts === 0
      ? []
      : [
          `There ${accounts === 1 ? "is an account" : `are ${accounts} accounts`} under the name ${id} already; what is in them would go to ${hosts.join(", ")}.`,
        ]),
    ...(isConfigured === true ? [`Your config has an entry models.providers.${id} of its own; what it says counts first.`] : []),
  ];
}

/** The same for a person, fact by fact; the title comes first and has no name. */
export function parcelFacts(row: ParcelRow): (readonly [name: string, text: string])[] {
  const from = { folder: "the folder", archive: "the archive", npm: "the npm package" }[row.source];
  const logins = row.providers.flatMap((provider) => provider.logins.map(({ id, licence }) => `${id} (${licence})`));
  return [
    ["", `${row.id}${row.version === null ? "" : ` ${row.version}`}${row.description === null ? "" : `: ${row.description}`}`],
    ["from", `${from} ${row.from}`],
    ["brings", row.providers.map(providerText).join("; ")],
    [
      "key",
      list(
        row.providers.flatMap(({ variables }) => variables),
        "from no variable",
      ),
    ],
    ...(logins.length === 0 ? [] : [["log in", logins.join(", ")] as const]),
    ["sends to", list(row.hosts, "nobody")],
    ["runs", row.program === null ? "nothing: it is data only" : `${row.program.command.join(" ")}, asked for ${row.program.verbs.join(", ")}`],
    ["content", `sha256 ${row.content}`],
  ];
}

/** As lines of a report. */
export function parcelLines(row: ParcelRow, style: Style): string[] {
  const [[, title], ...facts] = parcelFacts(row) as [readonly [string, string], ...(readonly [string, string])[]];
  return [
    wrap(title, style.width),
    ...facts.flatMap(([name, text]) => fact(name, text, style)),
    ...row.warnings.map((warning) => hang(`  ${style.warn("!")} `, warning, style.width)),
  ];
}

function providerText({ id, protocol, baseUrl, models }: ParcelProvider): string {
  return `${id} (${protocol}, ${baseUrl}${models === 0 ? "" : `, ${counted(models, "model")}`})`;
}

function list(items: readonly string[], none: string): string {
  return items.length === 0 ? none : [...new Set(items)].join(", ");
}
