import { type Broker, openBroker } from "../../../broker.ts";
import { shortDuration } from "../../../kernel/duration.ts";
import { AppError } from "../../../kernel/errors.ts";
import { didYouMean } from "../../../kernel/nearest.ts";
import { askAccounts, dueCount, type UsageAsking } from "../../../usage/ask-accounts.ts";
import type { UsageRow } from "../../../usage/usage-row.ts";
import { type TargetFacts, type UsageChoice, usageTargets } from "../../../usage/usage-targets.ts";
import { defineCommand } from "../../command.ts";
import { count, duration, flag, type Given, list, text } from "../../option.ts";
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

const options = {
  provider: text("<name>", "the accounts of this provider only", { names: "provider" }),
  profileId: list("<id>", "these accounts only (repeat, or separate with commas)", { names: "profile" }),
  refresh: flag("ask also where an answer still counts (one minute; undocumented addresses 15 minutes)"),
  noUnofficial: flag("never at an address that the vendor does not document"),
  timeout: count("<ms>", "give up on an account after this many milliseconds", 5000),
  watch: flag("show it again and again, until Ctrl-C; with --json one line each time"),
  every: duration("how often, with --watch; a bare number is seconds (default 60s)", 60_000, "s"),
};

type Flags = Given<typeof options> & { readonly plain?: unknown };

const LEAST_PAUSE_MS = 1000;

export const modelsUsage = defineCommand({
  summary: "Show what is left of every account: windows, balances, limits, resets",
  about: [
    "Asks each account's vendor once, at the address that it documents for that; where there is none, the headers of its list of models are read, which costs nothing. What was told counts for a minute, so that a status bar may call this as often as it likes.",
    "Some vendors tell what is left of a subscription only at addresses that they do not document. Those are marked, asked every 15 minutes at most and less often after a refusal. --no-unofficial leaves them out, and `{cli} config set signalbox.usage.unofficial false` switches them off.",
    "A credential that its vendor allows in its own program alone is sent to nobody. Who cannot be asked is a line with the reason, and what was told last is shown with its age.",
    "--plain prints one line: accounts with ` · ` between them, each with its fullest window, the share used and the time until it begins anew, or with its balance. An account is its id, or its provider where that has only one. `!` stands behind an account that could not be asked.",
  ].join("\n\n"),
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models usage", does: "what is left, of every account" },
    { run: "models usage --watch --every 5m", does: "the same, again every five minutes" },
    { run: "models usage --plain", does: "one line for a status bar" },
    { run: "models usage --provider openrouter --json", does: "one provider's accounts, for scripts" },
  ],
  redraws: true,
  run: (broker, given, _args, talk) => report(broker, given, talk, given.refresh ? "anew" : "when stale"),
  follow: (broker, given, _args, talk) => (given.watch ? watch(broker, given, talk) : undefined),
  human,
  plain: ({ accounts, at }) => usagePlain(accounts, at),
});

/** Accounts are read anew each time: another process may have renewed a login. */
async function* watch(first: Broker, given: Flags, talk: Talk): AsyncIterable<ModelsUsageReport> {
  const { host, names } = first;
  const agent = first.agents().chosen.id;
  yield report(first, given, talk, given.refresh ? "anew" : "when stale");
  for (;;) {
    await host.wait(pauseMs(given));
    yield report(await openBroker({ host, names, agent, rooms: ["credentials"] }), given, talk, "when stale");
  }
}

function pauseMs({ every }: Pick<Flags, "every">): number {
  return Math.max(LEAST_PAUSE_MS, every);
}

async function report(broker: Broker, given: Flags, talk: Talk, ask: UsageAsking["ask"]): Promise<ModelsUsageReport> {
  const { host } = broker;
  const { plugins } = broker.plugins();
  const facts: TargetFacts = { config: broker.config(), registry: broker.registry(), credentials: broker.credentials(), nowMs: host.nowMs(), plugins };
  const targets = usageTargets(facts, choiceOf(given, facts));
  const secrets = { homeDir: facts.config.homeDir, isInteractive: talk.isInteractive, withheld: facts.registry.variables };
  const asking: UsageAsking = { host, stateDir: facts.config.stateDir, secrets, timeoutMs: given.timeout, ask };
  const due = given.watch || given.plain === true ? 0 : dueCount(targets, asking);
  if (due > 0) talk.note(`Asking ${due} ${due === 1 ? "account" : "accounts"}…`);
  const accounts = await askAccounts(targets, asking);
  return { schemaVersion: 1, agentId: broker.agents().chosen.id, at: host.nowMs(), accounts };
}

/** Throws PROVIDER_UNKNOWN and PROFILE_UNKNOWN before anybody is asked. */
function choiceOf({ provider: named, profileId: profileIds, noUnofficial }: Flags, { registry, credentials }: TargetFacts): UsageChoice {
  const provider = named === undefined ? undefined : registry.idOf(named);
  if (provider !== undefined && registry.get(provider) === undefined) {
    const known = registry.all.map((one) => one.provider.id);
    throw new AppError("PROVIDER_UNKNOWN", `no provider is named "${named}"`, { hint: didYouMean(provider, known).trim() || "See `{cli} plugins list`." });
  }
  const ids = credentials.profiles.map(({ id }): string => id);
  const unknown = profileIds.find((id) => !ids.includes(id));
  if (unknown !== undefined)
    throw new AppError("PROFILE_UNKNOWN", `there is no account "${unknown}"`, { hint: `${didYouMean(unknown, ids)} See \`{cli} models auth list\`.`.trim() });
  return { ...(provider !== undefined && { provider }), profileIds, unofficial: noUnofficial ? "left out" : "asked" };
}

function human({ accounts }: ModelsUsageReport, style: Style, given: Flags): string {
  const lines = usageLines(accounts, style);
  if (!given.watch) return lines;
  const pause = pauseMs(given);
  const every = pause < 60_000 ? `${pause / 1000} s` : shortDuration(pause);
  return `${lines}\n\n${style.dim(`  ${new Date(style.nowMs).toISOString().slice(11, 19)} UTC, again every ${every}; Ctrl-C ends.`)}`;
}
