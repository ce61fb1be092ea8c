import { counted } from "../../counted.ts";
import { statusFacts, WARN_WITHIN_MS } from "../../../status/facts.ts";
import { AppError } from "../../../kernel/errors.ts";
import { checkCode } from "../../../status/check.ts";
import { buildStatusReport, type StatusReport } from "../../../status/report.ts";
import type { Broker } from "../../../broker.ts";
import { accountTable, inUseFirst, stateText } from "../../account-lines.ts";
import { defineCommand } from "../../command.ts";
import { count, duration, flag, type Given, list, text } from "../../option.ts";
import { problemLines } from "../../problem-lines.ts";
import type { ProbeSummary } from "../../../probe/summary.ts";
import { probeLines, refutation, shownByAsking } from "../../probe-lines.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { chainLines, verdict } from "../../chain-lines.ts";
import { hang } from "../../hanging-text.ts";
import { glanceLines } from "../../usage-glance-lines.ts";
import { readUsageText } from "../../../usage/usage-file.ts";
import { usageGlances } from "../../../usage/usage-glance.ts";

const NONE_YET = " (none yet)";

const options = {
  check: flag("exit 1 when a credential in use is expired or missing, 2 when one is expiring, else 0"),
  checkAll: flag("as --check, also for accounts of providers that are not in use"),
  warnWithin: duration("count a credential as expiring this long before its end; a bare number is hours (default 24h)", WARN_WITHIN_MS, "h"),
  probe: flag("ask each provider once with each of its accounts (a real request; costs tokens)"),
  probeProvider: text("<name>", "probe this provider only", { names: "provider" }),
  probeProfile: list("<id>", "probe these accounts only (repeat, or separate with commas)", { names: "profile" }),
  probeTimeout: count("<ms>", "give up on an account after this many milliseconds", 8000),
  probeConcurrency: count("<n>", "probe this many at a time", 2),
  probeMaxTokens: count("<n>", "let each answer be at most this many tokens", 8),
  clearCooldownOnSuccess: flag("with --probe: who answers well rests no longer"),
};

type Flags = Given<typeof options>;

export const modelsStatus = defineCommand({
  summary: "Show the default model, its fallbacks, and whether each credential is usable",
  about: [
    "Looks at the agent named by --agent, else at {PFX}_AGENT_DIR or PI_CODING_AGENT_DIR, else at the configured default agent.",
    "Nothing is written, unless --clear-cooldown-on-success says so. Without --probe nobody is asked either: what is shown stands in files and in the environment. With it every account is asked once, and --check counts what was found.",
  ].join("\n\n"),
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models status", does: "what answers now, and what is wrong" },
    { run: "models status --check", does: "for scripts: exit 1, 2 or 0" },
    { run: "models status --check --warn-within 3d", does: "warn three days ahead" },
    { run: "models status --probe", does: "ask every account once, for real" },
    { run: "models status --plain", does: "only the resolved default model" },
  ],
  run,
  human,
  plain: (report) => report.resolvedDefault,
  exitCode: (report, given) => (given.check || given.checkAll ? checkCode(report, given.checkAll ? "all" : "in-use") : 0),
});

async function run(broker: Broker, given: Flags & { readonly plain?: unknown }, _args: readonly string[], talk: Talk): Promise<StatusReport> {
  if (given.probe && given.plain === true)
    throw new AppError("USAGE", "--plain prints the default model only, and --probe has more to say", { hint: "Use --probe with --json, or alone." });
  if (given.clearCooldownOnSuccess && !given.probe)
    throw new AppError("USAGE", "--clear-cooldown-on-success needs answers", { hint: "Add --probe: then each account is asked." });
  const probes = given.probe ? await probed(broker, given, talk) : undefined;
  const cleared = probes !== undefined && given.clearCooldownOnSuccess ? await clearedBy(probes, broker, talk) : [];
  const report = buildStatusReport(withoutRests(statusFacts(broker, given.warnWithin), cleared));
  const usage = keptUsage(broker, report);
  return { ...report, usage, ...(probes !== undefined && { auth: { ...report.auth, probes } }) };
}

/** What vendors told earlier: nobody is asked. */
function keptUsage({ host, config }: Broker, { accounts }: StatusReport): StatusReport["usage"] {
  const kept = readUsageText(host, config().stateDir);
  return kept.kind === "text" ? usageGlances(kept.text, accounts, host.nowMs()) : [];
}

async function clearedBy(probes: ProbeSummary, broker: Broker, talk: Talk): Promise<readonly string[]> {
  const { clearAfterProbe } = await import("../../clear-after-probe.ts");
  return (await clearAfterProbe(broker, talk, probes)).flatMap(({ scope, profileId }) => (scope === "profile" ? (profileId ?? []) : []));
}

/** The facts were read before anybody answered. */
function withoutRests<F extends ReturnType<typeof statusFacts>>(facts: F, cleared: readonly string[]): F {
  if (cleared.length === 0) return facts;
  const cooldowns = facts.credentials.cooldowns.filter(({ profileId }) => !cleared.includes(profileId));
  return { ...facts, credentials: { ...facts.credentials, cooldowns } };
}

