import { secretsOf, withoutSecret } from "../../../../credentials/clear-text.ts";
import type { Credential } from "../../../../credentials/profile.ts";
import { LARGEST_STORE_BYTES } from "../../../../credentials/store-file.ts";
import type { Host } from "../../../../kernel/host.ts";
import type { CopyRow } from "./left-copies.ts";

/**
 * Damaged files that `doctor --repair` set aside beside a store or a config are files of ours: removed secrets are struck out of them too. Those that
 * cannot be read as text are given back, to be named.
 */
export async function strikeOut(host: Host, original: string, credentials: readonly Credential[], command: string): Promise<CopyRow[]> {
  const { dirname, basename, join } = host.paths;
  const folder = dirname(original);
  const isAside = (name: string): boolean => name.startsWith(`${basename(original)}.corrupt-`);
  const asides = host.listFolder(folder).flatMap(({ name, kind }) => (kind === "file" && isAside(name) ? [join(folder, name)] : []));
  const left: CopyRow[] = [];
  for (const file of asides) {
    const read = host.readText(file, LARGEST_STORE_BYTES);
    if (read.kind === "text") await strikeOutOf(host, file, credentials, command);
    else left.push({ file, line: null, variable: null, what: "a damaged file that was set aside; it may hold the secret" });
  }
  return left;
}

async function strikeOutOf(host: Host, file: string, credentials: readonly Credential[], command: string): Promise<void> {
  const secrets = credentials.flatMap(secretsOf);
  const keeping = { kept: "secrets", backup: "none", maxBytes: LARGEST_STORE_BYTES, command } as const;
  await host.changeFiles([file], keeping, (texts) => {
    const before = texts.get(file) ?? "";
    const after = secrets.reduce(withoutSecret, before);
    return after === before ? new Map() : new Map([[file, after]]);
  });
}
