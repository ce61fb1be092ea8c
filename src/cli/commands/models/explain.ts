import type { Broker } from "../../../broker.ts";
import type { Host } from "../../../kernel/host.ts";
import { buildExplainReport, couldAnswer, type ExplainReport } from "../../../status/explain.ts";
import { type StatusFacts, statusFacts } from "../../../status/facts.ts";
import { usageFile } from "../../../usage/usage-file.ts";
import { defineCommand } from "../../command.ts";
import { problemLines } from "../../problem-lines.ts";
import type { Style } from "../../style.ts";
import { hang } from "../../hanging-text.ts";
import { laterLines, traceLines } from "../../trace-lines.ts";

export const modelsExplain = defineCommand({
  summary: "Trace which model and which account would answer, and why not the others",
  about: [
    "Follows each word: alias, model, route, accounts in order; each step with the file and line that says so. Without a reference it follows the agent's whole chain.",
    "Nobody is asked. The last part says what a vendor's refusal, or its silence, would set off.",
  ].join("\n\n"),
  args: [{ name: "ref", help: "an alias, provider/model, or provider/model@account", optional: true, names: "model" }],
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

async function run(broker: Broker, _given: unknown, args: readonly string[]): Promise<ExplainReport> {
  const facts = statusFacts(broker);
  const windows = await windowsNow(broker.host, facts);
  return buildExplainReport({ ...facts, catalog: broker.catalog(), asked: args[0], ...(windows !== undefined && { windows }) });
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
  const { models, problems, first } = report;
  const answer =
    first === null
      ? `${style.bad("✗")} No model here could answer now.`
      : hang(
          `${style.good("✓")} `,
          `${style.bold(first.ref)} would be asked first${first.profileId === null ? "" : `, with ${first.profileId}`}.`,
          style.width,
        );
  const [traced, later] = report.asked === null ? [models, []] : [models.slice(0, 1), models.slice(1)];
  const isFirst = (ref: string | null): boolean => ref !== null && ref === first?.ref;
  return [
    answer,
    ...(problems.length === 0 ? [] : ["", style.bold("Problems"), ...problemLines(problems, style)]),
    ...traced.flatMap((model) => ["", ...traceLines(model, isFirst(model.ref) && couldAnswer(model) ? "first" : "other", style)]),
    ...(later.length === 0 ? [] : ["", style.bold("Then"), ...laterLines(later, style)]),
    ...(report.outcomes.length === 0 ? [] : ["", ...outcomeLines(report, style)]),
  ].join("\n");
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
