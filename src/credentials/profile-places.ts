import type { LoadedConfig } from "../config/loaded-config.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { placesIn, readJson } from "../kernel/json-text.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Place } from "../kernel/place.ts";
import type { AuthProfile } from "./profile.ts";

export interface ProfilePlaces {
  /** Where a profile stands, with its line where that can be told. undefined for the environment of the process. */
  placeOf(profile: AuthProfile): Place | undefined;
  /** Where the store's order for a provider stands that counts. */
  placeOfStoreOrder(provider: ProviderId): Place | undefined;
}

const LARGEST_BYTES = 1024 * 1024;

export interface PlacesInput {
  readonly host: Host;
  readonly config: LoadedConfig;
  readonly idOf: (text: string) => ProviderId;
  /** The auth stores, the agent's own first. */
  readonly storeFiles: readonly string[];
}

/** Reads the files again, each once, and only when somebody wants to see a line. */
export function profilePlaces({ host, config, idOf, storeFiles }: PlacesInput): ProfilePlaces {
  const finders = new Map<string, JsonFile | undefined>();
  const inFile = (file: string): JsonFile | undefined => {
    if (!finders.has(file)) finders.set(file, openJson(host, file));
    return finders.get(file);
  };
  return {
    placeOf: ({ id, origin }) => {
      switch (origin.kind) {
        case "store":
          return inFile(origin.file)?.placeOf(["profiles", id]) ?? { file: origin.file };
        case "models.json":
          return inFile(origin.file)?.placeOf(["providers", id.slice("models.json:".length), "apiKey"]) ?? { file: origin.file };
        case "config":
          return origin.place;
        case "env":
          return origin.setIn === "config"
            ? (config.placeOf(["env", "vars", origin.variable]) ?? config.placeOf(["env", origin.variable]))
            : variablePlace(host, origin);
        case "given":
          return undefined;
        default:
          return assertNever(origin);
      }
    },
    placeOfStoreOrder: (provider) => {
      for (const file of storeFiles) {
        const written = inFile(file)
          ?.keysOf("order")
          .find((key) => idOf(key) === provider);
        if (written !== undefined) return inFile(file)?.placeOf(["order", written]);
      }
      return undefined;
    },
  };
}

interface JsonFile {
  readonly placeOf: ReturnType<typeof placesIn>;
  readonly keysOf: (section: string) => readonly string[];
}

/** Of a file that was read before; what has become unreadable since has no places. */
function openJson(host: Host, file: string): JsonFile | undefined {
  const read = host.readText(file, LARGEST_BYTES);
  if (read.kind !== "text") return undefined;
  const parsed = readJson(read.text, file);
  const sections = parsed.kind === "value" ? objectAt(parsed.value) : undefined;
  return sections === undefined
    ? undefined
    : { placeOf: placesIn(read.text, file, "json"), keysOf: (section) => Object.keys(objectAt(sections[section]) ?? {}) };
}

/** The line of a .env file that sets a variable: the last one counts. */
function variablePlace(host: Host, { file, variable }: { readonly file?: string; readonly variable: string }): Place | undefined {
  if (file === undefined) return undefined;
  const read = host.readText(file, LARGEST_BYTES);
  if (read.kind !== "text") return { file };
  const line = read.text.split(/\r\n|\r|\n/).findLastIndex(
    (text) =>
      text
        .trim()
        .replace(/^export\s+/, "")
        .split("=")[0]
        ?.trim() === variable,
  );
  return line < 0 ? { file } : { file, line: line + 1 };
}
