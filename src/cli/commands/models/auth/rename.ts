import type { Broker } from "../../../../broker.ts";
import { withRescues } from "../../../../credentials/refresh/rescue.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { ProfileId } from "../../../../kernel/ids.ts";
import { ownProfileId } from "../../../account-options.ts";
import { defineCommand } from "../../../command.ts";
import type { Style } from "../../../style.ts";
import { otherAgents } from "./other-agents.ts";
import { ownAccount } from "./own-account.ts";
import { type CarriedRow, carriedLines, carriedRows } from "./carried-over.ts";
import { leftPlaces } from "./left-places.ts";
import { type IdOwners, type NamedInConfig, renameEdits } from "./rename-edits.ts";

/** What was changed to call an account by another id. */
export interface RenameReport {
  schemaVersion: 1;
  outcome: "renamed" | "unchanged";
  agentId: string;
  provider: string;
  from: string;
  to: string;
  storePath: string;
  configPath: string;
  /** Key paths of the config, as they were before. */
  changedInConfig: string[];
  /** Key paths that name it by way of a variable: they are left to the person. */
  byHand: string[];
  /** Other agents whose store orders still list the old id. */
  ordersOfOtherAgents: { agentId: string; provider: string; file: string }[];
  /** Accounts that were carried over from files of earlier versions, which nobody reads from now on. */
  carriedOver: CarriedRow[];
}

export const modelsAuthRename = defineCommand({
  summary: "Call a stored account by another id",
  about:
    "The store's entry, its orders and notes, and everything in the config that names the account are changed: auth.profiles, auth.order, licences, and model references that pin it with @. The part before the colon is for the eye; the provider stays what it was.",
  rooms: ["credentials"],
  args: [
    { name: "from", help: "the account's id now", names: "profile" },
    { name: "to", help: "the new id, as <provider>:<name>" },
  ],
  options: {},
  examples: [{ run: "models auth rename anthropic:manual anthropic:work", does: "and every reference to it" }],
  run: async (broker, _given, [from = "", to = ""]): Promise<RenameReport> => rename(broker, from, to),
  human,
  plain: ({ to }) => to,
});

async function rename(broker: Broker, from: string, to: string): Promise<RenameReport> {
  const account = ownAccount(broker, from, "rename");
  const wanted = ownProfileId(broker, to, account.provider);
  const report = {
    schemaVersion: 1,
    agentId: broker.agents().chosen.id,
    provider: account.provider,
    from: account.id,
    to: wanted,
    storePath: broker.credentials().storePath,
    configPath: broker.config().path,
  } as const;
  if (wanted === account.id) return { ...report, outcome: "unchanged", changedInConfig: [], byHand: [], ordersOfOtherAgents: [], carriedOver: [] };
  refuseTaken(broker, wanted);
  const { alsoStoring, orders } = otherAgents(broker, [account.id]);
  const whose = alsoStoring.has(account.id) ? "shared" : "own";
  const { changed, byHand, carriedOver } = await withRescues(broker.host, account, wanted, () => changeBoth(broker, account.id, wanted, whose));
  return { ...report, outcome: "renamed", changedInConfig: [...changed], byHand: [...byHand], ordersOfOtherAgents: [...orders], carriedOver };
}

function refuseTaken(broker: Broker, id: ProfileId): void {
  const isTaken = broker.credentials().profiles.some((profile) => profile.id === id) || Object.hasOwn(broker.config().value.auth?.profiles ?? {}, id);
  if (isTaken) throw new AppError("PROFILE_EXISTS", `an account is called ${id} already`, { hint: "Choose another id, or rename that one first." });
}

/** The config is tried first and written last: what could refuse the change does so before the store is touched. */
async function changeBoth(broker: Broker, from: ProfileId, to: ProfileId, whose: IdOwners): Promise<NamedInConfig & Pick<RenameReport, "carriedOver">> {
  const command = "models auth rename";
  const planned = renameEdits(broker, { from, to, whose });
  const editConfig = (options: { readonly dryRun: boolean }) =>
    broker.editConfig((view) => renameEdits(view, { from, to, whose }).edits, { command, ...options });
  if (planned.edits.length > 0) await editConfig({ dryRun: true });
  const edited = await broker.editStore({ command, backup: "previous" }, (draft) => draft.rename(from, to));
  const both = { ...planned, carriedOver: carriedRows(edited) };
  if (planned.edits.length === 0) return both;
  try {
    await editConfig({ dryRun: false });
    return both;
  } catch (thrown) {
    await broker.editStore({ command, backup: "previous" }, (draft) => draft.rename(to, from));
    throw thrown;
  }
}

function human(report: RenameReport, style: Style): string {
  const { outcome, from, to, provider, changedInConfig, byHand, ordersOfOtherAgents, storePath, configPath } = report;
  if (outcome === "unchanged") return `${style.accent(to)} is called so already; nothing was written.`;
  return [
    `Updated ${style.path(storePath)}`,
    ...(changedInConfig.length === 0 ? [] : [`Updated ${style.path(configPath)}`, ...changedInConfig.map((path) => `  ${path}`)]),
    `${from} is ${style.bold(to)} now.`,
    ...(to.startsWith(`${provider}:`) ? [] : [`${style.warn("!")} It is still an account of ${provider}, whatever its id begins with.`]),
    ...carriedLines(report.carriedOver, style),
    ...leftPlaces({ byHand, ordersOfOtherAgents, id: from }, style),
  ].join("\n");
}