/** Loaded only when it is asked for. */
async function probed(broker: Broker, given: Flags, talk: Talk): Promise<ProbeSummary> {
  const { probeAccounts } = await import("../../run-probe.ts");
  const { probeProvider, probeProfile: profileIds, probeTimeout: timeoutMs, probeConcurrency: concurrency, probeMaxTokens: maxTokens } = given;
  const provider = probeProvider === undefined ? {} : { provider: broker.registry().idOf(probeProvider) };
  const summary = await probeAccounts(broker, talk, { ...provider, profileIds, timeoutMs, concurrency, maxTokens, tier: "call" });
  // The options of `models probe` have longer names here.
  const results = summary.results.map((row) => ({ ...row, hint: row.hint?.replace(/--(?=timeout|max-tokens)/, "--probe-") ?? null }));
  return { ...summary, results };
}

function human(report: StatusReport, style: Style): string {
  if (isFresh(report)) return firstSteps(report, style);
  const worth = report.problems.filter(({ severity }) => severity !== "note");
  const notes = report.problems.length - worth.length;
  return [
    refutation(report.resolvedDefault, report.auth.probes, style) ?? verdict(report, style),
    ...(worth.length === 0 ? [] : ["", style.bold("Problems"), ...problemLines(worth, style)]),
    "",
    `${style.bold("Models")}  ${style.dim(agentText(report))}`,
    ...chainLines(report.chain, style, report.auth.probes),
    ...(report.accounts.length === 0 ? [] : ["", style.bold("Accounts"), ...accountLines(report, style)]),
    ...(report.usage.length === 0
      ? []
      : ["", `${style.bold("Usage")}  ${style.dim("share used (until it begins anew), as vendors told it last")}`, ...glanceLines(report.usage, style)]),
    "",
    ...(report.auth.probes === undefined ? [] : [style.bold("Probes"), ...probeLines(report.auth.probes, style), ""]),
    ...fileLines(report, style),
    ...(report.accounts.length === 0 || report.auth.probes !== undefined ? [] : [style.dim("  From files alone: a revoked key still shows as ready.")]),
    ...(notes === 0 ? [] : [style.dim(`  ${counted(notes, "note")}: ${style.cli} doctor`)]),
  ].join("\n");
}

function agentText({ agentId, modelConfig }: StatusReport): string {
  const own = modelConfig.defaultSource === "agent" ? ", with a default model of its own" : "";
  return `agent ${agentId}${own}`;
}

function fileLines(report: StatusReport, style: Style): string[] {
  const { auth, configExists, configPath } = report;
  const aliases = Object.keys(report.aliases);
  const facts: [string, string][] = [
    ["config", `${style.path(configPath)}${configExists ? "" : NONE_YET}`],
    ["store", `${style.path(auth.storePath)}${auth.storeExists ? "" : NONE_YET}`],
  ];
  if (aliases.length > 0) facts.push(["aliases", aliases.join(", ")]);
  if (auth.shellEnvFallback.appliedKeys.length > 0) facts.push(["login shell", auth.shellEnvFallback.appliedKeys.join(", ")]);
  return facts.map(([name, value]) => hang(`  ${style.dim(name.padEnd(11))}  `, value, style.width));
}

/** One table, in which a line tells where those begin that no model of the chain uses. */
function accountLines({ accounts, auth }: StatusReport, style: Style): string[] {
  const sorted = inUseFirst(accounts);
  const refuted = (account: StatusReport["accounts"][number]): string | undefined => {
    const shown = shownByAsking(account, auth.probes, style);
    return shown?.answers === false ? shown.text : undefined;
  };
  const lines = accountTable(sorted, style, (account) => refuted(account) ?? stateText(account, style)).split("\n");
  const used = sorted.filter(({ inUse }) => inUse).length;
  return used === 0 || used === sorted.length ? lines : [...lines.slice(0, used), style.dim("  not in use by the models above:"), ...lines.slice(used)];
}

function isFresh({ configExists, accounts, problems }: StatusReport): boolean {
  return !configExists && accounts.length === 0 && problems.every(({ code }) => code === "CREDENTIAL_MISSING");
}

/** For a machine on which nothing was set up: what was looked for, and what to do first. */
function firstSteps(report: StatusReport, style: Style): string {
  const { lookedFor, auth, configPath, resolvedDefault, problems } = report;
  const hint = problems[0]?.hint.replaceAll("{cli}", style.cli) ?? "Set the variable of a provider, for example ANTHROPIC_API_KEY.";
  const step = (number: number, sentence: string): string => hang(`  ${number}. `, sentence, style.width);
  return [
    hang(`${style.bad("✗")} `, "Nothing is set up yet: there is no config file and no credential.", style.width),
    "",
    style.bold("Looked for"),
    `  ${style.dim("config")}       ${style.path(configPath)}`,
    `  ${style.dim("store")}        ${style.path(auth.storePath)}`,
    `  ${style.dim("environment")}  ${lookedFor.variables} variables of ${lookedFor.providers} providers`,
    "",
    style.bold("Next steps"),
    step(1, `Give the built-in default model ${style.accent(resolvedDefault)} a key. ${hint}`),
    step(
      2,
      `Or look for a model that costs nothing: ${style.accent(`${style.cli} models list --all --free`)}. One that runs on this machine (ollama, lmstudio, llama-cpp) needs no key.`,
    ),
    step(3, `Choose your default: ${style.accent(`${style.cli} models set ollama/qwen3`)}`),
  ].join("\n");
}
