import { type Broker, openBroker } from "../../../broker.ts";
import { isoTime, shortDuration } from "../../../kernel/duration.ts";
import { AppError } from "../../../kernel/errors.ts";
import { chosenAccounts } from "../../../probe/account-choice.ts";
import { askAccounts, dueCount, type UsageAsking } from "../../../usage/ask-accounts.ts";
import { SPEND_GROUPINGS } from "../../../usage/spend-groupings.ts";
import type { UsageRow } from "../../../usage/usage-row.ts";
import { type TargetFacts, usageTargets } from "../../../usage/usage-targets.ts";
import { defineCommand } from "../../command.ts";
import { counted } from "../../counted.ts";
import { amount, choice, count, duration, flag, type Given, list, type Options, text } from "../../option.ts";
import { flagName } from "../../parse-words.ts";
import { spendCsv } from "../../spend-csv.ts";
import { spendLines } from "../../spend-lines.ts";
import type { SpendReport } from "../../spend-report.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { usageLines } from "../../usage-lines.ts";
import { usagePlain } from "../../usage-plain.ts";

/** What is left of each account, as its vendor tells it. */
export interface ModelsUsageReport {
  schemaVersion: 1;
  agentId: string;
  /** When it was put together, milliseconds since 1970. */
  at: number;
  /** By provider; every account that this agent can use. */
  accounts: UsageRow[];
}

const LEAST_PAUSE_MS = 1000;

const asking = {
  provider: text("<name>", "the accounts of this provider only", { names: "provider" }),
  profileId: list("<id>", "these accounts only (repeat, or separate with commas)", { names: "profile" }),
  refresh: flag("ask also where an answer still counts (one minute; undocumented addresses 15 minutes)"),
  noUnofficial: flag("never at an address that the vendor does not document"),
  timeout: count("<ms>", "give up on an account after this many milliseconds", 5000),
  watch: flag("show it again and again, until Ctrl-C; with --json one line each time"),
  every: duration("how often, with --watch; a bare number is seconds (default 60s)", 60_000, "s", LEAST_PAUSE_MS),
};

const spending = {
  by: choice(SPEND_GROUPINGS, "with --spend: what a line stands for (default day)"),
  days: amount("<n>", "with --spend: the last so many days, today included (default 30; kept for 90)"),
  since: text("<day>", "with --spend: from this day on (2026-11-01, UTC), or a duration (12h)"),
  csv: flag("with --spend: lines for a spreadsheet"),
};

const options = { ...asking, spend: flag("what requests have cost, as the gateway and the library noted them; nobody is asked"), ...spending };

type Flags = Given<typeof options> & { readonly plain?: unknown; readonly json?: unknown };

export type UsageOrSpend = ModelsUsageReport | SpendReport;

export const modelsUsage = defineCommand({
  summary: "Show what is left of every account, or what requests cost (--spend)",
  about: [
    "Asks each account's vendor once, at the address that it documents for that; where there is none, the headers of its list of models are read, which costs nothing. What was told counts for a minute, so that a status bar may call this as often as it likes.",
    "Some vendors tell what is left of a subscription only at addresses that they do not document. Those are marked, asked every 15 minutes at most and less often after a refusal. --no-unofficial leaves them out, and `{cli} config set signalbox.usage.unofficial false` switches them off.",
    "A credential that its vendor allows in its own program alone is sent to nobody. Who cannot be asked is a line with the reason, and what was told last is shown with its age.",
    "--spend reads what the gateway and the library noted of each request: tokens, cost, attempts, who answered. It sums up days, clients (the names of gateway keys), models or accounts. Money is by the models' stated prices, also where a subscription pays. What is not known is said to be unknown: a sum that leaves something out is at least (≥) that.",
    "--plain prints one line: accounts with ` · ` between them, each with its fullest window, the share used and the time until it begins anew, or with its balance. An account is its id, or its provider where that has only one. `!` stands behind an account that could not be asked.",
  ].join("\n\n"),
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models usage", does: "what is left, of every account" },
    { run: "models usage --watch --every 5m", does: "the same, again every five minutes" },
    { run: "models usage --plain", does: "one line for a status bar" },
    { run: "models usage --provider openrouter --json", does: "one provider's accounts, for scripts" },
    { run: "models usage --spend --by model --days 7", does: "what each model cost in the last seven days" },
    { run: "models usage --spend --by client --since 2026-11-01 --csv", does: "what each client cost this month, for a spreadsheet" },
  ],
  redraws: true,
  run: (broker, given, _args, talk): Promise<UsageOrSpend> => (given.spend ? spend(broker, given, talk) : leftOf(broker, given, talk)),
  follow: (broker, given, _args, talk) => (given.watch && !given.spend ? watch(broker, given, talk) : undefined),
  human: (report, style, given: Flags) => ("accounts" in report ? human(report, style, given) : given.csv ? spendCsv(report) : spendLines(report, style)),
  plain: (report) => ("accounts" in report ? usagePlain(report.accounts, report.at) : ""),
});

