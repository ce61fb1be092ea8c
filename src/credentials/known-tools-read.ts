import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { objectAt } from "../kernel/json-value.ts";
import { Secret } from "../kernel/secret.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { type FoundSecret, isLiteralSecret } from "./clear-text.ts";
import { type HeldSecret, KNOWN_TOOLS, type KnownTool, TOOL_NAMES, type ToolFile, type ToolProvider } from "./known-tools.ts";
import { readDocument, type ToolDocument } from "./known-tools-document.ts";
import type { Credential } from "./profile.ts";
import { toSecret } from "./secret-text.ts";

/** A secret in a file of another program. */
export interface ToolSecret extends FoundSecret {
  readonly tool: KnownTool;
  /** What the file calls the provider. */
  readonly providerName: string;
  /** Why it is shown and never copied. */
  readonly notOurs?: string;
}

export interface ToolInput {
  readonly host: Host;
  readonly homeDir: string;
  readonly registry: ProviderRegistry;
}

const LARGEST_BYTES = 1024 * 1024;

/** What known programs keep in files that this user can read. A file that is not of its format holds nothing. */
export function toolSecrets(input: ToolInput, tools: readonly KnownTool[] = KNOWN_TOOLS): ToolSecret[] {
  return tools.flatMap((tool) =>
    tool.files.flatMap((file) => {
      const path = existingPath(file, input);
      const read = path === undefined ? undefined : input.host.readText(path, LARGEST_BYTES);
      if (path === undefined || read?.kind !== "text") return [];
      const document = readDocument(read.text, path, file.format);
      return document === undefined ? [] : secretsIn(document, { tool, file, path, registry: input.registry });
    }),
  );
}

/** The files that `toolSecrets` looks into, as far as they exist. */
export function toolFiles(input: ToolInput): { readonly tool: KnownTool; readonly file: string }[] {
  return KNOWN_TOOLS.flatMap((tool) =>
    tool.files.flatMap((file) => {
      const path = existingPath(file, input);
      return path === undefined ? [] : [{ tool, file: path }];
    }),
  );
}

function existingPath({ at }: ToolFile, { host, homeDir }: ToolInput): string | undefined {
  return at.flatMap((written) => placed(written, host, homeDir) ?? []).find((path) => host.inspect(path)?.kind === "file");
}

function placed(written: string, host: Host, homeDir: string): string | undefined {
  const rest = written.slice(written.indexOf("/") + 1).split("/");
  if (written.startsWith("~/")) return host.paths.join(homeDir, ...rest);
  if (written.startsWith("./")) return host.paths.join(host.cwd, ...rest);
  const name = /^\$(\w+)\//.exec(written)?.[1] ?? "";
  const folder = Object.hasOwn(host.env, name) ? host.env[name]?.trim() : undefined;
  return folder === undefined || folder === "" ? undefined : host.paths.join(host.paths.resolve(folder), ...rest);
}

interface Reading {
  readonly tool: KnownTool;
  readonly file: ToolFile;
  readonly path: string;
  readonly registry: ProviderRegistry;
}

function secretsIn(document: ToolDocument, reading: Reading): ToolSecret[] {
  return reading.file.holds.flatMap((held) =>
    matches(document.value, held.path).flatMap((match) => {
      const owner = objectAt(match.owner) ?? {};
      const credential = counts(held, owner) ? credentialOf(held, match.text, owner) : undefined;
      const whose = credential === undefined ? undefined : whoseIs(held.provider, match, owner, reading.registry);
      if (credential === undefined || whose === undefined) return [];
      const line = document.lineOf(match.path);
      return [
        {
          tool: reading.tool,
          place: { file: reading.path, ...(line !== undefined && { line }) },
          called: match.path.length === 0 ? undefined : match.path.join("."),
          credential,
          ...whose,
          ...(held.notOurs !== undefined && { notOurs: held.notOurs }),
        },
      ];
    }),
  );
}

interface Match {
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly owner: unknown;
}

function matches(value: unknown, pattern: readonly string[], path: readonly (string | number)[] = [], owner?: unknown): Match[] {
  const [key, ...rest] = pattern;
  if (key === undefined) return typeof value === "string" ? [{ path, text: value, owner }] : [];
  if (Array.isArray(value)) return key === "*" ? value.flatMap((item, index) => matches(item, rest, [...path, index], value)) : [];
  const fields = objectAt(value);
  if (fields === undefined) return [];
  const keys = key === "*" ? Object.keys(fields) : Object.hasOwn(fields, key) ? [key] : [];
  return keys.flatMap((name) => matches(fields[name], rest, [...path, name], fields));
}

type Fields = Readonly<Record<string, unknown>>;

function counts({ where = {}, without }: HeldSecret, owner: Fields): boolean {
  if (without !== undefined && owner[without] !== undefined && owner[without] !== "") return false;
  return Object.entries(where).every(([name, text]) => owner[name] === text);
}

function credentialOf({ kind, provider, refresh, expires }: HeldSecret, text: string, owner: Fields): Credential | undefined {
  const secret = "assigned" in provider ? text.slice(text.indexOf("=") + 1) : text;
  if (!isLiteralSecret(secret)) return undefined;
  switch (kind) {
    case "api_key":
      return { kind, key: toSecret(secret) };
    case "token":
      return { kind, token: toSecret(secret) };
    case "oauth": {
      const renewing = owner[refresh ?? ""];
      const expiresAtMs = owner[expires ?? ""];
      return {
        kind,
        access: toSecret(secret),
        refresh: typeof renewing === "string" ? toSecret(renewing) : new Secret(""),
        expiresAtMs: typeof expiresAtMs === "number" ? expiresAtMs : undefined,
      };
    }
    default:
      return assertNever(kind);
  }
}

/** undefined for what is no provider's: a variable of something else. */
function whoseIs(
  from: ToolProvider,
  { path, text }: Match,
  owner: Fields,
  registry: ProviderRegistry,
): { readonly provider: ProviderId | undefined; readonly providerName: string } | undefined {
  if ("is" in from) return named(from.is, registry);
  if ("key" in from) return named(String(path[from.key] ?? ""), registry);
  if ("neighbour" in from) return typeof owner[from.neighbour] === "string" ? named(String(owner[from.neighbour]), registry) : undefined;
  if ("variable" in from) return byVariable(String(path[from.variable] ?? "").toUpperCase(), registry);
  if (!text.includes("=")) return undefined;
  return byVariable(`${text.slice(0, text.indexOf("=")).trim().toUpperCase()}${from.assigned}`, registry);
}

function named(name: string, registry: ProviderRegistry): { readonly provider: ProviderId | undefined; readonly providerName: string } {
  const meant = Object.hasOwn(TOOL_NAMES, name.toLowerCase()) ? (TOOL_NAMES[name.toLowerCase()] ?? name) : name;
  const provider = registry.idOf(meant);
  return { provider: registry.get(provider) === undefined ? undefined : provider, providerName: name };
}

function byVariable(variable: string, registry: ProviderRegistry): { readonly provider: ProviderId; readonly providerName: string } | undefined {
  const provider = providerOf(variable, registry);
  return provider === undefined ? undefined : { provider, providerName: provider };
}

/** Of several that know a variable, the one with the shortest id: the one that has `env:NAME`. */
export function providerOf(variable: string, registry: ProviderRegistry): ProviderId | undefined {
  const ids = registry.knowing(variable).map(({ provider }) => registry.idOf(provider.id));
  return ids.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}
