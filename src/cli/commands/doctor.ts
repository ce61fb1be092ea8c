import { statusFacts } from "../status-facts.ts";
import { type Broker, isBuiltIn } from "../../broker.ts";
import type { Agent } from "../../config/agents.ts";
import { readModelsJson } from "../../config/models-json.ts";
import { collectCredentials } from "../../credentials/collect.ts";
import { type AppError, asAppError, assertNever, type ErrorCode } from "../../kernel/errors.ts";
import type { Problem } from "../../kernel/problem.ts";
import { buildExplainReport } from "../../status/explain.ts";
import { machineFindings } from "../../status/machine-findings.ts";
import { type ProblemRow, problemRows } from "../../status/problem-row.ts";
import { buildStatusReport } from "../../status/report.ts";
import { defineCommand } from "../command.ts";
import { hang } from "../hanging-text.ts";
import { problemCounts, problemLines } from "../problem-lines.ts";
import type { Style } from "../style.ts";

/** Everything that is wrong with the files that are read, and what to do about it. */
export interface DoctorReport {
  schemaVersion: 1;
  /** In the order in which they were looked at. `unknown`: not looked at, because the config could not be read. */
  areas: { area: Area; state: "good" | "warnings" | "errors" | "unknown"; what: string }[];
  counts: { errors: number; warnings: number; notes: number };
  /** Errors first. */
  problems: ProblemRow[];
}

type Area = "config" | "environment" | "auth stores" | "models.json" | "plugins" | "catalogue" | "models" | "credentials";

const DAY_MS = 86_400_000;

export const doctor = defineCommand({
  summary: "Look at every file that is read and name what is wrong",
  about: "Exits with 1 when there is an error, with 0 otherwise. Nothing is repaired and nobody is asked.",
  options: {},
  examples: [
    { run: "doctor", does: "every problem with its place and what mends it" },
    { run: "doctor --json", does: "the same as data" },
  ],
  run: (broker): DoctorReport => examineAll(broker),
  human,
  exitCode: (report) => (report.counts.errors > 0 ? 1 : 0),
});

function examineAll(broker: Broker): DoctorReport {
  try {
    broker.config();
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!error.code.startsWith("CONFIG_")) throw error;
    return reportOf(problemRows(configProblems(error)), withoutConfig);
  }
  const problems = problemRows(allProblems(broker));
  return reportOf(problems, (area) => ({ what: whatWasRead(area, broker), wasRead: "yes" }));
}

/** A config that cannot be read is one finding for each of its faults. */
function configProblems(error: AppError): Problem[] {
  const { place, keyPath, hint, issues = [] } = error.facts;
  const about = { code: error.code, severity: "error" } as const;
  if (issues.length === 0)
    return [{ ...about, subject: keyPath ?? place?.file ?? "config", message: error.message, hint, ...(place !== undefined && { place }) }];
  return issues.map((issue) => ({
    ...about,
    subject: issue.keyPath ?? "config",
    message: issue.message,
    hint: issue.hint,
    ...(issue.place !== undefined && { place: issue.place }),
  }));
}

function allProblems(broker: Broker): Problem[] {
  const { host } = broker;
  const facts = statusFacts(broker, DAY_MS);
  const catalog = broker.catalog();
  catalog.providers();
  const explained = buildExplainReport({ ...facts, catalog, asked: undefined });
  return [
    ...[...buildStatusReport(facts).problems, ...explained.problems].map(asProblem),
    ...facts.agents.all.flatMap((agent) => agentProblems(agent, broker)),
    ...machineFindings({ host, ...facts }),
    ...catalog.problems,
  ];
}

/** Of the agents that were not asked for. The same file is named once, however many read it. */
function agentProblems(agent: Agent, broker: Broker): readonly Problem[] {
  const { host, names } = broker;
  const agents = broker.agents();
  if (agents.chosen.dir === agent.dir) return [];
  const { problems } = collectCredentials({ host, names, config: broker.config(), agents: { ...agents, chosen: agent }, registry: broker.registry() });
  return [...problems, ...readModelsJson(host, broker.config(), agent.dir, isBuiltIn).problems];
}

