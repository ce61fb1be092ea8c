import { openBroker } from "../broker.ts";
import type { Generation } from "../gateway/generation.ts";
import { AppError } from "../kernel/errors.ts";
import { anyOf } from "../kernel/stop-signal.ts";
import { type AccountChoice, chosenAccounts, type ChosenAccounts } from "../probe/account-choice.ts";
import { planProbes, runProbes } from "../probe/probe.ts";
import type { ProbeSummary } from "../probe/summary.ts";
import { buildExplainReport, type ExplainReport } from "../status/explain.ts";
import { statusFacts } from "../status/facts.ts";
import { agentAsked } from "../status/route-trace.ts";
import { buildStatusReport, type StatusReport } from "../status/report.ts";
import { askAccounts } from "../usage/ask-accounts.ts";
import { readUsageText } from "../usage/usage-file.ts";
import { usageGlances } from "../usage/usage-glance.ts";
import type { UsageRow } from "../usage/usage-row.ts";
import { usageTargets } from "../usage/usage-targets.ts";
import type { Engine } from "./engine.ts";
import { checkFields, type Shape } from "./given-value.ts";

export interface ProbeChoices extends AccountChoice {
  /** `call`: the smallest real request, which costs tokens. `free`: the vendor's list of models, which costs nothing. `call` unless told. */
  readonly tier?: "call" | "free";
  /** Ask the chain: each model with the account that comes first. */
  readonly chain?: boolean;
  /** For each account; 8,000 unless told. */
  readonly timeoutMs?: number;
  /** So many at a time; 2 unless told. */
  readonly concurrency?: number;
  /** Of each answer; 8 unless told. */
  readonly maxTokens?: number;
}

export interface UsageChoices extends AccountChoice {
  /** Ask also where an answer still counts (one minute; undocumented addresses 15 minutes). */
  readonly refresh?: boolean;
  /** `left out`: never at an address that the vendor does not document. */
  readonly unofficial?: "asked" | "left out";
  /** For each account; 5,000 unless told. */
  readonly timeoutMs?: number;
}

export function status({ host }: Engine, { broker }: Generation, warnWithinMs: number | undefined): StatusReport {
  const report = buildStatusReport(statusFacts(broker, warnWithinMs));
  const kept = readUsageText(host, broker.config().stateDir);
  return kept.kind === "text" ? { ...report, usage: usageGlances(kept.text, report.accounts, host.nowMs()) } : report;
}

export async function explain({ host, names, routing, windowsOf }: Engine, generation: Generation, asked: string | undefined): Promise<ExplainReport> {
  const { broker } = generation;
  const agent = agentAsked(asked, broker.config());
  const isOther = agent !== undefined && agent !== broker.agents().chosen.id;
  const own = isOther ? statusFacts(await openBroker({ host, names, agent })) : statusFacts(broker);
  // With what the program gave in the place of files, for whichever agent.
  const credentials = isOther ? { ...own.credentials, ...generation.factsOf(agent).credentials } : own.credentials;
  const rests = { rows: await routing.ledger.rows(), sha256: (text: string) => host.sha256(text) };
  return buildExplainReport({ ...own, credentials, registry: broker.registry(), catalog: broker.catalog(), asked, windows: windowsOf(), rests });
}

export async function probe({ host }: Engine, generation: Generation, choices: ProbeChoices, signal: AbortSignal): Promise<ProbeSummary> {
  const { broker } = generation;
  checkFields(choices, { ...ACCOUNTS, tier: ["call", "free"], chain: "true or false", maxTokens: "a number" }, "options");
  const { tier = "call", timeoutMs = 8000, concurrency = 2, maxTokens = 8, chain = false } = choices;
  if (typeof concurrency !== "number" || !(concurrency >= 1)) throw notAtLeastOne("concurrency", "is no number of at least 1");
  const facts = { ...statusFacts(generation.broker), catalog: broker.catalog() };
  const options = { tier, timeoutMs, concurrency, maxTokens, ...chosen(choices, generation), ...(chain && { chain: true as const }) };
  const machine = { host: listening(host, signal), homeDir: broker.homeDir(), isInteractive: false, withheld: broker.registry().variables };
  const summary = await runProbes(planProbes(facts, options), facts, options, machine);
  signal.throwIfAborted();
  return summary;
}

export async function usage({ host }: Engine, generation: Generation, choices: UsageChoices, signal: AbortSignal): Promise<UsageRow[]> {
  const { broker } = generation;
  checkFields(choices, { ...ACCOUNTS, refresh: "true or false", unofficial: ["asked", "left out"] }, "options");
  const { refresh = false, unofficial = "asked", timeoutMs = 5000 } = choices;
  const { plugins } = broker.plugins();
  const facts = { config: broker.config(), registry: broker.registry(), credentials: broker.credentials(), nowMs: host.nowMs(), plugins };
  const targets = usageTargets(facts, { ...chosen(choices, generation), unofficial });
  const secrets = { homeDir: broker.homeDir(), isInteractive: false, withheld: facts.registry.variables };
  const rows = await askAccounts(targets, {
    host: listening(host, signal),
    stateDir: facts.config.stateDir,
    secrets,
    timeoutMs,
    ask: refresh ? "anew" : "when stale",
  });
  signal.throwIfAborted();
  return rows;
}

const ACCOUNTS: Readonly<Record<string, Shape>> = { provider: "a text", profileIds: "a list of texts" };

/** A machine whose requests end with the signal. */
function listening(host: Engine["host"], signal: AbortSignal): Engine["host"] {
  return { ...host, http: (request, own, deadlines) => host.http(request, anyOf(own, signal), deadlines) };
}

/** Throws REQUEST_INVALID, PROVIDER_UNKNOWN and PROFILE_UNKNOWN before anybody is asked. */
function chosen({ timeoutMs = 1, ...choice }: AccountChoice & { readonly timeoutMs?: number }, { broker }: Generation): ChosenAccounts {
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 1)) throw notAtLeastOne("timeoutMs", "is no time of at least 1 ms");
  return chosenAccounts(choice, { registry: broker.registry(), credentials: broker.credentials() });
}

function notAtLeastOne(field: string, why: string): AppError {
  return new AppError("REQUEST_INVALID", `${field} ${why}`, { hint: "Leave it out for the usual one.", keyPath: field });
}
