import { parseRef } from "../../../../catalog/resolve.ts";
import type { KeyPath, LoadedConfig } from "../../../../config/loaded-config.ts";
import type { ProfileId } from "../../../../kernel/ids.ts";
import type { ProviderRegistry } from "../../../../provider/registry.ts";

/** A text of the config that pins an account: `provider/model@account`, or an alias with it. */
export interface PinnedText {
  readonly path: KeyPath;
  readonly text: string;
  /** The text is a key of a map, not a value. */
  readonly isKey: boolean;
}

/** Every model reference of the config, for any agent, that ends in `@<profile>`. */
export function pinnedTexts(config: LoadedConfig, registry: ProviderRegistry, profile: ProfileId): PinnedText[] {
  return modelTexts(config).filter(({ text }) => pinOf(text, registry) === profile);
}

/** The account that a reference or a word pins. */
function pinOf(text: string, registry: ProviderRegistry): ProfileId | undefined {
  const written = text.trim();
  return parseRef(written.includes("/") ? written : `alias/${written}`, registry)?.profile;
}

/** The same text with another account behind its `@`. */
export function pinnedTo(text: string, from: ProfileId, to: ProfileId): string {
  return `${text.trimEnd().slice(0, -from.length)}${to}`;
}

type Choice = { readonly primary?: string | undefined; readonly fallbacks?: readonly string[] | undefined } | undefined;

function modelTexts(config: LoadedConfig): PinnedText[] {
  const { defaults, list = [] } = config.value.agents ?? {};
  const value = (path: KeyPath, text: string): PinnedText => ({ path, text, isKey: false });
  const choice = (path: KeyPath, chosen: Choice): PinnedText[] => [
    ...(chosen?.primary === undefined ? [] : [value(primaryPath(config, path), chosen.primary)]),
    ...(chosen?.fallbacks ?? []).map((text, index) => value([...path, "fallbacks", index], text)),
  ];
  const base = ["agents", "defaults"];
  return [
    ...choice([...base, "model"], defaults?.model),
    ...choice([...base, "imageModel"], defaults?.imageModel),
    ...(defaults?.modelPolicy?.allow ?? []).map((text, index) => value([...base, "modelPolicy", "allow", index], text)),
    ...Object.keys(defaults?.models ?? {}).map((text) => ({ path: [...base, "models", text], text, isKey: true })),
    ...list.flatMap(({ model, subagents }, index) => [
      ...choice(["agents", "list", index, "model"], model),
      ...choice(["agents", "list", index, "subagents", "model"], subagents?.model),
    ]),
  ];
}

/** A choice that is text alone stays text. */
function primaryPath(config: LoadedConfig, choice: KeyPath): KeyPath {
  return typeof config.show(choice)?.value === "string" ? choice : [...choice, "primary"];
}
