import type { Broker } from "../../../../broker.ts";
import { keyPathText } from "../../../../config/key-path.ts";
import type { AuthProfile } from "../../../../credentials/profile.ts";
import { referenceText } from "../../../../credentials/reference.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { ProfileId } from "../../../../kernel/ids.ts";
import { defineCommand } from "../../../command.ts";
import { flag, type Given, text } from "../../../option.ts";
import type { Talk } from "../../../talk.ts";
import { carriedRows } from "./carried-over.ts";
import { forgetBesideConfig } from "./config-backup.ts";
import { removeKeychainEntry } from "./keychain-entry.ts";
import { leftCopies } from "./left-copies.ts";
import { logoutText } from "./logout-lines.ts";
import type { LogoutReport } from "./logout-report.ts";
import { knownProvider, orderReport } from "./order-get.ts";
import { otherAgents } from "./other-agents.ts";
import { ownAccount } from "./own-account.ts";
import { pinnedTexts } from "./pinned-refs.ts";
import { readAgain } from "./read-again.ts";
import { forgetEdits } from "./rename-edits.ts";
import { strikeOut } from "./set-aside-copies.ts";
import { tryConfig } from "./try-config.ts";

const options = {
  provider: text("<name>", "every stored account of this provider", { names: "provider" }),
  yes: flag("without asking first"),
  keychain: flag("also from the system's keychain what this program did not put there"),
};

export const modelsAuthLogout = defineCommand({
  summary: "Remove stored accounts, and their secrets with them",
  about:
    "Taken out of the chosen agent's store, its backup, and the lists of the config. Files of others that hold the same secret are named with their place and left as they are. The vendor knows nothing of it: the key is valid until it is revoked there.",
  rooms: ["credentials"],
  args: [{ name: "profileId", help: "accounts to remove", rest: true, optional: true, names: "profile" }],
  options,
  examples: [
    { run: "models auth logout anthropic:work", does: "asks, and removes one account" },
    { run: "models auth logout --provider openai --yes", does: "removes all stored accounts of a provider" },
  ],
  run,
  human: logoutText,
  plain: ({ accounts, outcome }) => (outcome === "kept" ? "" : accounts.map(({ profileId }) => profileId).join("\n")),
});

const COMMAND = "models auth logout";

async function run(broker: Broker, given: Given<typeof options>, args: readonly string[], talk: Talk): Promise<LogoutReport> {
  const accounts = chosenAccounts(broker, given.provider, args);
  const report = emptyReport(broker, accounts);
  if (!given.yes && !(await isAgreed(report, talk))) return { ...report, outcome: "kept" };
  const ids = accounts.map(({ id }) => id);
  const others = otherAgents(broker, ids);
  const edited = await broker.editStore({ command: COMMAND, backup: "current" }, (draft) => ids.map((id) => draft.remove(id)));
  const inConfig = await forgetInConfig(
    broker,
    ids.filter((id) => !others.alsoStoring.has(id)),
  );
  const after = await readAgain(broker);
  const removal = {
    broker,
    which: given.keychain ? "any" : "own",
    mode: talk.isInteractive ? "attended" : "unattended",
    staying: after.credentials().profiles,
  } as const;
  const removed = accounts.map(({ credential }) => credential);
  const beside = await strikeOut(broker.host, report.storePath, { credentials: removed, ids, command: COMMAND });
  const besideConfig = await forgetBesideConfig(after, removed, COMMAND);
  const copies = leftCopies(after, removed);
  const keychains = await Promise.all(accounts.map((account) => removeKeychainEntry(account, removal)));
  return {
    ...report,
    ...inConfig,
    accounts: report.accounts.map((row, index) => ({ ...row, keychain: keychains[index] ?? null })),
    pinnedBy: ids.flatMap((id) => pinnedTexts(after.config(), after.registry(), id)).map(({ path }) => keyPathText(path)),
    ordersOfOtherAgents: [...others.orders],
    copies: [...beside, ...besideConfig, ...copies.rows],
    copiesCut: copies.isCut,
    carriedOver: carriedRows(edited, ids),
    asked: [...new Set(accounts.map(({ provider }) => provider))].map((provider) => ({ provider, profiles: orderReport(after, provider).effective.profiles })),
  };
}

