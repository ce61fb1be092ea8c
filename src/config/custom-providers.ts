import { type ProviderId, toProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import type { CustomProvider } from "../provider/registry.ts";
import { keyPathText } from "./key-path.ts";
import type { KeyPath, LoadedConfig, VariableUse } from "./loaded-config.ts";
import { type EntryFault, readEntry } from "./provider-entry.ts";
import { RowList } from "./row-list.ts";
import { unsetSentence } from "./substitute.ts";

export interface CustomProviders {
  readonly providers: readonly CustomProvider[];
  readonly problems: readonly Problem[];
}

type Source = Pick<LoadedConfig, "value" | "unset" | "replaced" | "placeOf">;

const SECTION = ["models", "providers"] as const;

/** The entries of `models.providers`. One that cannot be used is a row, and the others go on. `isBuiltIn`: whether we know an address for it. */
export function customProviders(config: Source, isBuiltIn: (id: ProviderId) => boolean = () => false): CustomProviders {
  const providers = new Map<ProviderId, CustomProvider>();
  const rows = new RowList();
  const unsetIn = byEntry(config.unset);
  const replacedIn = byEntry(config.replaced);
  for (const [key, entry] of Object.entries(config.value.models?.providers ?? {})) {
    const id = toProviderId(key);
    const unset = unsetIn.get(key) ?? [];
    const breaking = unset.filter(({ path }) => path.length === 4 && path[3] !== "apiKey");
    for (const use of unset) rows.add(() => unsetRow(config, id, use));
    if (breaking.length > 0) continue;
    if (providers.has(id)) {
      rows.add(() => repeated(config, key, id));
      continue;
    }
    const { provider, faults } = readEntry(entry, {
      id,
      origin: originOf(config, key),
      isBuiltIn: isBuiltIn(id),
      keyVariable: keyVariableOf(replacedIn.get(key) ?? []),
    });
    if (provider !== undefined) providers.set(id, provider);
    for (const fault of faults) rows.add(() => faultRow(config, key, id, fault));
  }
  return { providers: [...providers.values()], problems: rows.all() };
}

/** The place costs a second parsing, so it is found out when it is asked for. */
function originOf(config: Source, key: string): CustomProvider["origin"] {
  return {
    kind: "config",
    get place() {
      return config.placeOf([...SECTION, key]);
    },
  };
}

/** The uses of variables inside entries, by the key of the entry. */
function byEntry(uses: readonly VariableUse[]): ReadonlyMap<string | number | undefined, readonly VariableUse[]> {
  const found = new Map<string | number | undefined, VariableUse[]>();
  for (const use of uses) {
    if (use.path[0] !== SECTION[0] || use.path[1] !== SECTION[1]) continue;
    const known = found.get(use.path[2]);
    if (known === undefined) found.set(use.path[2], [use]);
    else known.push(use);
  }
  return found;
}

/** The variable, where the key was written as `${VAR}` and nothing else. */
function keyVariableOf(uses: readonly VariableUse[]): string | undefined {
  const use = uses.find(({ path }) => path.length === 4 && path[3] === "apiKey");
  return use?.isWhole ? use.variables[0] : undefined;
}

function faultRow(config: Source, key: string, id: ProviderId, fault: EntryFault): Problem {
  return {
    code: "PROVIDER_ENTRY_BROKEN",
    severity: fault.breaks === "entry" ? "error" : "warning",
    subject: id === "" ? keyPathText([...SECTION, key]) : id,
    message: fault.breaks === "entry" ? `${fault.message}, so the entry is left out` : `${fault.message}, so it is left out`,
    hint: fault.hint,
    ...placed(config, [...SECTION, key, ...fault.path]),
  };
}

/** A missing key leaves a provider without that key, a missing address leaves no provider. */
function unsetRow(config: Source, id: ProviderId, use: VariableUse): Problem {
  const names = use.variables.join(" and ");
  const key = use.path[3];
  const breaksEntry = use.path.length === 4 && key !== "apiKey";
  const rest = { subject: id, hint: `Set ${names} in the environment or in a .env file.`, ...placed(config, use.path) };
  if (breaksEntry) {
    return {
      ...rest,
      code: "PROVIDER_ENTRY_BROKEN",
      severity: "error",
      message: `${unsetSentence(use)}, so the provider "${id}" has no ${key} and is left out`,
    };
  }
  return {
    ...rest,
    code: "CONFIG_VARIABLE_UNSET",
    severity: "warning",
    message: `${unsetSentence(use)}, so the provider "${id}" goes without ${keyPathText(use.path.slice(3))}`,
  };
}

function repeated(config: Source, key: string, id: ProviderId): Problem {
  return {
    code: "PLUGIN_DUPLICATE",
    severity: "warning",
    subject: id,
    message: `models.providers has "${id}" twice, for case does not count; the first counts`,
    hint: "Merge the two entries.",
    ...placed(config, [...SECTION, key]),
  };
}

/** Of the innermost key that is written. */
function placed(config: Source, path: KeyPath): { readonly place?: Place } {
  for (let length = path.length; length > 0; length--) {
    const place = config.placeOf(path.slice(0, length));
    if (place !== undefined) return { place };
  }
  return {};
}
