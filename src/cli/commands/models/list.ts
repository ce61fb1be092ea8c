import type { Reach } from "../../../catalog/catalog.ts";
import { unknownProvider } from "../../../catalog/resolve.ts";
import type { ProviderId } from "../../../kernel/ids.ts";
import { AppError } from "../../../kernel/errors.ts";
import { examine, statusFacts } from "../../../status/facts.ts";
import { type ProblemRow, problemRows } from "../../../status/problem-row.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import { counted } from "../../counted.ts";
import { type ConfiguredModels, configuredModels, configuredRows } from "../../configured-models.ts";
import { filterRows, SORTS, sortRows } from "../../model-filter.ts";
import { ABILITY_LEGEND } from "../../model-words.ts";
import { liveLines } from "../../live-lines.ts";
import type { LiveModelRow, LiveServerRow } from "../../live-rows.ts";
import { type ModelRow, modelRows, type ProviderRow, providerRows } from "../../model-row.ts";
import { modelTable } from "../../model-table.ts";
import { amount, choice, flag, type Given, text } from "../../option.ts";
import { problemCounts, problemLines } from "../../problem-lines.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { wrap } from "../../text-width.ts";
import { tokenCount } from "../../token-count.ts";

export interface ModelsListReport {
  schemaVersion: 1;
  count: number;
  models: LiveModelRow[];
  /** `configured`: the chain and the models with settings. `catalogue`: every model that is known. `live`: what the servers list. */
  view: "configured" | "catalogue" | "live";
  /** Of the listed models. */
  providers: ProviderRow[];
  /** Errors first. */
  problems: ProblemRow[];
  /** With `--live`: who was asked, and what became of it. */
  servers?: LiveServerRow[];
}

const options = {
  all: flag("every model of the catalogue and not only the configured ones"),
  local: flag("only models of servers on this machine or its network"),
  provider: text("<id>", "only models of this provider", { names: "provider" }),
  search: text("<words>", "only models with all these words in their reference or name"),
  free: flag("only models that cost nothing"),
  tools: flag("only models that can call tools"),
  vision: flag("only models that take images"),
  reasoning: flag("only models that reason"),
  minContext: tokenCount("<n>", "only models with a context of at least this many tokens; 128k and 1m are numbers too"),
  maxPrice: amount("<usd>", "only models that cost at most this many dollars for a million tokens, in and out alike"),
  sort: choice(SORTS, "order by this field: context, output and released with the most first, price with the least"),
  ids: flag("also models of which only the id is known; implies --all"),
  live: flag("what your accounts can use now: ask the providers and the servers of your own"),
  refresh: flag("as --live, and ask anew what was asked within a day"),
};

type Flags = Given<typeof options>;

export const modelsList = defineCommand({
  summary: "List the configured models, or with --all the whole catalogue",
  about: [
    "Configured models are those of the chain (default, fallbacks, image model) and those below agents.defaults.models.",
    "--search, --free, --tools, --vision, --reasoning, --min-context and --max-price look through the whole catalogue. A model of which the asked fact is not known does not match.",
    "--live asks every provider that you have an account for, and the servers of your own: those in the config, OLLAMA_HOST, and Ollama, LM Studio, vLLM, llama.cpp, SGLang and LiteLLM at their usual ports. It costs nothing. A vendor's answer counts for a day; your own servers are asked each time. One that fails is named, and what it listed before is shown with its day.",
    "A price of 0 counts as free only where the source says that the model is free: many write 0 for what a subscription covers.",
  ].join("\n\n"),
  options,
  examples: [
    { run: "models list", does: "what is configured, and whether it can answer" },
    { run: "models list --all --provider groq", does: "every model of one provider" },
    { run: "models list --free --tools --sort context", does: "free models that can call tools, the largest context first" },
    { run: "models list --live", does: "what can be used now, with the context that each server really gives" },
    { run: 'models list --search "claude sonnet" --json', does: "look for a model, for a script" },
  ],
  run,
  human,
  plain: (report) => report.models.map(({ key }) => key).join("\n"),
});

function run(broker: Broker, given: Flags, _args: readonly string[], talk: Talk): ModelsListReport | Promise<ModelsListReport> {
  return given.live || given.refresh ? liveReport(broker, given, talk) : knownReport(broker, given);
}

function knownReport(broker: Broker, given: Flags): ModelsListReport {
  const { catalog } = broker;
  const facts = statusFacts(broker, 0);
  const examined = examine(facts);
  const only = given.provider === undefined ? undefined : knownProvider(given.provider, broker);
  const answers = providerRows(examined);
  const view = wantsCatalogue(given) ? "catalogue" : "configured";
  const configured = configuredModels(examined);
  const all =
    view === "catalogue"
      ? catalogueRows(broker, configured, answers, given.ids ? "everything" : "facts", only)
      : configuredRows(configured, catalog(), answers);
  const models = sortRows(filterRows(all, { ...given, provider: only }), given.sort);
  const problems = [...facts.config.problems, ...facts.registry.problems, ...facts.otherProblems, ...facts.credentials.problems, ...facts.chain.problems];
  return {
    schemaVersion: 1,
    count: models.length,
    models,
    view,
    providers: providersOf(models, broker, answers),
    problems: problemRows([...problems, ...configured.problems, ...catalog().problems]),
  };
}

