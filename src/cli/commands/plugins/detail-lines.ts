import { assertNever } from "../../../kernel/errors.ts";
import type { Style } from "../../style.ts";
import { wrap } from "../../text-width.ts";
import type { PluginRow } from "./plugin-row.ts";
import type { LoginRow, ProviderRow } from "./provider-row.ts";

/** From this many columns on, every variable is named. */
const WIDE = 100;

/** What to set or do, in a few words: the first variable of each way in, else the name of the login. */
export function shortLogin({ logins }: ProviderRow, style: Style): string {
  const keysFirst = logins.toSorted((a, b) => Number(b.kind === "api_key") - Number(a.kind === "api_key"));
  const [first, ...others] = keysFirst.flatMap(({ variables }) => variables.map(({ name }) => name));
  const labels = logins.flatMap(({ kind, label, variables }) => (variables.length > 0 || kind === "none" ? [] : [label]));
  if (first === undefined) return labels.join(", ");
  const wide = keysFirst.flatMap(({ variables }) => (variables.length === 0 ? [] : [variables.map(({ name }) => name).join(" or ")]));
  const short = others.length === 0 ? first : `${first} (+${others.length})`;
  return [...(style.width >= WIDE ? wide : [short]), ...labels].join(", ");
}

/** All that a list shows of one provider, as lines under its name. `methods`: those of its logins. */
export function providerDetails(row: ProviderRow, style: Style, methods: readonly string[] = []): string[] {
  const { id, label, aliases, protocol, serves, docs, note } = row;
  return [
    `${style.bold(id)}  ${label}  ${stateText(row, style)}`,
    ...fact("endpoint", endpointText(row), style),
    ...(serves === "chat" ? fact("speaks", protocol, style) : fact("serves", `${serves}; it answers no chat`, style)),
    ...row.logins.flatMap((login) => loginLines(login, style)),
    ...methods,
    ...fact("state", row.stateDetail, style),
    ...fact("accounts", row.accounts.join(", "), style),
    ...fact("also called", aliases.join(", "), style),
    ...fact("note", note, style),
    ...fact("read", docs, style),
  ];
}

export function pluginDetails(row: PluginRow, style: Style): string[] {
  const { id, name, origin, manifest, form, program, install, status } = row;
  return [
    `${style.bold(id)}  ${name === id ? "" : `${name}  `}${pluginState(row, style)}`,
    ...fact("why", row.reason, style),
    ...fact("about", row.description ?? null, style),
    ...fact("version", row.version ?? null, style),
    ...fact("brings", [...row.providerIds, ...row.channelIds].join(", "), style),
    ...fact("from", install === null ? origin : `${install.source} ${style.path(install.from)}, ${install.at.slice(0, 10)}`, style),
    ...fact("sends to", row.hosts.join(", "), style),
    ...(status === "error" ? [] : fact("runs", RUNS[form] ?? `${program?.command.join(" ") ?? ""}, asked for ${program?.verbs.join(", ") ?? ""}`, style)),
    ...fact("content", install === null ? null : `sha256 ${install.content}`, style),
    ...(form === "agent" ? fact("code", style.path(row.source), style) : []),
    ...fact("manifest", manifest === null ? null : style.path(manifest.file), style),
  ];
}

/** What of a plugin is run here; the rest names its program. */
const RUNS: Readonly<Record<string, string>> = { data: "nothing: it is data only", agent: "nothing here: it is code for inside an agent" };

export function pluginState({ status }: PluginRow, style: Style): string {
  return { loaded: style.good("✓ on"), disabled: style.dim("- off"), error: style.bad("✗ broken") }[status];
}

export const NAME_COLUMNS = 13;

/** One named fact, wrapped below itself; nothing for what is not known. */
export function fact(name: string, value: string | null, style: Style): string[] {
  if (value === null || value === "") return [];
  const indent = " ".repeat(NAME_COLUMNS + 2);
  const text = wrap(value, style.width - indent.length).replaceAll("\n", `\n${indent}`);
  return [`  ${style.dim(name.padEnd(NAME_COLUMNS))}${text}`];
}

function loginLines(login: LoginRow, style: Style): string[] {
  const variables = login.variables.map(({ name, isSet }) => (isSet ? `${style.good("✓")} ${name}` : name)).join(", ");
  const begins = login.prefixes.length === 0 ? "" : ` (begins with ${login.prefixes[0]})`;
  const text = login.variables.length === 0 ? login.label : `${login.label}: ${variables}${begins}`;
  return [...fact("log in", text, style), ...fact("", login.page === null ? null : `made at ${login.page}`, style), ...fact("", login.note, style)];
}

/** Where there is no base URL, by `Quirks.addressing`. */
const ADDRESSES: Readonly<Record<string, string>> = {
  "azure-deployment": "made of your resource and deployment; give it as baseUrl in models.providers",
  "cloudflare-account": "made of your account; give it as baseUrl in models.providers",
  vertex: "made of your project and location",
  "bedrock-region": "made of your region",
};

function endpointText({ baseUrl, addressing }: ProviderRow): string | null {
  if (baseUrl !== null || addressing === null) return baseUrl;
  return ADDRESSES[addressing] ?? addressing;
}

export function stateText({ state, accounts }: ProviderRow, style: Style): string {
  switch (state) {
    case "set":
      return style.good(accounts.length === 1 ? "✓ 1 account" : `✓ ${accounts.length} accounts`);
    case "delegated":
      return style.good("✓ login found");
    case "not needed":
      return style.dim("no key needed");
    case "not set":
      return style.dim("not set up");
    default:
      return assertNever(state);
  }
}