function chosenAccounts(broker: Broker, written: string | undefined, args: readonly string[]): AuthProfile[] {
  const words = [...new Set(args.map((word) => word.trim()))].filter((word) => word !== "");
  if (words.length > 0 && written !== undefined)
    throw new AppError("USAGE", "accounts and --provider exclude each other", { hint: "Name the accounts, or the provider whose accounts are all meant." });
  if (words.length > 0) return words.map((word) => ownAccount(broker, word, "logout"));
  if (written === undefined)
    throw new AppError("USAGE", "nothing is named: which account is to be removed?", { hint: "`{cli} models auth list` shows them all." });
  const provider = knownProvider(broker, written);
  const all = broker.credentials().profiles.filter((profile) => profile.provider === provider);
  const stored = all.filter(({ origin }) => origin.kind === "store" && !origin.inherited);
  if (stored.length > 0) return stored;
  const [elsewhere] = all;
  if (elsewhere !== undefined) return [ownAccount(broker, elsewhere.id, "logout")];
  throw new AppError("PROFILE_UNKNOWN", `no account of ${provider} is stored`, { hint: "`{cli} models auth list` shows all accounts." });
}

function emptyReport(broker: Broker, accounts: readonly AuthProfile[]): LogoutReport {
  const { storePath, fingerprintOf } = broker.credentials();
  return {
    schemaVersion: 1,
    outcome: "removed",
    agentId: broker.agents().chosen.id,
    storePath,
    accounts: accounts.map((account) => ({
      profileId: account.id,
      provider: account.provider,
      type: account.credential.kind,
      fingerprint: fingerprintOf(account),
      reference: account.reference === undefined ? null : referenceText(account.reference),
      keychain: null,
    })),
    configPath: broker.config().path,
    changedInConfig: [],
    configProblem: null,
    byHand: [],
    pinnedBy: [],
    ordersOfOtherAgents: [],
    copies: [],
    copiesCut: false,
    carriedOver: [],
    revokeAt: revokePages(broker, accounts),
    asked: [],
  };
}

function isAgreed({ accounts }: LogoutReport, talk: Talk): Promise<boolean> {
  const names = accounts.map(({ profileId, fingerprint }) => `${profileId} (${fingerprint})`).join(", ");
  return talk.confirm(`Remove ${names} and the secret${accounts.length === 1 ? "" : "s"} stored with ${accounts.length === 1 ? "it" : "them"}?`, {
    instead: "Give --yes to remove without being asked.",
    initial: "no",
  });
}

async function forgetInConfig(broker: Broker, ids: readonly ProfileId[]): Promise<Pick<LogoutReport, "changedInConfig" | "configProblem" | "byHand">> {
  const { changed, byHand } = forgetEdits(broker, ids);
  const { problem } = await tryConfig(broker, (view) => forgetEdits(view, ids).edits, COMMAND);
  return problem === null
    ? { changedInConfig: [...changed], configProblem: null, byHand: [...byHand] }
    : { changedInConfig: [], configProblem: problem, byHand: [...byHand, ...changed] };
}

function revokePages(broker: Broker, accounts: readonly AuthProfile[]): LogoutReport["revokeAt"] {
  return [...new Set(accounts.map(({ provider }) => provider))].flatMap((provider) => {
    const known = broker.registry().get(provider)?.provider;
    if (known === undefined) return [];
    const kinds = accounts.filter((account) => account.provider === provider).map(({ credential }) => credential.kind);
    const pages = known.auth.flatMap((method) => ("page" in method && method.page !== undefined ? [{ kind: method.kind, url: method.page }] : []));
    const page = pages.find(({ kind }) => kinds.includes(kind)) ?? pages[0];
    return [{ provider, vendor: known.label, url: page?.url ?? null }];
  });
}