async function leftOf(broker: Broker, given: Flags, talk: Talk): Promise<ModelsUsageReport> {
  refuseLone(given);
  return report(broker, given, talk, given.refresh ? "anew" : "when stale");
}

function refuseLone(given: Flags): void {
  const lone = firstGiven(spending, given);
  if (lone !== undefined) throw usageError(`${lone} goes with --spend`, `Run: {cli} models usage --spend ${lone} …`);
}

async function spend(broker: Broker, given: Flags, talk: Talk): Promise<SpendReport> {
  const { by = "day", days, since } = given;
  const other = firstGiven(asking, given);
  if (other !== undefined) throw usageError(`${other} does not go with --spend, which asks nobody`, `Leave ${other} out.`);
  if (given.plain === true) throw usageError("--spend has no plain lines", "Use --csv or --json for scripts.");
  if (given.csv && given.json === true) throw usageError("--csv and --json exclude each other", "Give one of the two.");
  const { spendReport } = await import("../../spend-report.ts");
  const found = await spendReport(broker.host, broker.config().stateDir, { by, days, since });
  // Lines for a program have no place for it.
  if (given.csv && found.missed.length > 0) talk.warn("Not everything that was noted could be read: without --csv it is said what.");
  return found;
}

/** The first flag of these that was given. */
function firstGiven(known: Options, given: Readonly<Record<string, unknown>>): string | undefined {
  const name = Object.entries(known).find(([key, option]) => given[key] !== option.default)?.[0];
  return name === undefined ? undefined : flagName(name);
}

function usageError(message: string, hint: string): AppError {
  return new AppError("USAGE", message, { hint });
}

/** Accounts are read anew each time: another process may have renewed a login. */
async function* watch(first: Broker, given: Flags, talk: Talk): AsyncIterable<ModelsUsageReport> {
  refuseLone(given);
  const { host, names } = first;
  const agent = first.agents().chosen.id;
  yield report(first, given, talk, given.refresh ? "anew" : "when stale");
  for (;;) {
    await host.wait(given.every);
    yield report(await openBroker({ host, names, agent, rooms: ["credentials"] }), given, talk, "when stale");
  }
}

async function report(broker: Broker, given: Flags, talk: Talk, ask: UsageAsking["ask"]): Promise<ModelsUsageReport> {
  const { host } = broker;
  const { plugins } = broker.plugins();
  const facts: TargetFacts = { config: broker.config(), registry: broker.registry(), credentials: broker.credentials(), nowMs: host.nowMs(), plugins };
  const { profileId: profileIds, noUnofficial, provider } = given;
  const chosen = chosenAccounts({ profileIds, ...(provider !== undefined && { provider }) }, facts);
  const targets = usageTargets(facts, { ...chosen, unofficial: noUnofficial ? "left out" : "asked" });
  const secrets = { homeDir: facts.config.homeDir, isInteractive: talk.isInteractive, withheld: facts.registry.variables };
  const how: UsageAsking = { host, stateDir: facts.config.stateDir, secrets, timeoutMs: given.timeout, ask };
  const due = given.watch || given.plain === true ? 0 : dueCount(targets, how);
  if (due > 0) talk.note(`Asking ${counted(due, "account")}…`);
  const accounts = await askAccounts(targets, how);
  return { schemaVersion: 1, agentId: broker.agents().chosen.id, at: host.nowMs(), accounts };
}

function human({ accounts }: ModelsUsageReport, style: Style, given: Flags): string {
  const lines = usageLines(accounts, style);
  if (!given.watch) return lines;
  const every = given.every < 60_000 ? `${given.every / 1000} s` : shortDuration(given.every);
  return `${lines}\n\n${style.dim(`  ${isoTime(style.nowMs).slice(11, 19)} UTC, again every ${every}; Ctrl-C ends.`)}`;
}
