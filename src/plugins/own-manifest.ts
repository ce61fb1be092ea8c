import { check } from "../config/check.ts";
import type { KeyPath } from "../config/loaded-config.ts";
import { placesIn, readJson } from "../kernel/json-text.ts";
import { isObject } from "../kernel/json-value.ts";
import type { Place } from "../kernel/place.ts";
import { type ManifestReading, parseManifest, type PluginManifest } from "../provider/plugin.ts";
import type { PluginProgram } from "../provider/plugin-provider.ts";
import { NEUTRAL_MANIFEST } from "./candidates.ts";
import { Faults, type ManifestFault } from "./manifest-fault.ts";
import { MANIFEST_SHAPE, type WrittenManifest, type WrittenProvider } from "./manifest-shape.ts";
import { providerFaults } from "./provider-data.ts";

/** `own`: it describes providers, or a program that answers for them. `agent`: code for inside an older agent, which is never run here. */
export type AnyManifest =
  | { readonly kind: "agent"; readonly manifest: PluginManifest }
  | { readonly kind: "own"; readonly manifest: OwnManifest }
  | Extract<ManifestReading, { readonly kind: "broken" }>;

/** A manifest without a fault. */
export interface OwnManifest {
  readonly id: string;
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly providers: readonly WrittenProvider[];
  readonly program?: PluginProgram;
}

const MOST_PROVIDERS = 20;
const BASE = "manifest";

/** Reads a manifest of either kind: by its name, or by what `providers` of a `<bin>.plugin.json` holds. Never throws. */
export function readAnyManifest(text: string, file: string): AnyManifest {
  const parsed = readJson(text, file);
  if (parsed.kind === "syntax") return { kind: "broken", message: parsed.message, place: parsed.place };
  if (!file.endsWith(NEUTRAL_MANIFEST) && !isOwn(parsed.value)) {
    const reading = parseManifest(text, file);
    return reading.kind === "broken" ? reading : { kind: "agent", manifest: reading.manifest };
  }
  const { manifest, faults } = checkManifest(parsed.value);
  if (manifest !== undefined) return { kind: "own", manifest };
  const placeOf = placesIn(text, file, "json");
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  return {
    kind: "broken",
    message: `${first?.message ?? "it is no manifest"}${more}`,
    place: placed(first?.path ?? [], placeOf) ?? { file, line: 1, column: 1 },
  };
}

/** All that is wrong with it, or the manifest. */
export function checkManifest(value: unknown): { readonly manifest?: OwnManifest; readonly faults: readonly ManifestFault[] } {
  const { value: checked, findings } = check(MANIFEST_SHAPE, value, [BASE]);
  const shapes = findings.map(({ path, message, hint }): ManifestFault => ({ path: path.slice(1), message: `${message}. ${hint}`.replace(/\.$/, "") }));
  if (shapes.length > 0 || checked === undefined) return { faults: shapes };
  const written = checked as WrittenManifest;
  const faults = new Faults();
  manifestFaults(written, faults);
  return faults.found.length > 0 ? { faults: faults.found } : { manifest: written, faults: [] };
}

function manifestFaults({ id, name, version, description, providers, program }: WrittenManifest, faults: Faults): void {
  if (!isPluginId(id)) faults.add(["id"], "must be small letters, digits, and - . _ between them");
  faults.text(["name"], name, 100);
  faults.text(["version"], version, 60);
  faults.text(["description"], description);
  faults.most(["providers"], providers, MOST_PROVIDERS);
  if (providers.length === 0) faults.add(["providers"], "is empty");
  providers.slice(0, MOST_PROVIDERS).forEach((provider, at) => {
    providerFaults(provider, ["providers", at], faults);
    if (providers.findIndex((other) => other.id === provider.id) !== at) faults.add(["providers", at, "id"], "is there twice");
  });
  if (program === undefined) return;
  const [file = ""] = program.command;
  program.command.forEach((word, at) => faults.text(["program", "command", at], word, 200));
  if (!/^(?:[\w.-]+|\.\/[\w./-]+)$/.test(file) || file.split("/").includes(".."))
    faults.add(["program", "command"], 'must begin with "node", a file of the plugin ("./main") or the name of a program');
}

/** As a folder's and a config's key may be called. */
export function isPluginId(id: string): boolean {
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(id);
}

function isOwn(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { providers, program } = value;
  return program !== undefined || (Array.isArray(providers) && providers.some((item) => typeof item === "object" && item !== null));
}

/** Of the innermost part that is written. */
function placed(path: KeyPath, placeOf: (path: KeyPath, what: "value") => Place | undefined): Place | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = placeOf(path.slice(0, length), "value");
    if (place !== undefined) return place;
  }
  return undefined;
}
