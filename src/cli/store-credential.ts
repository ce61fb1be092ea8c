import type { Broker, ConfigView } from "../broker.ts";
import { authEdits } from "../credentials/auth-edits.ts";
import { expiryOf } from "../credentials/health.ts";
import type { AuthProfile, Credential, SecretReference } from "../credentials/profile.ts";
import { referenceText } from "../credentials/reference.ts";
import { isSameLogin, isSameSecret } from "../credentials/secret-text.ts";
import type { StoreDraft } from "../credentials/store-edit.ts";
import type { StoredLogin } from "../credentials/stored-login.ts";
import { AppError, asAppError, expected } from "../kernel/errors.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import { accountRows } from "../status/accounts.ts";
import { examine, statusFacts } from "../status/facts.ts";
import { usesOf } from "../status/uses.ts";
import { readAgain } from "./commands/models/auth/read-again.ts";
import { labelOf } from "./ask-credential.ts";
import { isKeyPair } from "../credentials/aws-pair.ts";
import type { StoredReport, TestRow } from "./stored-account.ts";
import type { Talk } from "./talk.ts";

/** What is to be stored. With a reference, the secret of the credential is only looked at. */
export interface NewAccount {
  readonly id: ProfileId;
  readonly provider: ProviderId;
  readonly credential: Credential;
  readonly reference?: SecretReference | undefined;
  /** Puts the secret where the reference leads, after all has been agreed to. */
  readonly place?: (() => void) | undefined;
  /** Takes back what `place` put there. */
  readonly takeBack?: (() => void) | undefined;
  readonly email?: string | undefined;
  /** Of a login: what renewing it needs. */
  readonly login?: StoredLogin | undefined;
  /** A name that is free, for an account that nobody named: it goes there when the store holds somebody else's under `id` by the time it is written. */
  readonly freeId?: ((isTaken: (id: ProfileId) => boolean) => ProfileId) | undefined;
}

export interface Storing {
  readonly broker: Broker;
  readonly talk: Talk;
  /** "models auth paste-api-key". */
  readonly command: string;
  /** Without it, one that is stored is replaced only when a person says so. */
  readonly replace: "ask" | "yes";
  readonly test: TestRow | null;
  /** Of what cannot be got a second time: what to do when it was not stored, as a sentence. */
  readonly unstored?: (() => string) | undefined;
}

interface Put {
  readonly id: ProfileId;
  readonly outcome: StoredReport["outcome"];
  readonly storePath: string;
  readonly carriedOver: StoredReport["carriedOver"];
}

/** The store first, then the config where it lists the provider's accounts. Throws PROFILE_EXISTS, and what writing throws. */
export async function storeCredential(account: NewAccount, storing: Storing): Promise<StoredReport> {
  const { broker, test } = storing;
  const stored = broker.credentials().profiles.find(({ id, origin }) => id === account.id && origin.kind === "store" && !origin.inherited);
  const isSame = stored !== undefined && isUnchanged(stored, account);
  if (stored !== undefined && !isSame) await agreeToReplace(stored, account, storing);
  const { id, ...put } = isSame ? untouched(account, broker) : await placed(account, storing, stored);
  const named = { ...account, id };
  const configFiles = await recordInConfig(named, put.storePath, storing);
  return { schemaVersion: 1, ...put, ...(await factsNow(named, broker)), configFiles, test };
}

/** A secret that no account refers to is in nobody's sight: where the store takes none, it does not stay in its place either. */
async function placed(account: NewAccount, storing: Storing, stored: AuthProfile | undefined): Promise<Put> {
  account.place?.();
  try {
    return await putInStore(account, storing, stored);
  } catch (thrown) {
    const { code, message, facts } = asAppError(thrown);
    const left = account.place === undefined ? [] : leftBehind(account);
    throw new AppError(code, message, { ...facts, hint: [facts.hint, ...left, ...(storing.unstored === undefined ? [] : [storing.unstored()])].join(" ") });
  }
}

function leftBehind({ takeBack, reference }: NewAccount): string[] {
  try {
    takeBack?.();
    return [];
  } catch (thrown) {
    expected(thrown);
    return [`The secret is still at ${reference === undefined ? "its place" : referenceText(reference)}: take it out there.`];
  }
}

function isUnchanged(stored: AuthProfile, { provider, credential, reference, email, login }: NewAccount): boolean {
  if (login !== undefined || stored.provider !== provider || stored.credential.kind !== credential.kind) return false;
  if (email !== undefined && stored.email !== email) return false;
  return isSameRest(stored, credential, reference) && expiryOf(stored) === expiryOf({ credential });
}

function isSameRest(stored: AuthProfile, credential: Credential, reference: SecretReference | undefined): boolean {
  if (stored.reference === undefined && reference === undefined) return isSameSecret(stored.credential, credential);
  return JSON.stringify(stored.reference) === JSON.stringify(reference);
}