function asProblem({ file, line, column, ...row }: ProblemRow): Problem {
  return { ...row, code: row.code as ErrorCode, ...(file !== null && { place: { file, ...(line !== null && { line }), ...(column !== null && { column }) } }) };
}

const AREAS: readonly (readonly [Area, RegExp])[] = [
  ["config", /^(CONFIG|PROVIDER_ENTRY)_/],
  ["environment", /^(ENV_FILE|SHELL_ENV)_/],
  ["auth stores", /^STORE_/],
  ["models.json", /^MODELS_JSON_/],
  ["plugins", /^PLUGIN_/],
  ["catalogue", /^CATALOG_/],
  ["models", /^(REF|MODEL)_/],
  ["credentials", /^CREDENTIAL_/],
];

/** Without a config nothing else can be found. */
function withoutConfig(area: Area): Reading {
  return area === "config" ? { what: "cannot be used as it is", wasRead: "yes" } : { what: "not looked at: the config comes first", wasRead: "no" };
}

interface Reading {
  readonly what: string;
  readonly wasRead: "yes" | "no";
}

function reportOf(problems: ProblemRow[], readingOf: (area: Area) => Reading): DoctorReport {
  const count = (severity: ProblemRow["severity"]): number => problems.filter((problem) => problem.severity === severity).length;
  return {
    schemaVersion: 1,
    areas: AREAS.map(([area, codes]) => {
      const own = problems.filter(({ code }) => codes.test(code));
      const { what, wasRead } = readingOf(area);
      return { area, state: wasRead === "yes" ? stateOf(own) : "unknown", what };
    }),
    counts: { errors: count("error"), warnings: count("warning"), notes: count("note") },
    problems,
  };
}

function stateOf(problems: readonly ProblemRow[]): "good" | "warnings" | "errors" {
  if (problems.some(({ severity }) => severity === "error")) return "errors";
  return problems.some(({ severity }) => severity === "warning") ? "warnings" : "good";
}

function whatWasRead(area: Area, broker: Broker): string {
  const config = broker.config();
  switch (area) {
    case "config":
      return config.exists ? config.files.join(", ") : `${config.path} (none yet)`;
    case "environment":
      return `${broker.credentials().profiles.filter(({ origin }) => origin.kind === "env").length} credentials in variables`;
    case "auth stores":
      return `${broker.credentials().profiles.filter(({ origin }) => origin.kind === "store").length} stored accounts; agents: ${broker
        .agents()
        .all.map(({ id }) => id)
        .join(", ")}`;
    case "models.json":
      return `${broker.registry().customised.filter(({ custom }) => custom.some(({ origin }) => origin.kind === "models.json")).length} providers`;
    case "plugins":
      return `${broker.plugins().plugins.length} found`;
    case "catalogue":
      return `${broker
        .catalog()
        .providers()
        .reduce((sum, { models }) => sum + models, 0)} models`;
    case "models":
      return `${broker.chain().entries.length} in the chain`;
    case "credentials":
      return "of the providers in use";
    default:
      return assertNever(area);
  }
}

function human(report: DoctorReport, style: Style): string {
  const { areas, problems } = report;
  const sign = { good: style.good("✓"), warnings: style.warn("!"), errors: style.bad("✗"), unknown: style.dim("?") };
  const width = Math.max(...areas.map(({ area }) => area.length));
  const found = problemCounts(problems);
  const notes = report.counts.notes === 0 ? "" : style.dim(`${found === "" ? "" : ", "}${report.counts.notes} ${report.counts.notes === 1 ? "note" : "notes"}`);
  return [
    found === ""
      ? `${style.good("✓")} Nothing is wrong${notes === "" ? "." : `; ${notes}.`}`
      : `${report.counts.errors > 0 ? style.bad("✗") : style.warn("!")} ${found}${notes}`,
    ...(problems.length === 0 ? [] : ["", ...problemLines(problems, style)]),
    "",
    style.bold("Looked at"),
    ...areas.map(({ area, state, what }) => hang(`  ${sign[state]} ${area.padEnd(width)}  `, what.split(", ").map(style.path).join(", "), style.width)),
  ].join("\n");
}
