import type { AuthMethod } from "../provider/provider.ts";
import type { PlaceRow } from "../status/place-row.ts";
import type { ProblemRow } from "../status/problem-row.ts";
import { type FactRow, factText, type PriceStepRow, priceSentence, type ReadingRow } from "./fact-rows.ts";
import { type Availability, availabilityText } from "./model-words.ts";
import { problemLines } from "./problem-lines.ts";
import type { Style } from "./style.ts";
import { padEnd, textWidth, wrap } from "./text-width.ts";

export interface ModelsShowReport {
  schemaVersion: 1;
  /** provider/model. */
  key: string;
  provider: string;
  model: string;
  name: string;
  /** How the words on the command line led here. */
  via: "reference" | "alias" | "default-provider";
  alias: string | null;
  /** From `ref@profile`. */
  pinnedProfile: string | null;
  /** `facts`: as listed. `ids`: only that it exists. `nothing`: its provider has no list that we know. */
  knows: "facts" | "ids" | "nothing";
  origin: "config" | "models.json" | "plugin" | "refreshed" | "embedded" | null;
  /** Where the person defined it. */
  place: PlaceRow | null;
  facts: FactRow[];
  /** Names of the facts about which sources disagree. */
  conflicts: string[];
  /** Prices for longer prompts. */
  priceSteps: PriceStepRow[];
  endpoint: EndpointRow;
  availability: Availability;
  /** The profile that would be asked, who answers instead, or what is missing. */
  availabilityDetail: string;
  aliases: string[];
  /** "default", "fallback#1", "configured", … */
  tags: string[];
  /** Errors first. */
  problems: ProblemRow[];
}

/** Whom a request would go to. */
export interface EndpointRow {
  /** The provider's name in prose; null for one that nobody defined. */
  label: string | null;
  protocol: string | null;
  /** null where it depends on the account. */
  baseUrl: string | null;
  local: boolean | null;
  docs: string | null;
  auth: { kind: AuthMethod["kind"]; label: string; env: string[] }[];
}

/** What the facts are called in prose. The name and the address stand elsewhere on the page. */
const LABELS: Readonly<Record<string, string>> = {
  contextTokens: "context",
  outputTokens: "longest answer",
  input: "takes",
  output: "gives",
  tools: "calls tools",
  reasoning: "reasons",
  usdPerMTok: "$ per million",
  releasedOn: "released",
  openWeights: "open weights",
  deprecated: "deprecated",
};
const LABEL_WIDTH = 14;

/** All that is known of one model: what it can do and cost, whom a request goes to, and where each fact was read. */
export function modelPage(report: ModelsShowReport, style: Style): string {
  const sources = sourceNumbers(report);
  const shown = report.facts.filter(({ fact }) => LABELS[fact] !== undefined);
  return [
    ...headLines(report, style),
    "",
    ...(shown.length === 0 ? [nothingKnown(report, style)] : shown.flatMap((fact) => factLines(fact, report, sources, style))),
    "",
    style.bold("Asked at"),
    ...endpointLines(report, style),
    ...(report.problems.length === 0 ? [] : ["", style.bold("Problems"), ...problemLines(report.problems, style)]),
    ...(sources.size === 0 ? [] : ["", style.bold("Sources"), ...sourceLines(sources, style)]),
  ].join("\n");
}

function headLines({ key, name, model, aliases, tags, pinnedProfile }: ModelsShowReport, style: Style): string[] {
  const words = [
    ...tags.map((tag) => tag.replace("#", " ")),
    ...aliases.map((alias) => `alias ${alias}`),
    ...(pinnedProfile === null ? [] : [`pinned to ${pinnedProfile}`]),
  ];
  return [`${style.bold(key)}${name === model ? "" : `  ${name}`}`, ...(words.length === 0 ? [] : [style.dim(wrap(words.join(", "), style.width))])];
}

function nothingKnown({ knows, provider, place, problems }: ModelsShowReport, style: Style): string {
  if (knows !== "nothing") return wrap(`${place === null ? "A source" : style.path(place.file)} lists this model, and states nothing else of it.`, style.width);
  const isUnlisted = problems.some(({ code }) => code === "MODEL_UNKNOWN");
  const why = isUnlisted
    ? `The list of the models of ${provider} does not have this one.`
    : `No list of the models of ${provider} is known; nothing speaks against this one.`;
  return wrap(why, style.width);
}

/** The value that counts, then a line for each source that says otherwise. */
function factLines(row: FactRow, { priceSteps }: ModelsShowReport, sources: ReadonlyMap<string, number>, style: Style): string[] {
  const steps =
    row.fact === "usdPerMTok" ? priceSteps.map(({ aboveTokens, usdPerMTok }) => `above ${factText(aboveTokens)} tokens: ${priceSentence(usdPerMTok)}`) : [];
  const mark = row.others.length > 0 ? style.warn("≠") : " ";
  return [
    line(`${mark} ${LABELS[row.fact] ?? row.fact}`, factText(row.value), sourceMark(row, sources), style),
    ...steps.map((step) => line("", step, "", style)),
    ...row.others.map((other) => line("", `${style.warn("but")} ${factText(other.value)}`, sourceMark(other, sources), style)),
  ];
}

function line(label: string, value: string, mark: string, style: Style): string {
  const start = `${padEnd(label, LABEL_WIDTH + 2)}  `;
  const room = style.width - textWidth(start) - 5;
  return `${start}${mark === "" ? value : `${padEnd(value, Math.min(room, 48))} ${style.dim(mark)}`}`.trimEnd();
}

function endpointLines({ endpoint, availability, availabilityDetail, provider }: ModelsShowReport, style: Style): string[] {
  const facts: [string, string][] = [
    [
      "provider",
      endpoint.label === null ? `${provider} (nobody defined it)` : `${endpoint.label}${endpoint.local === true ? ", on this machine or its network" : ""}`,
    ],
    ["speaks", endpoint.protocol ?? "unknown"],
    ["address", endpoint.baseUrl ?? (endpoint.label === null ? "unknown" : "depends on the account")],
    ["access", `${availabilityText(availability, style)} ${style.dim(`(${availabilityDetail})`)}`],
    ...loginLines(endpoint),
    ...(endpoint.docs === null ? [] : [["docs", endpoint.docs] as [string, string]]),
  ];
  return facts.map(([name, value]) => `  ${padEnd(name, LABEL_WIDTH)}  ${wrap(value, style.width - LABEL_WIDTH - 4, " ".repeat(LABEL_WIDTH + 4))}`);
}

function loginLines({ auth }: EndpointRow): [string, string][] {
  return auth.map(({ label, env }, i) => [i === 0 ? "accepts" : "", env.length === 0 ? label : `${label} (${env.join(", ")})`]);
}

/** Sources in the order in which they first count, numbered from 1. */
function sourceNumbers({ facts }: ModelsShowReport): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const row of facts) for (const reading of [row, ...row.others]) if (!numbers.has(sourceKey(reading))) numbers.set(sourceKey(reading), numbers.size + 1);
  return numbers;
}

function sourceKey({ source, checkedOn }: ReadingRow): string {
  return `${checkedOn}  ${source}`;
}

function sourceMark(reading: ReadingRow, sources: ReadonlyMap<string, number>): string {
  return `[${sources.get(sourceKey(reading)) ?? "?"}]`;
}

function sourceLines(sources: ReadonlyMap<string, number>, style: Style): string[] {
  return [...sources].map(([key, number]) => style.dim(`  [${number}]  ${key}`));
}
