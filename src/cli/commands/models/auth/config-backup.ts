import { LARGEST_CONFIG_BYTES } from "../../../../config/sources.ts";
import { holdsSecret, secretsOf } from "../../../../credentials/clear-text.ts";
import type { Credential } from "../../../../credentials/profile.ts";
import type { Host } from "../../../../kernel/host.ts";

/**
 * After a secret was taken out of a config file: its backup holds what the file holds now, where it held the secret. `config undo` then has nothing
 * to go back to, which is what was asked for.
 */
export async function forgetInBackup(host: Host, file: string, credential: Credential, command: string): Promise<void> {
  const backup = `${host.inspect(file)?.realPath ?? file}.bak`;
  const [now, before] = [host.readText(file, LARGEST_CONFIG_BYTES), host.readText(backup, LARGEST_CONFIG_BYTES)];
  if (now.kind !== "text" || before.kind !== "text" || !holdsAny(before.text, credential) || holdsAny(now.text, credential)) return;
  const keeping = { kept: "config", backup: "none", maxBytes: LARGEST_CONFIG_BYTES, command } as const;
  await host.changeFiles([backup], keeping, (texts) => (holdsAny(texts.get(backup) ?? "", credential) ? new Map([[backup, now.text]]) : new Map()));
}

function holdsAny(text: string, credential: Credential): boolean {
  return secretsOf(credential).some((secret) => holdsSecret(text, secret));
}
