import { counted } from "../../../counted.ts";
import type { Broker } from "../../../../broker.ts";
import type { AuthProfile } from "../../../../credentials/profile.ts";
import { referenceText } from "../../../../credentials/reference.ts";
import { placeText } from "../../../../kernel/place.ts";
import { type AccountRow, accountRows } from "../../../../status/accounts.ts";
import { examine, statusFacts } from "../../../../status/facts.ts";
import { type ProblemRow, problemRows } from "../../../../status/problem-row.ts";
import { accountTable, originText } from "../../../account-lines.ts";
import { defineCommand } from "../../../command.ts";
import { hang } from "../../../hanging-text.ts";
import { text } from "../../../option.ts";
import { problemLines } from "../../../problem-lines.ts";
import type { Style } from "../../../style.ts";
import { knownProvider } from "./order-get.ts";

/** Every account that the chosen agent can see. */
export interface AccountListReport {
  schemaVersion: 1;
  agentId: string;
  storePath: string;
  /** Ordered by provider, then as they would be asked. */
  accounts: PlacedAccount[];
  /** Of the stores. */
  problems: ProblemRow[];
}

export interface PlacedAccount extends AccountRow {
  /** In `file`; null where it has none. */
  line: number | null;
  /** Where the secret rests: in the place that the account comes from, or where a reference leads. */
  keptIn: "here" | "env" | "file" | "exec" | "keyring";
  /** As it is written in the store. */
  reference: string | null;
  /** Why the reference leads to no secret, and what to do. */
  unresolved: { reason: string; hint: string } | null;
}

const options = { provider: text("<name>", "accounts of this provider only", { names: "provider" }) };

export const modelsAuthList = defineCommand({
  summary: "List every account that can be seen, and where it comes from",
  about:
    "Stored accounts, keys in the environment, and keys in the config, each with its place in the rotation or the reason why it is not asked. Secrets are never shown: a fingerprint tells two of them apart.",
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth list", does: "all accounts of the chosen agent" },
    { run: "models auth list --provider anthropic --json", does: "one provider's, as data" },
  ],
  run,
  human,
  plain: ({ accounts }) => accounts.map(({ profileId, provider, type, health }) => [profileId, provider, type, health].join("\t")).join("\n"),
});

function run(broker: Broker, given: { readonly provider: string | undefined }): AccountListReport {
  const provider = given.provider === undefined ? undefined : knownProvider(broker, given.provider);
  const examined = examine(statusFacts(broker));
  const { credentials } = examined;
  const profiles = new Map<string, AuthProfile>(credentials.profiles.map((profile) => [profile.id, profile]));
  const placed = (account: AccountRow): PlacedAccount => {
    const profile = profiles.get(account.profileId);
    return { ...account, line: (profile && credentials.places.placeOf(profile)?.line) ?? null, ...resting(profile) };
  };
  return {
    schemaVersion: 1,
    agentId: examined.agents.chosen.id,
    storePath: credentials.storePath,
    accounts: accountRows(examined)
      .filter((account) => provider === undefined || account.provider === provider)
      .map(placed),
    problems: problemRows(credentials.problems),
  };
}

function resting(profile: AuthProfile | undefined): Pick<PlacedAccount, "keptIn" | "reference" | "unresolved"> {
  const { reference, unresolved, unresolvedHint = "" } = profile ?? {};
  return {
    keptIn: reference?.kind ?? "here",
    reference: reference === undefined ? null : referenceText(reference),
    unresolved: unresolved === undefined ? null : { reason: unresolved, hint: unresolvedHint },
  };
}

function human(report: AccountListReport, style: Style): string {
  const { accounts, problems, agentId, storePath } = report;
  const worth = problems.filter(({ severity }) => severity !== "note");
  const head = worth.length === 0 ? [] : [style.bold("Problems"), ...problemLines(worth, style), ""];
  if (accounts.length === 0) {
    // What could not be read may hold any number of them.
    const isUnknown = problems.some(({ severity, code }) => severity === "error" && code.startsWith("STORE_"));
    const none = isUnknown
      ? "No account can be listed. What is wrong with the auth store stands above."
      : `No accounts. Nothing is in ${style.path(storePath)}, and no variable that a provider knows is set.`;
    return [...head, hang("", none, style.width), `${style.accent("→")} ${style.cli} models status`].join("\n");
  }
  const noted = new Set<string>();
  const rows = accountTable(accounts, { ...style, width: Math.min(style.width, 99) }).split("\n");
  const lines = accounts.flatMap((account, index) => [rows[index] ?? "", ...detailLines(account, style, noted)]);
  const providers = new Set(accounts.map(({ provider }) => provider)).size;
  return [
    ...head,
    `${style.bold("Accounts")}  ${style.dim(`agent ${agentId}: ${counted(accounts.length, "account")} of ${counted(providers, "provider")}`)}`,
    ...lines,
  ].join("\n");
}

/** Reasons that the account's own line already tells. */
const SHOWN_ABOVE: readonly string[] = ["cooling", "expired", "blank", "unresolved"];

/** Where it stands, whose it is, and why it is not asked. What a vendor says of a kind of credential is said once. */
function detailLines(account: PlacedAccount, style: Style, noted: Set<string>): string[] {
  const { file, line, email, passedOver, note, inUse, reference, unresolved } = account;
  const place = file === null ? originText(account, style) : placeText({ file: style.path(file), ...(line !== null && { line }) });
  const facts = [place, ...(account.inherited ? ["main agent's"] : []), ...(email === null ? [] : [email]), ...(inUse ? [] : ["no model of it is in use"])];
  const lines = [facts.join(" · "), ...(reference === null ? [] : [`secret in ${reference}`])];
  if (unresolved !== null) lines.push(`- ${unresolved.reason}`, ...(unresolved.hint === "" ? [] : [`→ ${unresolved.hint}`]));
  if (passedOver !== null && !SHOWN_ABOVE.includes(passedOver.reason)) lines.push(`- ${passedOver.detail}`);
  if (note !== null && !noted.has(note)) lines.push(note);
  noted.add(note ?? "");
  return lines.flatMap((sentence) => hang("     ", sentence, style.width).split("\n")).map(style.dim);
}
