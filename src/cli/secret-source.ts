import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { openFilesOf } from "../credentials/file-exposure.ts";
import { followed } from "../credentials/follow-reference.ts";
import { readFromKeyring, removeFromKeyring, storeInKeyring } from "../credentials/keyring.ts";
import type { AuthProfile, SecretReference } from "../credentials/profile.ts";
import { parseReference, referenceText } from "../credentials/reference.ts";
import { environmentFor, type ResolvedSecret } from "../credentials/secret-program.ts";
import { resolveSecret } from "../credentials/resolve-secret.ts";
import { AppError, assertNever } from "../kernel/errors.ts";
import { toProfileId } from "../kernel/ids.ts";
import { Secret } from "../kernel/secret.ts";
import { type Asking, askKey, checkedKey } from "./ask-credential.ts";

/** A key as it is in hand, blank when nobody looked it up, and where it rests when that is not the store. */
export interface KeySource {
  readonly key: Secret;
  readonly reference?: SecretReference | undefined;
  /** Puts the key where the reference leads; called when all has been agreed to. Throws KEYRING_FAILED. */
  readonly place?: (() => void) | undefined;
  /** Takes it out there again. Throws KEYRING_FAILED. */
  readonly takeBack?: (() => void) | undefined;
}

export interface KeyWish {
  /** As `--from` gives it. */
  readonly from: string | undefined;
  readonly anyShape: "ask" | "take";
  /** `now`: a program that holds the key is run. `later`: only when the key is needed. */
  readonly lookUp: "now" | "later";
}

/** Asks for the key, or follows the reference that was given in its place. */
export async function keySource(asking: Asking, wish: KeyWish): Promise<KeySource> {
  if (wish.from === undefined) return { key: await askKey(asking, wish.anyShape) };
  const reference = writtenReference(wish.from);
  if (reference.kind === "keyring") return inKeyring(asking, reference, wish.anyShape);
  if (reference.kind === "exec" && wish.lookUp === "later") return { key: new Secret(""), reference };
  const found = await lookedUp(asking, reference);
  if (found.kind === "secret") return { key: await checkedKey(asking, found.secret, wish.anyShape), reference };
  const what = `reference ${referenceText(reference)} was understood, but ${found.reason}`;
  if (wish.lookUp === "now") throw new AppError("REFERENCE_UNRESOLVED", `the ${what}`, { hint: `Nothing was stored. ${found.hint}` });
  asking.talk.warn(`The ${what}. ${found.hint}`);
  return { key: new Secret(""), reference };
}

/** Throws REFERENCE_INVALID, without what was written: it may be the key itself. */
function writtenReference(text: string): SecretReference {
  const reading = parseReference(text);
  if (reading.kind === "reference") return reading.reference;
  if (looksSecret(text)) throw secretRefused("REFERENCE_INVALID", "a reference to one");
  throw new AppError("REFERENCE_INVALID", `what --from says is no reference to a secret: it ${reading.reason}`, { hint: reading.hint });
}

/** What is there already is taken; else the key is asked for, and goes there. */
async function inKeyring(asking: Asking, reference: Extract<SecretReference, { kind: "keyring" }>, anyShape: KeyWish["anyShape"]): Promise<KeySource> {
  const { host, registry } = asking.broker;
  const keychain = { host, env: environmentFor({ host, withheld: registry().variables }), isInteractive: asking.talk.isInteractive };
  const found = readFromKeyring(keychain, reference);
  switch (found.kind) {
    case "secret":
      return { key: await checkedKey(asking, found.secret, anyShape), reference };
    case "failed":
      throw new AppError("KEYRING_FAILED", `the keychain could not be asked: ${found.reason}`, { hint: `Nothing was stored. ${found.hint}` });
    case "absent": {
      const key = await askKey(asking, anyShape);
      return {
        ...{ key, reference, place: () => storeInKeyring(keychain, reference, key, `API key of ${asking.provider}`) },
        takeBack: () => void removeFromKeyring(keychain, reference),
      };
    }
    default:
      return assertNever(found);
  }
}

/** Variables and files are read, programs run. */
function lookedUp({ broker, talk, provider }: Asking, reference: SecretReference): Promise<ResolvedSecret> {
  const { host, names } = broker;
  const { homeDir, environment, path } = broker.config();
  const origin = { kind: "store", file: path, inherited: false } as const;
  const bare: AuthProfile = { id: toProfileId("new"), provider, origin, credential: { kind: "api_key", key: new Secret("") }, reference };
  const profile = followed(bare, { host, environment, homeDir, openFiles: openFilesOf(host, names) });
  return resolveSecret(host, profile, { homeDir, isInteractive: talk.isInteractive, withheld: broker.registry().variables });
}
