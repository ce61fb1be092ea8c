import { type Broker, openBroker } from "../../../broker.ts";
import type { Host } from "../../../kernel/host.ts";
import type { AgentId } from "../../../kernel/ids.ts";
import { readRests } from "../../../state/read-rests.ts";
import { buildExplainReport, type ExplainReport } from "../../../status/explain.ts";
import { type StatusFacts, statusFacts } from "../../../status/facts.ts";
import { agentAsked } from "../../../status/route-trace.ts";
import { usageFile } from "../../../usage/usage-file.ts";
import { defineCommand } from "../../command.ts";
import { problemLines } from "../../problem-lines.ts";
import type { Style } from "../../style.ts";
import { hang } from "../../hanging-text.ts";
import { laterLines, mappedLines, traceLines } from "../../trace-lines.ts";

export const modelsExplain = defineCommand({
  summary: "Trace which model and which account would answer, and why not the others",
  about: [
    "Follows each word as the gateway and the library do: alias, model, route, accounts in order; each step with the file and line that says so. Without a reference it follows the agent's whole chain.",
    "Nobody is asked. The last part says what a vendor's refusal, or its silence, would set off.",
  ].join("\n\n"),
  args: [{ name: "ref", help: "an alias, provider/model, provider/model@account, a bare name, default, or agent:<id>", optional: true, names: "model" }],
  options: {},
  examples: [
    { run: "models explain", does: "the chosen agent's default model and its fallbacks" },
    { run: "models explain opus", does: "what the alias stands for, and who would answer" },
    { run: "models explain groq/llama-3.3-70b-versatile --json", does: "the trace as data" },
  ],
  run,
  human,
  plain: ({ models }) =>
    models.flatMap(({ ref, profiles }) => (ref === null ? [] : [[ref, ...profiles.map(({ profileId }) => profileId)].join("\t")])).join("\n"),
});

async function run(broker: Broker, _given: unknown, [asked]: readonly string[]): Promise<ExplainReport> {
  const { host } = broker;
  // The chosen agent's registry counts for every route.
  const facts = { ...statusFacts(await brokerOf(agentAsked(asked, broker.config()), broker)), registry: broker.registry() };
  const windows = await windowsNow(host, facts);
  const rests = { rows: readRests(host, facts.config.stateDir), sha256: (text: string) => host.sha256(text) };
  return buildExplainReport({ ...facts, catalog: broker.catalog(), asked, rests, ...(windows !== undefined && { windows }) });
}

/** Another agent has a chain and a store of its own. */
async function brokerOf(agent: AgentId | undefined, broker: Broker): Promise<Broker> {
  if (agent === undefined || agent === broker.agents().chosen.id) return broker;
  return openBroker({ host: broker.host, names: broker.names, agent });
}

/** Most have asked no vendor what is left: then nothing is loaded for it. */
async function windowsNow(host: Host, facts: StatusFacts): Promise<StatusFacts["windows"]> {
  const { stateDir } = facts.config;
  if (host.inspect(usageFile(host, stateDir)) === undefined) return undefined;
  const [{ openKnownWindows }, { knownAccounts }] = await Promise.all([import("../../../usage/known-windows.ts"), import("../../../usage/account-key.ts")]);
  const known = openKnownWindows(host, stateDir, () => knownAccounts(facts));
  known.look();
  return known.latest();
}

function human(report: ExplainReport, style: Style): string {
  const { models, problems, mapped, outcomes } = report;
  const isChain = models[0]?.role !== "asked";
  const [traced, later] = isChain ? [models, []] : [models.slice(0, 1), models.slice(1)];
  const first = firstAsked(report);
  return [
    answerText(report, style),
    ...(problems.length === 0 ? [] : ["", style.bold("Problems"), ...problemLines(problems, style)]),
    ...(mapped === null ? [] : ["", ...mappedLines(mapped, style)]),
    ...traced.flatMap((model) => ["", ...traceLines(model, model === first ? "first" : "other", style)]),
    ...(later.length === 0 ? [] : ["", style.bold("Then"), ...laterLines(later, style)]),
    ...(outcomes.length === 0 ? [] : ["", ...outcomeLines(report, style)]),
  ].join("\n");
}

function answerText({ first, models }: ExplainReport, style: Style): string {
  if (first !== null) {
    const account = first.profileId === null ? "" : `, with ${first.profileId}`;
    return hang(`${style.good("✓")} `, `${style.bold(first.ref)} would be asked first${account}.`, style.width);
  }
  const delegated = models.find(({ readiness }) => readiness === "delegated");
  if (delegated === undefined) return `${style.bad("✗")} No model here could answer now.`;
  return hang(
    `${style.accent("→")} `,
    `${style.bold(delegated.ref ?? delegated.raw)} is left to another login, and no other model here could answer now.`,
    style.width,
  );
}

function firstAsked({ first, models }: ExplainReport): ExplainReport["models"][number] | undefined {
  return first === null ? undefined : models.find(({ ref, profiles }) => ref === first.ref && (profiles[0]?.profileId ?? null) === first.profileId);
}

function outcomeLines({ outcomes, first }: ExplainReport, style: Style): string[] {
  const width = Math.max(...outcomes.map(({ event }) => event.length));
  const names = Math.max(...outcomes.map(({ reason }) => reason.length));
  const title = `${style.bold("If it fails")}  ${style.dim(first?.ref ?? "")}`;
  if (style.width < 90)
    return [title, ...outcomes.flatMap(({ event, reason, sentence }) => [`  ${event}  ${style.dim(reason)}`, hang("      ", sentence, style.width)])];
  return [
    title,
    ...outcomes.map(({ event, reason, sentence }) => hang(`  ${event.padEnd(width)}  ${style.dim(reason.padEnd(names))}  `, sentence, style.width)),
  ];
}
