import { type Broker, isBuiltIn } from "../../broker.ts";
import type { Agent } from "../../config/agents.ts";
import { readModelsJson } from "../../config/models-json.ts";
import { collectCredentials } from "../../credentials/collect.ts";
import { type AppError, asAppError, assertNever, type ErrorCode } from "../../kernel/errors.ts";
import type { Problem } from "../../kernel/problem.ts";
import { buildExplainReport } from "../../status/explain.ts";
import { machineFindings } from "../../status/machine-findings.ts";
import type { ProblemRow } from "../../status/problem-row.ts";
import { buildStatusReport } from "../../status/report.ts";
import { counted } from "../counted.ts";
import { statusFacts } from "../../status/facts.ts";

/** What was looked at, and what is wrong. Without a config nothing else can be found. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly configWasRead: "yes" | "no";
}

export const AREAS: readonly (readonly [Area, RegExp])[] = [
  ["config", /^(CONFIG|PROVIDER_ENTRY)_/],
  ["environment", /^(ENV_FILE|SHELL_ENV)_/],
  ["auth stores", /^STORE_/],
  ["models.json", /^MODELS_JSON_/],
  ["plugins", /^PLUGIN_/],
  ["catalogue", /^CATALOG_/],
  ["models", /^(REF|MODEL)_/],
  ["credentials", /^(CREDENTIAL|REFERENCE)_/],
];

export type Area = "config" | "environment" | "auth stores" | "models.json" | "plugins" | "catalogue" | "models" | "credentials";

export function findAll(broker: Broker): Findings {
  try {
    broker.config();
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!error.code.startsWith("CONFIG_")) throw error;
    return { problems: configProblems(error), configWasRead: "no" };
  }
  return { problems: allProblems(broker), configWasRead: "yes" };
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
  const facts = statusFacts(broker);
  const catalog = broker.catalog();
  catalog.providers();
  const explained = buildExplainReport({ ...facts, catalog, asked: undefined });
  return [
    ...[...buildStatusReport(facts).problems, ...explained.problems].map(asProblem),
    ...facts.agents.all.flatMap((agent) => agentProblems(agent, broker)),
    ...machineFindings({ host, names: broker.names, ...facts }),
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

export function whatWasRead(area: Area, broker: Broker): string {
  const config = broker.config();
  switch (area) {
    case "config":
      return config.exists ? config.files.join(", ") : `${config.path} (none yet)`;
    case "environment":
      return `${counted(broker.credentials().profiles.filter(({ origin }) => origin.kind === "env").length, "credential")} in variables`;
    case "auth stores": {
      const stored = broker.credentials().profiles.filter(({ origin }) => origin.kind === "store").length;
      const agents = broker.agents().all.map(({ id }) => id);
      return `${counted(stored, "stored account")}; ${agents.length === 1 ? "agent" : "agents"}: ${agents.join(", ")}`;
    }
    case "models.json":
      return counted(broker.registry().customised.filter(({ custom }) => custom.some(({ origin }) => origin.kind === "models.json")).length, "provider");
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
