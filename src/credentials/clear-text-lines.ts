import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import { holdsShape } from "../kernel/secret-shapes.ts";
import type { AuthMethod } from "../provider/provider.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { type FoundSecret, holdsSecret, isLiteralSecret, secretsOf, sharesSecret } from "./clear-text.ts";
import { providerOf } from "./known-tools-read.ts";
import type { AuthProfile, Credential } from "./profile.ts";
import { toSecret } from "./secret-text.ts";

/** By what a secret in any text is told: names that providers know, beginnings that vendors publish, and what is stored. */
export interface SecretSigns {
  readonly registry: ProviderRegistry;
  readonly prefixes: readonly { readonly prefix: string; readonly provider: ProviderId; readonly kind: "api_key" | "token" }[];
  readonly stored: readonly AuthProfile[];
}

/** Reads every provider: for commands that search. */
export function secretSigns(registry: ProviderRegistry, stored: readonly AuthProfile[]): SecretSigns {
  const prefixes = registry.all.flatMap(({ provider }) =>
    provider.auth.flatMap((method) => publishedPrefixes(method).map((prefix) => ({ prefix, provider: registry.idOf(provider.id), kind: keyKind(method) }))),
  );
  return { registry, prefixes: prefixes.sort((a, b) => b.prefix.length - a.prefix.length), stored };
}

function publishedPrefixes(method: AuthMethod): readonly string[] {
  return "prefixes" in method ? (method.prefixes ?? []) : [];
}

function keyKind(method: AuthMethod): "api_key" | "token" {
  return method.kind === "token" ? "token" : "api_key";
}

/** A stored secret in a text is known by its bytes, so its profile is known as well. */
export interface FoundInText extends FoundSecret {
  readonly storedAs?: ProfileId;
}

/**
 * The secrets in a text of lines: a shell profile, a history, a .env file, a backup. At most one for each secret of a line; a line that is a
 * comment counts where the secret itself shows what it is. `fields`: `"apiKey": "…"` and the like count too, for files of agents.
 */
export function secretsInLines(text: string, file: string, signs: SecretSigns, more: { readonly fields?: "count" } = {}): FoundInText[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const place = { file, line: index + 1 };
    const found = [...byName(line, place, signs), ...(more.fields === "count" ? byField(line, place) : []), ...byPrefix(line, place, signs)];
    const known = found.map((secret) => ({ ...secret, ...storedAs(secret.credential, signs.stored) }));
    return eachOnce([...known, ...byValue(line, place, signs.stored)]);
  });
}

const ASSIGNED = /(?<![\w$])([A-Za-z_]\w{3,})["']?\]?\s*(?:=|:)\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s"'`;&|)#,]+))/g;
const SET = /\bset(?:env|x)?\b(?:\s+-\w+)*\s+([A-Za-z_]\w{3,})\s+(?:"([^"]*)"|'([^']*)'|([^\s"'`;&|)#]+))/g;

/** `export NAME=…`, `NAME: …`, `set -gx NAME …`, `$env:NAME = "…"`. */
function byName(line: string, place: Place, { registry }: SecretSigns): FoundSecret[] {
  if (/^\s*#/.test(line)) return [];
  return [...line.matchAll(ASSIGNED), ...line.matchAll(SET)].flatMap(([, name = "", ...values]) => {
    const value = values.find((written) => written !== undefined) ?? "";
    const provider = registry.variables.includes(name) && isLiteralSecret(value) ? providerOf(name, registry) : undefined;
    return provider === undefined ? [] : [{ place, called: name, provider, credential: keyOf(value, kindOf(name, provider, registry)) }];
  });
}

function kindOf(variable: string, provider: ProviderId, registry: ProviderRegistry): "api_key" | "token" {
  const method = registry.get(provider)?.provider.auth.find((offered) => "env" in offered && offered.env.includes(variable));
  return method === undefined || method.kind === "api_key" ? "api_key" : "token";
}

const FIELD = /"?'?\b(apiKey|api_key|key|token|access|refresh|access_token|refresh_token)"?'?\s*:\s*(?:"([^"]*)"|'([^']*)')/g;

function byField(line: string, place: Place): FoundSecret[] {
  return [...line.matchAll(FIELD)].flatMap(([, called, double, single]) => {
    const value = double ?? single ?? "";
    return isLiteralSecret(value) ? [{ place, called, provider: undefined, credential: keyOf(value, "api_key") }] : [];
  });
}

/** A published beginning, and behind it at least 16 characters with a digit among them. */
function byPrefix(line: string, place: Place, { prefixes }: SecretSigns): FoundSecret[] {
  return [...line.matchAll(/[A-Za-z0-9][\w-]{18,}/g)].flatMap(([word]) => {
    const known = prefixes.find(({ prefix }) => word.startsWith(prefix));
    const rest = word.slice(known?.prefix.length ?? 0);
    const isOne = rest.length >= 16 && /\d/.test(rest) && isLiteralSecret(word) && (known !== undefined || holdsShape(word));
    return isOne ? [{ place, called: undefined, provider: known?.provider, credential: keyOf(word, known?.kind ?? "api_key") }] : [];
  });
}

function byValue(line: string, place: Place, stored: readonly AuthProfile[]): FoundInText[] {
  return stored.flatMap((profile) =>
    secretsOf(profile.credential).some((secret) => holdsSecret(line, secret))
      ? [{ place, called: undefined, provider: profile.provider, credential: profile.credential, storedAs: profile.id }]
      : [],
  );
}

/** The stored profile that holds the same secret. */
export function storedAs(credential: Credential, stored: readonly AuthProfile[]): { readonly storedAs?: ProfileId } {
  const same = stored.find((profile) => sharesSecret(profile.credential, credential));
  return same === undefined ? {} : { storedAs: same.id };
}

/** The same secret told in two ways is one; what names it, or whose it is, comes first. */
function eachOnce(found: readonly FoundInText[]): FoundInText[] {
  return found.filter(({ credential }, index) => !found.slice(0, index).some((earlier) => sharesSecret(earlier.credential, credential)));
}

function keyOf(text: string, kind: "api_key" | "token"): Credential {
  return kind === "token" ? { kind, token: toSecret(text) } : { kind, key: toSecret(text) };
}

/** Reads at most this much of a file. */
const LARGEST_BYTES = 5 * 1024 * 1024;

/** What to search in, whatever its encoding: zsh, for one, writes histories that are not UTF-8. Otherwise why it was not read, as the end of a sentence. */
export function textOf(host: Host, file: string): { readonly text: string } | { readonly unread: string } {
  const read = host.readText(file, LARGEST_BYTES);
  switch (read.kind) {
    case "text":
      return { text: read.text };
    case "not_text":
      return { text: read.guess };
    case "absent":
      return { text: "" };
    case "too_large":
      return { unread: "it is larger than 5 MB" };
    case "unreadable":
      return { unread: `it cannot be read (${read.reason})` };
    default:
      return assertNever(read);
  }
}
