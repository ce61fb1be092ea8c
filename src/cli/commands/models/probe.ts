import type { Broker } from "../../../broker.ts";
import type { Resolution } from "../../../catalog/resolve.ts";
import { AppError } from "../../../kernel/errors.ts";
import { RENEWED_WHEN_ASKED } from "../../../probe/prepare.ts";
import { planProbes, type Planned, type ProbeOptions, type ProbePlan } from "../../../probe/probe.ts";
import { isBad, type ProbeRow, type ProbeSummary } from "../../../probe/summary.ts";
import type { ProbeFacts } from "../../../probe/targets.ts";
import { clearAfterProbe } from "../../clear-after-probe.ts";
import { defineCommand } from "../../command.ts";
import type { CooldownRow } from "../../cooldown-rows.ts";
import { counted } from "../../counted.ts";
import { choice, count, flag, type Given } from "../../option.ts";
import { leftLine, probeLines } from "../../probe-lines.ts";
import { probeFacts, runPlan } from "../../run-probe.ts";
import type { Style } from "../../style.ts";
import { table } from "../../table.ts";
import type { Talk } from "../../talk.ts";

/** What asking has shown; with `--dry-run` what would be asked, and the most that it can cost. */
export interface ModelsProbeReport extends ProbeSummary {
  schemaVersion: 1;
  agentId: string;
  dryRun: boolean;
  /** Of those with `--dry-run`; otherwise empty. */
  planned: PlannedRow[];
  /** US dollars, from the catalogue's prices; null where one of them is not known. */
  mostUsd: number | null;
  /** Rests that were ended because somebody answered; only with --clear-cooldown-on-success. */
  cleared: CooldownRow[];
}

export interface PlannedRow {
  provider: string;
  model: string | null;
  profileId: string | null;
  label: string;
  role: string | null;
  kind: NonNullable<ProbeRow["kind"]>;
  maxTokens: number | null;
  raised: boolean;
  requestBytes: number | null;
  mostUsd: number | null;
}

const options = {
  chain: flag("ask the chain: default, fallbacks, image models, each with the account that comes first"),
  tier: choice(["call", "free"], "call: the smallest real request; free: the vendor's list of models, which costs nothing", "call"),
  dryRun: flag("show what would be asked and the most that it can cost; nobody is asked"),
  timeout: count("<ms>", "give up on an account after this many milliseconds", 8000),
  concurrency: count("<n>", "ask this many at a time", 2),
  maxTokens: count("<n>", "let each answer be at most this many tokens; more where the model refuses so few", 8),
  clearCooldownOnSuccess: flag("who answers well rests no longer: the one way in which a probe changes who is asked"),
};

type Flags = Given<typeof options>;

export const modelsProbe = defineCommand({
  summary: "Ask providers for real whether accounts and models work, and how fast",
  about: [
    "One small request for each account, of the agent that --agent names; the chain's model of its provider is asked, else the cheapest that is known. Words narrow it down: an account, a provider, an alias or provider/model.",
    "Nothing is tried twice (--tier free asks once more without the key), no account is put to rest, and nothing is written but for --clear-cooldown-on-success. Exits 1 when somebody who was asked did not answer well, and with --chain when a model has nobody to ask.",
  ].join("\n\n"),
  args: [{ name: "what", help: "accounts, providers, aliases or provider/model; everybody unless told", optional: true, rest: true, names: "model" }],
  options,
  examples: [
    { run: "models probe", does: "every account, one request each" },
    { run: "models probe --chain", does: "the default model and its fallbacks, as they would be asked" },
    { run: "models probe groq openai:work", does: "the accounts of one provider, and one account" },
    { run: "models probe --dry-run", does: "what that would cost at most" },
    { run: "models probe --tier free", does: "whether keys are known, without a token spent" },
  ],
  run,
  human,
  plain: ({ planned, results }) =>
    [
      ...planned.map(({ provider, model, label }) => [provider, model ?? "-", label, "planned", "-", "-"].join("\t")),
      ...results.map(({ provider, model, label, status, reason, latencyMs }) =>
        [provider, model ?? "-", label, status, reason ?? "-", latencyMs ?? "-"].join("\t"),
      ),
    ].join("\n"),
  exitCode: ({ dryRun, results }) => (results.some(isBad) || (!dryRun && results.some(isMute)) ? 1 : 0),
});

async function run(broker: Broker, given: Flags, words: readonly string[], talk: Talk): Promise<ModelsProbeReport> {
  const facts = probeFacts(broker);
  if (given.chain && words.length > 0)
    throw new AppError("USAGE", "--chain asks the whole chain, and more words have no meaning", { hint: "Leave out one of the two." });
  const { timeout: timeoutMs, concurrency, maxTokens, tier = "call" } = given;
  const limits = { timeoutMs, concurrency, maxTokens, tier };
  const choices = words.length === 0 ? [{ profileIds: [], ...(given.chain && { chain: true as const }) }] : words.map((word) => chosenBy(word, facts));
  const plans = choices.map((one) => planProbes(facts, { ...limits, ...one }));
  const plan = together(plans);
  const all: ProbeOptions = { ...limits, profileIds: choices.flatMap(({ profileIds }) => profileIds), ...(choices.length === 1 && choices[0]) };
  const summary = given.dryRun ? notAsked(plan, all, facts) : await runPlan(broker, talk, plan, facts, all);
  const planned = given.dryRun ? plan.asked.map(plannedRow) : [];
  const cleared = given.clearCooldownOnSuccess && !given.dryRun ? await clearAfterProbe(broker, talk, summary) : [];
  return { schemaVersion: 1, agentId: broker.agents().chosen.id, dryRun: given.dryRun, ...summary, planned, mostUsd: sum(plan.asked), cleared };
}

