import type { Host } from "../kernel/host.ts";
import { readJson } from "../kernel/json-text.ts";

/** In the plugin's own folder, so that both come and go together; no package brings one along. */
export const RECORD_FILE = "signalbox.install.json";

/** What was agreed to when a plugin was installed. */
export interface InstallRecord {
  readonly source: "folder" | "archive" | "npm";
  /** The path, or the package as it was asked for. */
  readonly from: string;
  readonly version?: string;
  /** Of the package as the registry states it, where it came from one. */
  readonly integrity?: string;
  /** SHA-256 of the manifest's text. */
  readonly manifest: string;
  /** SHA-256 over all files. */
  readonly content: string;
  /** ISO instant. */
  readonly installedAt: string;
}

const LARGEST_BYTES = 64 * 1024;

/** undefined: there is none, or none that can be read. */
export function readRecord(host: Host, folder: string): InstallRecord | undefined {
  const file = host.paths.join(folder, RECORD_FILE);
  const read = host.readText(file, LARGEST_BYTES);
  const parsed = read.kind === "text" ? readJson(read.text, file) : undefined;
  return parsed?.kind === "value" && isRecord(parsed.value) ? parsed.value : undefined;
}

export function recordText(record: InstallRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function isRecord(value: unknown): value is InstallRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { source, from, version, integrity, manifest, content, installedAt } = value as Readonly<Record<string, unknown>>;
  const isText = (one: unknown): boolean => typeof one === "string" && one.length <= 2000;
  const isTextOrAbsent = (one: unknown): boolean => one === undefined || isText(one);
  return (
    ["folder", "archive", "npm"].includes(String(source)) && [from, manifest, content, installedAt].every(isText) && [version, integrity].every(isTextOrAbsent)
  );
}
