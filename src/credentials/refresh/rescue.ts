import { asFields, readStoredEntry } from "../stored-profile.ts";
import { fingerprint } from "../fingerprint.ts";
import type { RefreshMachine, StoredCredential } from "../../kernel/refresh-machine.ts";
import type { Host } from "../../kernel/host.ts";
import { parseJson } from "../../kernel/json-value.ts";
import { storedEntry } from "../store-entry.ts";
import { asOwn, contentOf } from "./stored-entry.ts";
import type { OwnLogin, RefreshInput } from "./refresh-input.ts";

/** Where new tokens wait that the store's disk did not take, with what tells whether they still belong there. */
export function rescueText(host: Host, replaces: OwnLogin, renewed: OwnLogin, { idOf }: Pick<RefreshInput, "idOf">): string {
  const entry = storedEntry(contentOf(renewed), undefined, idOf);
  return `${JSON.stringify({ version: 1, profile: renewed.id, replaces: markOf(host, replaces), entry }, null, 2)}\n`;
}

/** The rescued tokens, where they replace just those that are stored. */
export function rescuedFor(machine: RefreshMachine, place: StoredCredential, stored: OwnLogin, { host, idOf }: RefreshInput): OwnLogin | undefined {
  const found = machine.rescued(place);
  const fields = found === undefined ? undefined : asFields(parseJson(found.text));
  if (fields?.["version"] !== 1 || fields["profile"] !== stored.id || fields["replaces"] !== markOf(host, stored)) return undefined;
  const entry = readStoredEntry(fields["entry"]);
  if (entry.kind === "broken" || idOf(entry.provider) !== stored.provider) return undefined;
  const { credential, login } = entry;
  const held = { ...credential, ...(stored.credential.licence !== undefined && { licence: stored.credential.licence }) };
  return asOwn({ ...stored, credential: held, ...(login !== undefined && { login }) });
}

/** Generation and fingerprint: none of it a secret. */
function markOf(host: Host, { login, credential }: OwnLogin): string {
  return `${login.generation} ${fingerprint(credential, [], (text) => host.sha256(text))}`;
}
