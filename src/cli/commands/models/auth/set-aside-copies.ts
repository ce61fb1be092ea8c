import { secretsOf, withoutSecret } from "../../../../credentials/clear-text.ts";
import type { Credential } from "../../../../credentials/profile.ts";
import { LARGEST_STORE_BYTES } from "../../../../credentials/store-file.ts";
import type { Host } from "../../../../kernel/host.ts";
import type { CopyRow } from "./left-copies.ts";

/** What a command took out of the store. */
export interface Removal {
  readonly credentials: readonly Credential[];
  /** As they stood there. */
  readonly ids: readonly string[];
  readonly command: string;
}

/**
 * Damaged files that `doctor --repair` set aside beside a store or a config are files of ours: removed secrets are struck out of them too. Those that
 * cannot be read as text, or that name an account whose secret was another one then, are given back, to be named.
 */
export async function strikeOut(host: Host, original: string, removal: Removal): Promise<CopyRow[]> {
  const { dirname, basename, join } = host.paths;
  const real = host.inspect(original)?.realPath ?? original;
  const folder = dirname(real);
  const isAside = (name: string): boolean => name.startsWith(`${basename(real)}.corrupt-`);
  const asides = host.listFolder(folder).flatMap(({ name, kind }) => (kind === "file" && isAside(name) ? [join(folder, name)] : []));
  const left: CopyRow[] = [];
  for (const file of asides) if (await mayHoldMore(host, file, removal)) left.push({ file, line: null, variable: null, what: MAY_HOLD });
  return left;
}

const MAY_HOLD = "a damaged file that was set aside; it may hold a secret of the account";

/** Strikes the known secrets out. A file that has none of them and still names one of the accounts may hold an earlier one. */
async function mayHoldMore(host: Host, file: string, { credentials, ids, command }: Removal): Promise<boolean> {
  const read = host.readText(file, LARGEST_STORE_BYTES);
  if (read.kind !== "text") return true;
  const secrets = credentials.flatMap(secretsOf);
  const rest = secrets.reduce(withoutSecret, read.text);
  const keeping = { kept: "secrets", backup: "none", maxBytes: LARGEST_STORE_BYTES, command } as const;
  if (rest === read.text) return ids.some((id) => rest.includes(JSON.stringify(id)));
  await host.changeFiles([file], keeping, (texts) => new Map([[file, secrets.reduce(withoutSecret, texts.get(file) ?? "")]]));
  return false;
}