/** The same secret with another expiry or address is no loss. */
async function agreeToReplace(stored: AuthProfile, account: NewAccount, { broker, talk, replace }: Storing): Promise<void> {
  if (replace === "yes" || (stored.provider === account.provider && isSameRest(stored, account.credential, account.reference))) return;
  const what = `${account.id} is stored already (${stored.provider}, ${stored.credential.kind}, ${broker.credentials().fingerprintOf(stored)})`;
  const instead = "Give --replace to replace it, or --profile-id with another name to keep both.";
  if (talk.isInteractive && (await talk.confirm(`${what}. Replace it?`, { instead, initial: "no" }))) return;
  throw new AppError("PROFILE_EXISTS", what, { hint: `Nothing was stored. ${instead}` });
}

async function putInStore(account: NewAccount, { broker, command, replace }: Storing, stored: AuthProfile | undefined): Promise<Put> {
  const { id, provider, credential, reference, email, login } = account;
  const optional = { ...(reference !== undefined && { reference }), ...(email !== undefined && { email }), ...(login !== undefined && { login }) };
  const profile = { provider, credential, ...optional };
  const { file, result, carriedOver } = await broker.editStore({ command, backup: "previous" }, (draft) => {
    if (account.freeId !== undefined && !isItsOwn(draft, account, stored)) {
      const free = account.freeId((taken) => draft.has(taken));
      return { id: free, outcome: draft.put(free, profile) };
    }
    if (stored !== undefined || replace === "yes" || !draft.has(id)) return { id, outcome: draft.put(id, profile) };
    throw new AppError("PROFILE_EXISTS", `the store has an entry ${id} already, put there a moment ago or unreadable`, {
      hint: "Nothing was stored. Give --replace to replace it, or --profile-id with another name.",
    });
  });
  return { ...result, storePath: file, carriedOver: carriedOver.map(({ file: from, ids }) => ({ file: from, profileIds: [...ids] })) };
}

/** Whether the entry is still what it was when the name was chosen, or belongs to the same person: another one is not overwritten. */
function isItsOwn(draft: StoreDraft, { id, provider, credential, email }: NewAccount, stored: AuthProfile | undefined): boolean {
  if (!draft.has(id)) return true;
  const entry = draft.entry(id);
  if (entry === undefined || draft.providerOf(id) !== provider) return false;
  if (email !== undefined && entry.credential.kind === credential.kind && entry.email?.toLowerCase() === email.toLowerCase()) return true;
  if (stored === undefined) return false;
  return isSameLogin(entry.credential, stored.credential) || isSameRest(stored, entry.credential, entry.reference);
}

function untouched({ id }: NewAccount, broker: Broker): Put {
  return { id, outcome: "unchanged", storePath: broker.credentials().storePath, carriedOver: [] };
}

/** What failed here can be made up for: the credential is stored, and the same command goes on from there. */
async function recordInConfig({ id, provider, credential, email }: NewAccount, storePath: string, { broker, command }: Storing): Promise<string[]> {
  const plan = (view: ConfigView) => authEdits(view.config(), view.registry(), { id, provider, kind: credential.kind, ...(email !== undefined && { email }) });
  if (plan(broker).length === 0) return [];
  try {
    const { files } = await broker.editConfig(plan, { command, dryRun: false });
    return files.map(({ file }) => file);
  } catch (thrown) {
    const { code, message, facts } = asAppError(thrown);
    throw new AppError(code, `${id} is stored in ${storePath}, but the config, which lists the accounts of ${provider}, was not updated: ${message}`, {
      ...facts,
      hint: `${facts.hint} Then run the same command again, which does the rest; until then ${id} may not be asked.`,
    });
  }
}

async function factsNow(
  { id, provider, credential }: NewAccount,
  broker: Broker,
): Promise<Pick<StoredReport, "agentId" | "vendor" | "account" | "vendorToolOnly" | "keyPair" | "asked" | "others" | "usedBy">> {
  const examined = examine(statusFacts(await readAgain(broker)));
  const rows = accountRows(examined).filter((row) => row.provider === provider);
  const account = rows.find(({ profileId }) => profileId === id);
  if (account === undefined)
    throw new AppError("INTERNAL", `${id} was stored and is not there`, { hint: "Somebody else may have removed it. See `{cli} models auth list`." });
  return {
    agentId: examined.agents.chosen.id,
    vendor: labelOf(broker, provider),
    account,
    vendorToolOnly: account.licence.use === "vendor-tool-only",
    keyPair: isKeyPair({ provider, credential }),
    asked: examined.rotationOf(provider).candidates.length,
    others: rows
      .filter(({ origin, fingerprint, passedOver }) => origin !== "store" && fingerprint !== account.fingerprint && passedOver?.reason !== "duplicate")
      .map(({ profileId, fingerprint, position }) => ({ profileId, fingerprint, position })),
    usedBy: usesOf(provider, examined),
  };
}
