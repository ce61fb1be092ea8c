import { type ModelRef, refText } from "../catalog/model-ref.ts";
import { parseRef, type Resolution } from "../catalog/resolve.ts";
import type { Agents } from "../config/agents.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { AppError, asAppError, expected } from "../kernel/errors.ts";
import { holdsShape } from "../kernel/secret-shapes.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { Chain } from "./chain.ts";

/** What an edit of models is planned from: the config as it is at one moment. */
export interface EditFacts {
  readonly config: LoadedConfig;
  readonly agents: Agents;
  readonly registry: ProviderRegistry;
  readonly chain: Chain;
}

/** A model that a person names, ready to be written. */
export interface ChosenModel {
  readonly resolution: Resolution;
  readonly ref: ModelRef;
  /** `provider/model`. */
  readonly key: string;
  /** What is written: the key, with the account that it pins. */
  readonly text: string;
}

/** Throws MODEL_REF_INVALID or PROVIDER_UNKNOWN. What looks like a key of somebody's account is refused and not repeated. */
export function chosenModel(word: string, chain: Chain): ChosenModel {
  const resolution = resolvedSafely(word, chain);
  const { ref, via } = resolution;
  const key = refText(ref);
  const text = pinnedText(resolution);
  if (via === "default-provider" ? looksSecret(word) : via === "reference" && holdsShape(word)) throw secretRefused("MODEL_REF_INVALID", "a model");
  if (/\p{C}/u.test(text)) {
    throw new AppError("MODEL_REF_INVALID", `"${text.slice(0, 100)}" holds characters that nobody can see`, {
      hint: "No model has such an id. Type it instead of pasting it.",
    });
  }
  if (text.includes("${")) {
    const hint = "A reference that comes from a variable is written into the config by hand.";
    throw new AppError("MODEL_REF_INVALID", `"${text.slice(0, 100)}" would be read as a variable`, { hint });
  }
  return { resolution, ref, key, text };
}

function resolvedSafely(word: string, chain: Chain): Resolution {
  try {
    return chain.resolve(word);
  } catch (thrown) {
    if (asAppError(thrown).code !== "INTERNAL" && looksSecret(word)) throw secretRefused("MODEL_REF_INVALID", "a model");
    throw thrown;
  }
}

/** `provider/model`, or `provider/model@profile`. */
export function pinnedText({ ref, profile }: Pick<Resolution, "ref" | "profile">): string {
  return profile === undefined ? refText(ref) : `${refText(ref)}@${profile}`;
}

/** undefined for what leads nowhere. */
export function resolvedText(text: string, chain: Chain): Resolution | undefined {
  try {
    return chain.resolve(text);
  } catch (thrown) {
    expected(thrown);
    return undefined;
  }
}

/** The key below `agents.defaults.models` that means `text`, however it is spelled there. */
export function settingsKey(text: string, { config, registry }: Pick<EditFacts, "config" | "registry">): string | undefined {
  const models = config.value.agents?.defaults?.models ?? {};
  if (Object.hasOwn(models, text)) return text;
  return Object.keys(models).find((key) => {
    const ref = parseRef(key, registry);
    return ref !== undefined && pinnedText({ ref, ...(ref.profile !== undefined && { profile: ref.profile }) }) === text;
  });
}

/** Somebody chose it before: it is in the chain, or has settings. */
export function isInUse({ key }: ChosenModel, facts: EditFacts): boolean {
  const isInChain = facts.chain.entries.some(({ resolution }) => resolution !== undefined && refText(resolution.ref) === key);
  return isInChain || settingsKey(key, facts) !== undefined;
}
