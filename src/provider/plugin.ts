import { placesIn, readJson } from "../kernel/json-text.ts";
import { isObject } from "../kernel/json-value.ts";
import type { Place } from "../kernel/place.ts";

/** What the manifest of an installed plugin says. Its code is never run. Keys that we do not use are not looked at. */
export interface PluginManifest {
  readonly id: string;
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  /** Only `memory` is known. */
  readonly kind?: string;
  /** Ids of the providers that it brings. */
  readonly providers: readonly string[];
  readonly channels: readonly string[];
  readonly skills: readonly string[];
  /** The JSON Schema of its settings; it is required, and may be an empty object. */
  readonly configSchema: Readonly<Record<string, unknown>>;
}

/** `message`: one sentence that names the field. */
export type ManifestReading =
  | { readonly kind: "manifest"; readonly manifest: PluginManifest }
  | { readonly kind: "broken"; readonly message: string; readonly place: Place };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a `<bin>.plugin.json`: strict JSON with a non-blank `id` and an object `configSchema`. Never throws. */
export function parseManifest(text: string, file: string): ManifestReading {
  const reading = readJson(text, file);
  if (reading.kind === "syntax") return { kind: "broken", message: reading.message, place: reading.place };
  const fields = reading.value;
  if (!isObject(fields)) return { kind: "broken", message: "a manifest is an object", place: { file, line: 1, column: 1 } };
  const fault = firstFault(fields);
  if (fault === undefined) return { kind: "manifest", manifest: toManifest(fields) };
  return { kind: "broken", message: fault.message, place: placesIn(text, file, "json")(fault.path, "value") ?? { file, line: 1, column: 1 } };
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function firstFault(fields: Fields): Fault | undefined {
  const id = own(fields, "id");
  if (typeof id !== "string" || id.trim() === "") return { path: path(fields, "id"), message: `"id" must be a text that is not blank` };
  if (!isObject(own(fields, "configSchema"))) return { path: path(fields, "configSchema"), message: `"configSchema" must be an object` };
  for (const name of ["name", "version", "description", "kind"]) {
    if (!["string", "undefined"].includes(typeof own(fields, name))) return { path: [name], message: `"${name}" must be a text` };
  }
  for (const name of ["providers", "channels", "skills"]) {
    const fault = faultInList(name, own(fields, name));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultInList(name: string, value: unknown): Fault | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return { path: [name], message: `"${name}" must be a list of texts` };
  const at = value.findIndex((item) => typeof item !== "string" || item.trim() === "");
  return at < 0 ? undefined : { path: [name, at], message: `"${name}" must hold texts that are not blank` };
}

function toManifest(fields: Fields): PluginManifest {
  const text = (key: "name" | "version" | "description" | "kind"): Readonly<Partial<Record<typeof key, string>>> => {
    const value = own(fields, key);
    return typeof value === "string" && value.trim() !== "" ? { [key]: value.trim() } : {};
  };
  const texts = (key: string): string[] => ((own(fields, key) ?? []) as string[]).map((item) => item.trim());
  return {
    id: String(own(fields, "id")).trim(),
    ...text("name"),
    ...text("version"),
    ...text("description"),
    ...text("kind"),
    providers: texts("providers"),
    channels: texts("channels"),
    skills: texts("skills"),
    configSchema: own(fields, "configSchema") as Fields,
  };
}

/** The path of a key that is there; else of the whole object. */
function path(fields: Fields, key: string): readonly string[] {
  return Object.hasOwn(fields, key) ? [key] : [];
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}
