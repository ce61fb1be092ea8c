import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { type ProviderId, toProviderId } from "../kernel/ids.ts";
import { placesIn, readJson } from "../kernel/json-text.ts";
import { isObject } from "../kernel/json-value.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import { Secret } from "../kernel/secret.ts";
import type { CustomProvider } from "../provider/registry.ts";
import { check } from "./check.ts";
import type { CustomProviders } from "./custom-providers.ts";
import type { Environment, KeyPath, LoadedConfig } from "./loaded-config.ts";
import { MODELS_JSON_PROVIDER, type ModelsJsonEntry } from "./models-schema.ts";
import { isPlaceholderKey } from "./placeholder-key.ts";
import { readEntry } from "./provider-entry.ts";
import { RowList } from "./row-list.ts";

const LARGEST_BYTES = 1024 * 1024;
const WRITTEN_BY_AGENT = "The agent writes this file anew; or correct it there.";
/** Further broken parts of the same entry are not listed. */
const MOST_ROWS = 3;

/** The providers of an agent's generated models.json. A file or an entry that cannot be used is a row, and the others go on. No command in it is run. */
export function readModelsJson(
  host: Host,
  config: Pick<LoadedConfig, "environment">,
  agentDir: string,
  isBuiltIn: (id: ProviderId) => boolean = () => false,
): CustomProviders {
  const file = host.paths.join(agentDir, "models.json");
  const read = host.readText(file, LARGEST_BYTES);
  if (read.kind === "absent") return { providers: [], problems: [] };
  if (read.kind !== "text") return brokenFile(file, unreadable(read), { file });
  const parsed = readJson(read.text, file);
  if (parsed.kind === "syntax") return brokenFile(file, parsed.message, parsed.place);
  const entries = isObject(parsed.value) && Object.hasOwn(parsed.value, "providers") ? parsed.value["providers"] : undefined;
  if (!isObject(entries)) return brokenFile(file, 'it has no object "providers"', { file, line: 1, column: 1 });
  const reading = { file, environment: config.environment, isBuiltIn, placeOf: placesIn(read.text, file, "json"), rows: new RowList() };
  const providers = Object.entries(entries).flatMap(([name, entry]) => readOne(name, entry, reading) ?? []);
  return { providers, problems: reading.rows.all() };
}

interface Reading {
  readonly file: string;
  readonly environment: Environment;
  readonly isBuiltIn: (id: ProviderId) => boolean;
  readonly placeOf: (path: KeyPath, what?: "key" | "value") => Place | undefined;
  readonly rows: RowList;
}

function readOne(name: string, written: unknown, { file, environment, isBuiltIn, placeOf, rows }: Reading): CustomProvider | undefined {
  const id = toProviderId(name);
  const base = ["providers", name];
  const row = (severity: Problem["severity"], path: KeyPath, message: string, hint: string): void =>
    rows.add(() => ({ code: "MODELS_JSON_BROKEN", severity, subject: id, message, hint, place: placeOf([...base, ...path]) ?? placeOf(base) ?? { file } }));
  const { value, findings } = check(MODELS_JSON_PROVIDER, written, base);
  const breaking = findings.filter(({ path }) => path[base.length] !== "models" || path.length < base.length + 2);
  for (const { path, message } of findings.slice(0, MOST_ROWS))
    row(breaking.length > 0 ? "error" : "warning", path.slice(base.length), message, WRITTEN_BY_AGENT);
  if (breaking.length > 0) return undefined;
  const { apiKey, ...entry } = value as ModelsJsonEntry;
  const key = keyOf(apiKey, environment);
  if (key.kind === "command") row("note", ["apiKey"], `the key of "${id}" is a shell command, which is never run`, "Set the key in the environment.");
  const variable = key.kind === "variable" ? key.name : undefined;
  const secret = key.kind === "literal" ? { apiKey: key.key } : {};
  const { provider, faults } = readEntry(
    { ...entry, ...secret },
    { id, origin: { kind: "models.json", file }, isBuiltIn: isBuiltIn(id), keyVariable: variable },
  );
  for (const fault of faults) row(fault.breaks === "entry" ? "error" : "warning", fault.path, `${fault.message}, so it is left out`, fault.hint);
  return provider;
}

type KeyText =
  | { readonly kind: "none" | "command" }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "literal"; readonly key: Secret };

/**
 * What `apiKey` says: `!command`, the name of a variable, or a key. Older agents write the name of a variable that was set when they wrote; one
 * that looks like such a name is never a key. Names of AWS variables only say that AWS is asked.
 */
function keyOf(apiKey: string | undefined, environment: Environment): KeyText {
  const text = apiKey?.trim() ?? "";
  if (text === "" || isPlaceholderKey(text)) return { kind: "none" };
  if (text.startsWith("!")) return { kind: "command" };
  const name = /^\$\{(\w+)\}$/.exec(text)?.[1] ?? text;
  const isName = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name) || environment.get(name) !== undefined;
  if (!isName) return { kind: "literal", key: new Secret(text) };
  return name.startsWith("AWS_") && name !== "AWS_BEARER_TOKEN_BEDROCK" ? { kind: "none" } : { kind: "variable", name };
}

function brokenFile(file: string, message: string, place: Place): CustomProviders {
  return {
    providers: [],
    problems: [{ code: "MODELS_JSON_BROKEN", severity: "error", subject: file, message: `models.json is not used: ${message}`, hint: WRITTEN_BY_AGENT, place }],
  };
}

function unreadable(read: { readonly kind: "too_large" | "not_text" } | { readonly kind: "unreadable"; readonly reason: string }): string {
  switch (read.kind) {
    case "too_large":
      return "it is larger than 1 MB";
    case "not_text":
      return "it is not UTF-8 text";
    case "unreadable":
      return `it cannot be read (${read.reason})`;
    default:
      return assertNever(read);
  }
}