async function liveReport(broker: Broker, given: Flags, talk: Talk): Promise<ModelsListReport> {
  if (given.all || given.ids)
    throw new AppError("USAGE", `--${given.live ? "live" : "refresh"} and --${given.all ? "all" : "ids"} exclude each other`, {
      hint: "--live lists what the servers say, --all what the catalogue knows.",
    });
  const { liveList } = await import("../../live-list.ts");
  const facts = statusFacts(broker, 0);
  const examined = examine(facts);
  const only = given.provider === undefined ? undefined : knownProvider(given.provider, broker);
  const answers = providerRows(examined);
  const configured = configuredModels(examined);
  const { servers, models } = await liveList(broker, talk, { examined, configured, answers, only, asked: given.refresh ? "new" : "if stale" });
  const shown = sortRows(filterRows(models, { ...given, provider: undefined }), given.sort) as LiveModelRow[];
  const problems = [...facts.config.problems, ...facts.registry.problems, ...facts.otherProblems, ...facts.credentials.problems];
  return {
    schemaVersion: 1,
    count: shown.length,
    models: shown,
    view: "live",
    providers: providersOf(shown, broker, answers),
    problems: problemRows(problems),
    servers,
  };
}

function providersOf(models: readonly ModelRow[], { registry }: Broker, answers: (provider: ProviderId) => ProviderRow): ProviderRow[] {
  return [...new Set(models.map(({ provider }) => provider))].sort().map((provider) => answers(registry().idOf(provider)));
}

function wantsCatalogue({ all, search, free, tools, vision, reasoning, minContext, maxPrice, ids }: Flags): boolean {
  return all || free || tools || vision || reasoning || ids || search !== undefined || minContext !== undefined || maxPrice !== undefined;
}

/** By provider, then id. One shard after the other; providers of which nothing but ids is known are not opened for facts. */
function catalogueRows(
  { catalog, registry }: Broker,
  { models: tagged }: ConfiguredModels,
  answers: (provider: ProviderId) => ProviderRow,
  reach: Reach,
  only: ProviderId | undefined,
): ModelRow[] {
  const known = catalog().providers();
  const asked = known.filter(({ id, models, idsOnly }) => (only === undefined || id === only) && (reach === "everything" || models > idsOnly));
  return asked.flatMap(({ id }) => modelRows(catalog().glances(id, reach), answers(registry().idOf(id)), tagged));
}

/** A provider of the registry or of the catalogue. Throws PROVIDER_UNKNOWN. */
function knownProvider(text: string, { registry, catalog }: Broker): ProviderId {
  const id = registry().idOf(text);
  if (
    registry().get(id) !== undefined ||
    catalog()
      .providers()
      .some((provider) => provider.id === id)
  )
    return id;
  throw unknownProvider(text, registry());
}

function human(report: ModelsListReport, style: Style, given: Flags): string {
  const { view } = report;
  return view === "live" ? liveLines(report, style) : knownLines({ ...report, view }, style, given);
}

type KnownReport = ModelsListReport & { readonly view: "configured" | "catalogue" };

function knownLines(report: KnownReport, style: Style, given: Flags): string {
  const worth = report.problems.filter(({ severity }) => severity !== "note");
  const isShown = worth.length > 0 && report.view === "configured";
  const head = isShown ? [style.bold("Problems"), ...problemLines(worth, style), ""] : [];
  const tail = worth.length > 0 && !isShown ? [`${style.warn("!")} ${problemCounts(worth)}: ${style.accent(`${style.cli} doctor`)}`] : [];
  if (report.count === 0) return [...head, wrap(nothingFound(report, given, style), style.width), ...tail].join("\n");
  return [...head, modelTable(report, style), "", ...footer(report, given, style), ...tail].join("\n");
}

function nothingFound({ view }: KnownReport, given: Flags, style: Style): string {
  const all = style.accent(`${style.cli} models list --all${given.provider === undefined ? "" : ` --provider ${given.provider}`}`);
  if (view === "configured")
    return given.provider === undefined && !given.local
      ? `No model is configured. ${all} shows the catalogue.`
      : `No configured model is of that kind. ${all} looks through the whole catalogue.`;
  return `No model of the catalogue matches.${given.ids ? "" : ` With --ids it also looks through models of which only the id is known.`} ${style.accent(`${style.cli} models refresh`)} brings the newest.`;
}

function footer({ count, providers, view }: KnownReport, given: Flags, style: Style): string[] {
  const many = `${counted(count, "model")} of ${counted(providers.length, "provider")}`;
  const more =
    view === "configured" ? `${style.cli} models list --all shows the catalogue` : given.ids ? "" : "--ids adds models of which only the id is known";
  const hasLegend = view === "catalogue" || style.width >= 100;
  return [style.dim(wrap(`${many}${more === "" ? "" : `; ${more}`}.`, style.width)), ...(hasLegend ? [style.dim(ABILITY_LEGEND)] : [])];
}
