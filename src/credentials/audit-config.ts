import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import { keyPathText } from "../config/key-path.ts";
import { readModelsJson } from "../config/models-json.ts";
import { type ProviderId, toProviderId } from "../kernel/ids.ts";
import { parseJson5, placesIn, readJson } from "../kernel/json-text.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Place } from "../kernel/place.ts";
import { Secret } from "../kernel/secret.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { type FoundSecret, isLiteral, withoutScheme } from "./clear-text.ts";
import { providerOf } from "./known-tools-read.ts";
import { cleaned } from "./secret-text.ts";

/** A secret that the config holds as a text of its own. */
export interface ConfigSecret extends FoundSecret {
  readonly path: KeyPath;
  readonly holder: "apiKey" | "header" | "variable";
}

/** Keys and headers of `models.providers`, and variables of `env` that a provider knows; not what `${VAR}` brings. */
export function configSecrets(host: Host, config: LoadedConfig, registry: ProviderRegistry): ConfigSecret[] {
  const fromVariables = new Set(config.replaced.map(({ path }) => path.join("\0")));
  const found = [...entrySecrets(config, registry), ...variableSecrets(host, config, registry)];
  return found.flatMap(({ path, holder, provider, secret, kind }) => {
    const isOurs = !fromVariables.has(path.join("\0")) && isLiteral(secret);
    const place = isOurs ? config.placeOf(path) : undefined;
    if (place === undefined) return [];
    return [{ path, holder, place, called: keyPathText(path), provider, credential: kind === "token" ? { kind, token: secret } : { kind, key: secret } }];
  });
}

interface Held {
  readonly path: KeyPath;
  readonly holder: ConfigSecret["holder"];
  readonly provider: ProviderId;
  readonly secret: Secret;
  readonly kind: "api_key" | "token";
}

const SECRET_HEADER = /auth|key|token|secret|cookie/i;

function entrySecrets(config: LoadedConfig, registry: ProviderRegistry): Held[] {
  return Object.entries(config.value.models?.providers ?? {}).flatMap(([name, entry]): Held[] => {
    const provider = registry.idOf(name);
    const base = ["models", "providers", name];
    const kind = entry.auth === "token" || entry.auth === "oauth" ? "token" : "api_key";
    const headersAt = (path: KeyPath, headers: Readonly<Record<string, Secret>> | undefined): Held[] =>
      Object.entries(headers ?? {})
        .filter(([header]) => SECRET_HEADER.test(header))
        .map(([header, secret]) => ({ path: [...path, header], holder: "header", provider, secret: withoutScheme(secret), kind: "token" }));
    return [
      ...(entry.apiKey === undefined ? [] : [{ path: [...base, "apiKey"], holder: "apiKey", provider, secret: cleaned(entry.apiKey), kind } as const]),
      ...headersAt([...base, "headers"], entry.headers),
      ...(entry.models ?? []).flatMap((model, index) => headersAt([...base, "models", index, "headers"], model.headers)),
    ];
  });
}

function variableSecrets(host: Host, config: LoadedConfig, registry: ProviderRegistry): Held[] {
  const direct = (config.show(["env"])?.keys ?? []).filter((name) => name !== "vars" && name !== "shellEnv");
  const written = [
    ...Object.entries(config.value.env?.vars ?? {}).map(([name, text]) => ({ name, text, path: ["env", "vars", name] })),
    ...direct.map((name) => ({ name, text: valueInConfig(host, config, name), path: ["env", name] })),
  ];
  return written.flatMap(({ name, text, path }): Held[] => {
    const provider = text === undefined ? undefined : providerOf(name, registry);
    return text === undefined || provider === undefined ? [] : [{ path, holder: "variable", provider, secret: cleaned(new Secret(text)), kind: "api_key" }];
  });
}

/** As the run sees it, or, where the process or a .env file sets it too, as the config's file says at its top. */
function valueInConfig(host: Host, config: LoadedConfig, name: string): string | undefined {
  const set = config.environment.get(name);
  if (set?.setIn === "config") return set.value;
  const file = config.placeOf(["env", name])?.file;
  const read = file === undefined ? undefined : host.readText(file, LARGEST_BYTES);
  if (file === undefined || read?.kind !== "text") return undefined;
  const value = objectAt(objectAt(parseJson5(read.text, file))?.["env"])?.[name];
  return typeof value === "string" ? value : undefined;
}

/** The keys that stand in the models.json of each of these agents' folders. */
export function modelsJsonSecrets(host: Host, config: LoadedConfig, folders: readonly string[]): FoundSecret[] {
  return folders.flatMap((folder) =>
    readModelsJson(host, config, folder).providers.flatMap(({ id, apiKey, origin }): FoundSecret[] => {
      if (apiKey === undefined || origin.kind !== "models.json" || !isLiteral(cleaned(apiKey))) return [];
      const place = keyPlace(host, origin.file, id);
      return [{ place, called: `providers.${id}.apiKey`, provider: toProviderId(id), credential: { kind: "api_key", key: cleaned(apiKey) } }];
    }),
  );
}

const LARGEST_BYTES = 1024 * 1024;

function keyPlace(host: Host, file: string, provider: string): Place {
  const read = host.readText(file, LARGEST_BYTES);
  if (read.kind !== "text" || readJson(read.text, file).kind === "syntax") return { file };
  return placesIn(read.text, file, "json")(["providers", provider, "apiKey"]) ?? { file };
}
