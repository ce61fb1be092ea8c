import { readStoredEntry } from "../stored-profile.ts";
import { fingerprint } from "../fingerprint.ts";
import type { RefreshMachine } from "../../kernel/refresh-machine.ts";
import type { Host } from "../../kernel/host.ts";
import type { ProfileId } from "../../kernel/ids.ts";
import { objectAt, parseJson } from "../../kernel/json-value.ts";
import { readAuthStore } from "../auth-store.ts";
import type { AuthProfile } from "../profile.ts";
import { storedEntry } from "../store-entry.ts";
import { asOwn, contentOf, placeOf } from "./stored-entry.ts";
import type { OwnLogin, RefreshInput } from "./refresh-input.ts";
import type { Renewal } from "./renewal.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where new tokens wait that the store's disk did not take, with what tells whether they still belong there. */
export function rescueText(host: Host, replaces: OwnLogin, renewed: OwnLogin, { idOf }: Pick<RefreshInput, "idOf">): string {
  const entry = storedEntry(contentOf(renewed), undefined, idOf);
  return textOf({ version: 1, profile: renewed.id, replaces: markOf(host, replaces), entry });
}

/** The rescued tokens, where they replace just those that are stored. */
export function rescuedFor(machine: RefreshMachine, stored: OwnLogin, { host, idOf }: Pick<RefreshInput, "host" | "idOf">): OwnLogin | undefined {
  const fields = waitingFor(machine, stored, host);
  const entry = fields === undefined ? undefined : readStoredEntry(fields["entry"]);
  if (entry === undefined || entry.kind === "broken" || idOf(entry.provider) !== stored.provider) return undefined;
  const { credential, login } = entry;
  const held = { ...credential, ...(stored.credential.licence !== undefined && { licence: stored.credential.licence }) };
  return asOwn({ ...stored, credential: held, ...(login !== undefined && { login }) });
}

/** The tokens are stored, or nobody wants them any more. An account that was given another id meanwhile took its copy with it. */
export function forgetCopies(stored: OwnLogin | undefined, { machine, place }: Pick<Renewal, "machine" | "place">): void {
  machine.forgetRescued(place);
  if (stored !== undefined && stored.id !== place.id) machine.forgetRescued(placeOf(stored));
}

const LOCK_TIMEOUT_MS = 30_000;

/**
 * `rename` gives an account another id, under which its rescued tokens are looked for from then on: they go with it. A renewal that is under way ends first,
 * or its tokens would be looked for where nobody puts them. Throws LOCK_HELD, and what `rename` throws.
 */
export async function withRescues<T>(host: Host, account: AuthProfile, to: ProfileId, rename: () => Promise<T>): Promise<T> {
  const seen = asOwn(account);
  if (seen === undefined) return rename();
  const machine = await host.refreshing();
  return machine.alone(placeOf(seen), { command: "models auth rename", timeoutMs: LOCK_TIMEOUT_MS }, async () => {
    const own = renewedMeanwhile(host, seen);
    const fields = waitingFor(machine, own, host);
    if (fields === undefined) return rename();
    const there = placeOf({ ...own, id: to });
    machine.rescue(there, textOf({ ...fields, profile: to }));
    try {
      const renamed = await rename();
      machine.forgetRescued(placeOf(own));
      return renamed;
    } catch (thrown) {
      machine.forgetRescued(there);
      throw thrown;
    }
  });
}

function renewedMeanwhile(host: Host, seen: OwnLogin): OwnLogin {
  const store = readAuthStore({ host, file: seen.origin.file, called: "the auth store", openFiles: "allowed" }, () => seen.provider);
  return asOwn(store?.profiles.get(seen.id)) ?? seen;
}

function waitingFor(machine: RefreshMachine, stored: OwnLogin, host: Host): Fields | undefined {
  const mark = markOf(host, stored);
  const texts = machine.rescued(placeOf(stored)).map(({ text }) => objectAt(parseJson(text)));
  return texts.find((fields) => fields?.["version"] === 1 && fields["profile"] === stored.id && fields["replaces"] === mark);
}

function textOf(fields: Fields): string {
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** Generation and fingerprint: none of it a secret. */
function markOf(host: Host, { login, credential }: OwnLogin): string {
  return `${login.generation} ${fingerprint(credential, [], (text) => host.sha256(text))}`;
}