/** An account, then a provider, then a model. */
function chosenBy(
  word: string,
  facts: ProbeFacts,
): Pick<ProbeOptions, "profileIds"> & { provider?: ProbeOptions["provider"] & {}; refs?: readonly Resolution[] } {
  const profile = facts.credentials.profiles.find(({ id }) => id === word);
  if (profile !== undefined) return { provider: profile.provider, profileIds: [profile.id] };
  const provider = facts.registry.idOf(word);
  const isAlias = facts.chain.aliases.find(word) !== undefined;
  if (!isAlias && facts.registry.get(provider) !== undefined) return { provider, profileIds: [] };
  if (isAlias || word.includes("/")) return { refs: [facts.chain.resolve(word)], profileIds: [] };
  throw new AppError("PROFILE_UNKNOWN", `"${word}" is no account, no provider and no model`, {
    hint: "See `{cli} models auth list` and `{cli} models list`.",
  });
}

/** Two words may mean the same: nobody is asked twice. */
function together(plans: readonly ProbePlan[]): ProbePlan {
  const keyOf = ({ model, label, provider, role }: ProbeRow): string => JSON.stringify([role, provider, model, label]);
  const asked = new Map(
    plans.flatMap((plan) => plan.asked.map((planned, index) => [`${keyOf(planned.row)}${planned.row.role === null ? "" : index}`, planned] as const)),
  );
  const skipped = new Map(plans.flatMap((plan) => plan.skipped.map((row, index) => [`${keyOf(row)}${row.role === null ? "" : index}`, row] as const)));
  return { asked: [...asked.values()], skipped: [...skipped.values()] };
}

function notAsked(plan: ProbePlan, { provider, profileIds, timeoutMs, concurrency, maxTokens, tier }: ProbeOptions, { nowMs }: ProbeFacts): ProbeSummary {
  const shown = { ...(provider !== undefined && { provider }), profileIds: [...profileIds], timeoutMs, concurrency, maxTokens, tier };
  return { startedAt: nowMs, finishedAt: nowMs, durationMs: 0, totalTargets: 0, options: shown, results: [...plan.skipped] };
}

function plannedRow({ row, mostUsd }: Planned): PlannedRow {
  const { provider, model = null, profileId = null, label, role, kind, maxTokens, raised, requestBytes } = row;
  return { provider, model, profileId, label, role, kind: kind ?? "chat", maxTokens, raised, requestBytes, mostUsd: mostUsd ?? null };
}

function sum(asked: readonly Planned[]): number | null {
  return asked.some(({ mostUsd }) => mostUsd === undefined) ? null : asked.reduce((total, { mostUsd = 0 }) => total + mostUsd, 0);
}

function human(report: ModelsProbeReport, style: Style): string {
  const lines = report.dryRun ? planLines(report, style) : probeLines(report, style);
  return [headline(report, style), ...lines].join("\n");
}

function headline({ dryRun, planned, results, totalTargets, mostUsd, agentId }: ModelsProbeReport, style: Style): string {
  if (dryRun) {
    const most = mostUsd === null ? "the price of some is not known" : mostDollars(mostUsd);
    return `${counted(planned.length, "request")} would be sent, ${most}.`;
  }
  if (totalTargets === 0) return `${style.warn("!")} There is nobody to ask for agent ${agentId}.`;
  const bad = results.filter(isBad).length;
  const all = totalTargets + results.filter(isMute).length;
  const well = totalTargets - bad;
  if (well === all) return `${style.good("✓")} ${totalTargets === 1 ? "It answers" : `All ${all} answer`}.`;
  return `${style.bad("✗")} ${well} of ${all} ${well === 1 ? "answers" : "answer"}.`;
}

/** A model of the chain that cannot answer, as nobody may be asked for it. What a probe alone cannot ask is not known to be mute. */
function isMute({ role, asked, reason, detail }: ProbeRow): boolean {
  const isOpen = reason === "delegated" || reason === "unsupported" || detail === RENEWED_WHEN_ASKED;
  return role !== null && !asked && !isOpen;
}

function planLines({ planned, results }: ModelsProbeReport, style: Style): string[] {
  const rows = planned.map((row) => [row.model ?? row.provider, row.label, limitText(row), row.mostUsd === null ? "price unknown" : dollars(row.mostUsd)]);
  return [
    ...(rows.length === 0 ? [] : [table(rows, { style, flexible: 0, indent: "  ", align: ["left", "left", "right", "right"] })]),
    ...results.map((row) => leftLine(row, style)),
  ];
}

function limitText({ kind, maxTokens, raised }: PlannedRow): string {
  if (maxTokens === null) return kind;
  return `${maxTokens} tokens${raised ? " (its least)" : ""}`;
}

function mostDollars(usd: number): string {
  return usd > 0 && usd < 0.0001 ? dollars(usd) : `at most ${dollars(usd)}`;
}

function dollars(usd: number): string {
  return usd === 0 ? "$0" : usd < 0.0001 ? "under $0.0001" : `$${usd.toFixed(4)}`;
}
