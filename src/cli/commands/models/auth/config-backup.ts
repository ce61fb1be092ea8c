import type { Broker } from "../../../../broker.ts";
import { LARGEST_CONFIG_BYTES } from "../../../../config/sources.ts";
import { holdsSecret, secretsOf } from "../../../../credentials/clear-text.ts";
import type { Credential } from "../../../../credentials/profile.ts";
import { expected } from "../../../../kernel/errors.ts";
import type { Host } from "../../../../kernel/host.ts";
import type { CopyRow } from "./left-copies.ts";
import { strikeOut } from "./set-aside-copies.ts";

/**
 * After a secret was taken out of a config file: its backup holds what the file holds now, where it held the secret. `config undo` then has nothing
 * to go back to, which is what was asked for.
 */
async function forgetInBackup(host: Host, file: string, credential: Credential, command: string): Promise<void> {
  const backup = `${host.inspect(file)?.realPath ?? file}.bak`;
  const [now, before] = [host.readText(file, LARGEST_CONFIG_BYTES), host.readText(backup, LARGEST_CONFIG_BYTES)];
  if (now.kind !== "text" || before.kind !== "text" || !holdsAny(before.text, credential) || holdsAny(now.text, credential)) return;
  const keeping = { kept: "config", backup: "none", maxBytes: LARGEST_CONFIG_BYTES, command } as const;
  await host.changeFiles([backup], keeping, (texts) => (holdsAny(texts.get(backup) ?? "", credential) ? new Map([[backup, now.text]]) : new Map()));
}

/**
 * After secrets were removed: the backups of the config's files and its damaged copies are files of ours, and hold none of them any more. What cannot
 * be written is passed over: it is named among the copies.
 */
export async function forgetBesideConfig({ host, config }: Broker, credentials: readonly Credential[], command: string): Promise<CopyRow[]> {
  const left: CopyRow[] = [];
  for (const file of new Set([config().path, ...config().files])) {
    try {
      for (const credential of credentials) await forgetInBackup(host, file, credential, command);
      left.push(...(await strikeOut(host, file, { credentials, ids: [], command })));
    } catch (thrown) {
      expected(thrown);
    }
  }
  return left;
}

function holdsAny(text: string, credential: Credential): boolean {
  return secretsOf(credential).some((secret) => holdsSecret(text, secret));
}
