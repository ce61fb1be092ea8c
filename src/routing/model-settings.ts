import type { ConfigEdit } from "../config/config-edit.ts";
import { keyPathText } from "../config/key-path.ts";
import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import { writtenTexts } from "../config/written-text.ts";
import { AppError } from "../kernel/errors.ts";
import { readAllowlist } from "./allowlist.ts";
import { type ChosenModel, type EditFacts, settingsKey } from "./chosen-model.ts";

const MODELS = ["agents", "defaults", "models"] as const;

/**
 * An older agent takes `agents.defaults.models` for a list of the only models allowed as soon as something is in it: a model that is chosen
 * must then be there. An empty map stays empty. A list that was written as one by hand is not widened.
 */
export function keptUsable({ key }: ChosenModel, facts: EditFacts): ConfigEdit[] {
  const { agents, signalbox } = facts.config.value;
  const isEmpty = Object.keys(agents?.defaults?.models ?? {}).length === 0;
  if (isEmpty || signalbox?.legacyAllowlist === true || settingsKey(key, facts) !== undefined) return [];
  return [{ kind: "set", path: [...MODELS, key], value: {} }];
}

/** Throws MODEL_NOT_ALLOWED where a list that somebody wrote by hand keeps a fallback out: it would never be asked. */
export function refuseKeptOut({ ref, key }: ChosenModel, { config, chain }: EditFacts): void {
  const allowlist = readAllowlist(config, (text) => chain.resolve(text));
  if (allowlist === undefined || allowlist.allows(ref)) return;
  const list = keyPathText(allowlist.keyPath);
  throw new AppError("MODEL_NOT_ALLOWED", `${list} is a list of the only models allowed, and ${key} is not on it`, {
    hint: `A fallback that is not on it is never asked. Add it there first: \`{cli} config set ${addition(allowlist.keyPath, key, config)}\`.`,
    keyPath: list,
  });
}

/** Key and value, as a shell takes them. */
function addition(list: KeyPath, key: string, config: LoadedConfig): string {
  const texts = writtenTexts(config, list);
  return texts === undefined ? `'${keyPathText([...list, key])}' '{}'` : `'${keyPathText([...list, texts.length])}' ${key}`;
}

/** A default model counts although no list allows it: worth knowing, for it hardly was meant so. */
export function notAllowedWarning({ ref, key }: ChosenModel, { config, chain }: EditFacts): string[] {
  const allowlist = readAllowlist(config, (text) => chain.resolve(text));
  if (allowlist === undefined || allowlist.allows(ref)) return [];
  return [`${keyPathText(allowlist.keyPath)} does not allow ${key}. As the default model it is asked all the same.`];
}
