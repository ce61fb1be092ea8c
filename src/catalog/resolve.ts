import { AppError } from "../kernel/errors.ts";
import { type ProfileId, type ProviderId, toModelId, toProfileId } from "../kernel/ids.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import type { ProviderRegistry, UnusedPlugin } from "../provider/registry.ts";
import { normaliseModelId } from "./model-id.ts";
import type { ModelRef } from "./model-ref.ts";

/** A user's word for a model. `target` is the reference as written in the config. */
export interface AliasEntry {
  readonly alias: string;
  readonly target: string;
  /** One of the six that installations get without writing them. */
  readonly builtIn: boolean;
}

/** Case-insensitive; where two entries use the same word, the later one counts. */
export interface AliasTable {
  /** Those that count, in the order of the config. */
  readonly all: readonly AliasEntry[];
  find(text: string): AliasEntry | undefined;
}

export interface Resolution {
  readonly ref: ModelRef;
  readonly via: "reference" | "alias" | "default-provider";
  readonly alias?: AliasEntry;
  /** From `ref@profile`. */
  readonly profile?: ProfileId;
}

export interface ResolveContext {
  readonly aliases: AliasTable;
  /** For a word without a slash that is no alias. */
  readonly defaultProvider: ProviderId;
  readonly registry: ProviderRegistry;
}

/** A reference, and the profile that it pins. */
export interface PinnedRef extends ModelRef {
  readonly profile?: ProfileId;
}

/** Aliases that an entry of `agents.defaults.models` has without saying so. `alias: ""` in the entry turns one off. */
const BUILT_IN_ALIASES: Readonly<Record<string, string>> = {
  "anthropic/claude-opus-4-6": "opus",
  "anthropic/claude-sonnet-4-5": "sonnet",
  "openai/gpt-5.2": "gpt",
  "openai/gpt-5-mini": "gpt-mini",
  "google/gemini-3-pro-preview": "gemini",
  "google/gemini-3-flash-preview": "gemini-flash",
};

const LONGEST_REF = 512;
const HOW_TO_WRITE = "Write it as provider/model, for example groq/llama-3.3-70b-versatile, or use an alias (`{cli} models aliases list`).";

/** The aliases of `agents.defaults.models`. A user's alias wins over a built-in one of the same name, wherever it stands. */
export function aliasTable(models: Readonly<Record<string, { readonly alias?: string | undefined }>> | undefined): AliasTable {
  const byWord = new Map<string, AliasEntry>();
  for (const [target, { alias }] of Object.entries(models ?? {})) {
    const written = alias?.trim();
    const entry = { alias: written ?? builtInAlias(target) ?? "", target, builtIn: written === undefined };
    const word = entry.alias.toLowerCase();
    if (word === "" || (entry.builtIn && byWord.get(word)?.builtIn === false)) continue;
    byWord.delete(word);
    byWord.set(word, entry);
  }
  return { all: [...byWord.values()], find: (text) => byWord.get(text.trim().toLowerCase()) };
}

function builtInAlias(target: string): string | undefined {
  return Object.hasOwn(BUILT_IN_ALIASES, target.trim()) ? BUILT_IN_ALIASES[target.trim()] : undefined;
}

/**
 * `provider/model` or `provider/model@profile`; undefined for anything else. Whether the provider exists is not asked.
 * An `@` begins a profile only where a profile id follows (a word that starts with a letter, a colon, a name): model ids such as
 * `@cf/meta/llama` or `claude@20250101` keep theirs.
 */
export function parseRef(text: string, registry: Pick<ProviderRegistry, "idOf">): PinnedRef | undefined {
  const { word, profile } = splitPin(text.trim());
  const slash = word.indexOf("/");
  if (slash < 0) return undefined;
  const written = word.slice(0, slash).trim();
  const model = word.slice(slash + 1).trim();
  if (written === "" || model === "" || isUnprintable(text)) return undefined;
  const provider = registry.idOf(written);
  return { provider, model: normaliseModelId(provider, model), ...(profile !== undefined && { profile }) };
}

/** What a word or a reference means: alias first when it has no slash, else `provider/model`, else a model of the default provider. */
export function resolveRef(text: string, context: ResolveContext): Resolution {
  const { word, profile } = splitPin(text.trim());
  const pin = profile === undefined ? {} : { profile };
  if (word === "" || isUnprintable(text)) throw notARef(text);
  if (word.includes("/")) return { ref: knownRef(word, text, context), via: "reference", ...pin };
  const alias = context.aliases.find(text) ?? context.aliases.find(word);
  if (alias === undefined) return { ref: ofDefaultProvider(word, context), via: "default-provider", ...pin };
  const target = splitPin(alias.target.trim());
  const ref = target.word.includes("/") ? knownRef(target.word, alias.target, context) : ofDefaultProvider(target.word, context);
  const pinned = context.aliases.find(text) === undefined ? (profile ?? target.profile) : target.profile;
  return { ref, via: "alias", alias, ...(pinned !== undefined && { profile: pinned }) };
}

function ofDefaultProvider(word: string, { defaultProvider }: ResolveContext): ModelRef {
  return { provider: defaultProvider, model: normaliseModelId(defaultProvider, word) };
}

function knownRef(word: string, written: string, { registry }: ResolveContext): ModelRef {
  const ref = parseRef(word, registry);
  if (ref === undefined) throw notARef(written);
  if (registry.get(ref.provider) === undefined) throw unknownProvider(ref.provider, registry, toModelId(word));
  return { provider: ref.provider, model: ref.model };
}

/** PROVIDER_UNKNOWN with the nearest names. `vendorStyleId`: a reference that may be an OpenRouter id without its prefix. */
export function unknownProvider(id: string, registry: ProviderRegistry, vendorStyleId?: string): AppError {
  const unused = registry.unused.get(id);
  if (unused !== undefined) return pluginUnused(id, unused);
  const known = registry.all.flatMap(({ provider }) => [provider.id, ...(provider.aliases ?? [])]);
  const near = nearest(id, known);
  const prefix = vendorStyleId === undefined ? "" : ` A model of OpenRouter is written openrouter/${vendorStyleId}.`;
  const advice = near.length > 0 ? didYouMean(id, known).trim() : `\`{cli} plugins list\` shows every provider.${prefix}`;
  return new AppError("PROVIDER_UNKNOWN", `no provider is named "${id}"`, { hint: advice, suggestions: near });
}

function pluginUnused(id: string, { pluginId, state }: UnusedPlugin): AppError {
  const hint = state === "off" ? `Turn it on: \`{cli} plugins enable ${pluginId}\`.` : "`{cli} plugins doctor` says what is broken.";
  return new AppError("PROVIDER_UNKNOWN", `the plugin ${pluginId}, which brings the provider "${id}", is ${state}`, { hint });
}

function notARef(text: string): AppError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new AppError("MODEL_REF_INVALID", `"${shown}" is not a model reference`, { hint: HOW_TO_WRITE });
}

function splitPin(text: string): { word: string; profile?: ProfileId } {
  for (let at = text.indexOf("@", 1); at > 0; at = text.indexOf("@", at + 1)) {
    const rest = text.slice(at + 1);
    if (/^[a-z][\w.-]*:./i.test(rest)) return { word: text.slice(0, at).trim(), profile: toProfileId(rest) };
  }
  return { word: text };
}

/** Too long, or with control characters: no vendor has such ids, and no terminal should see them. */
function isUnprintable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.length > LONGEST_REF || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text.trim());
}
