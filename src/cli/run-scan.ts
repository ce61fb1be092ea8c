import type { Broker } from "../broker.ts";
import { accountParts } from "../probe/account-parts.ts";
import { type PlannedModel, planModel } from "../probe/plan-scan.ts";
import { runScan } from "../probe/scan.ts";
import type { Candidate } from "../probe/scan-candidate.ts";
import type { SourceListing } from "../probe/scan-listing.ts";
import { type Preference, ranked } from "../probe/scan-ranking.ts";
import { listedRow, type ScanRow } from "../probe/scan-row.ts";
import { type ChosenModels, planChosenModels } from "../routing/chosen-fallbacks.ts";
import { onlyForAll } from "../routing/model-choice.ts";
import { counted } from "./counted.ts";
import { harmless } from "./harmless.ts";
import { dollars } from "./model-words.ts";
import { editFacts, plannedEdit } from "./planned-edit.ts";
import { progressText } from "./scan-cells.ts";
import { askedChoice, type ScanWish, usualChoice } from "./scan-choice.ts";
import type { ListedReport, ScanReport, ScanSource } from "./scan-report.ts";
import { findCandidates, type Found, scanTargets } from "./scan-sources.ts";
import type { Talk } from "./talk.ts";

/** The flags, read. */
export interface ScanOrder {
  readonly source: readonly string[];
  readonly provider: string | undefined;
  readonly minParams: number | undefined;
  readonly maxAgeDays: number | undefined;
  readonly paid: boolean;
  readonly limit: number | undefined;
  readonly noProbe: boolean;
  readonly repeat: number;
  readonly prefer: Preference | undefined;
  readonly maxCandidates: number;
  readonly timeout: number | undefined;
  readonly concurrency: number | undefined;
  readonly yes: boolean;
  readonly keepExisting: boolean;
  readonly setDefault: boolean;
  readonly setImage: boolean;
  readonly dryRun: boolean;
  readonly asks: "person" | "nobody";
}

/** One's own servers hold one model in memory at a time, and take long to load one. */
const OWN = { concurrency: 1, timeoutMs: 60_000 } as const;
const VENDORS = { concurrency: 3, timeoutMs: 12_000 } as const;

/** Lists, tests, lets somebody choose, writes. */
export async function scanModels(broker: Broker, talk: Talk, order: ScanOrder): Promise<ScanReport | ListedReport> {
  const isForAgent = broker.agents().chosenBy === "flag";
  if (order.setImage && isForAgent) throw onlyForAll("agents have no image model of their own");
  const targets = scanTargets(broker, order.source.length === 0 ? ["openrouter"] : order.source, order.noProbe ? "listed" : "tested");
  const usual = targets.length > 0 && targets.every(({ isLocal }) => isLocal) ? OWN : VENDORS;
  const timeoutMs = order.timeout ?? usual.timeoutMs;
  const filter = {
    ...(order.provider !== undefined && { vendor: order.provider }),
    ...(order.minParams !== undefined && { minParams: order.minParams }),
    ...(order.maxAgeDays !== undefined && { maxAgeDays: order.maxAgeDays }),
    paid: order.paid ? ("wanted" as const) : ("left out" as const),
  };
  const found = await findCandidates(broker, talk, { targets, filter, limit: order.limit, timeoutMs: Math.min(timeoutMs, VENDORS.timeoutMs) });
  const { prefer = "images" } = order;
  if (order.noProbe) return ranked(found.candidates.map(listedRow), prefer);
  const tested = await test(broker, talk, found, { timeoutMs, concurrency: order.concurrency ?? usual.concurrency, repeat: order.repeat });
  const wish: ScanWish = { ...order, prefer, isForAgent };
  return concluded(broker, talk, { ...order, prefer, wish, found, ...tested, rows: ranked(tested.rows, prefer) });
}

interface Tested {
  readonly rows: readonly ScanRow[];
  readonly requests: number;
  readonly mostUsd: number | null;
  readonly durationMs: number;
}

async function test(
  broker: Broker,
  talk: Talk,
  { candidates }: Found,
  options: { readonly timeoutMs: number; readonly concurrency: number; readonly repeat: number },
): Promise<Tested> {
  const { host } = broker;
  const plans = candidates.map((candidate) => planned(broker, candidate));
  const asked = plans.flatMap(({ tests }) => tests.flatMap((one) => (one.kind === "asked" ? [one] : [])));
  const most = asked.some(({ mostUsd }) => mostUsd === undefined) ? null : asked.reduce((sum, { mostUsd = 0 }) => sum + mostUsd, 0) * options.repeat;
  const total = plans.length;
  if (total > 0) talk.note(`Testing ${counted(total, "model")}: at most ${asked.length * options.repeat} requests, ${costText(most)}.`);
  const underWay = new Set<string>();
  const draw = (): void => talk.live((style) => [...underWay].map((modelRef) => style.dim(harmless(`… ${modelRef}`))));
  const startedMs = host.monotonicMs();
  const rows = await runScan(plans, options, {
    host,
    homeDir: broker.config().homeDir,
    isInteractive: talk.isInteractive,
    withheld: broker.registry().variables,
    onStart: (modelRef) => {
      underWay.add(modelRef);
      draw();
    },
    onRow: (row, done) => {
      underWay.delete(row.modelRef);
      draw();
      talk.note(`${String(done).padStart(String(total).length)}/${total}  ${row.modelRef}  ${progressText(row)}`);
    },
  });
  talk.live(() => []);
  const requests = rows.reduce((sum, { tool, image, json, stream }) => sum + tool.trials + image.trials + json.trials + stream.trials, 0);
  return { rows, requests, mostUsd: most, durationMs: Math.round(host.monotonicMs() - startedMs) };
}

function planned(broker: Broker, candidate: Candidate): PlannedModel {
  return planModel(candidate, { entry: broker.catalog().find(candidate.ref), account: accountParts(broker.config().environment) });
}

function costText(most: number | null): string {
  if (most === 0) return "which cost nothing";
  return most === null ? "at a price that is not known for all of them" : `at most $${dollars(most)}`;
}

interface Conclusion extends Tested, Pick<ScanOrder, "yes" | "dryRun" | "asks" | "repeat" | "setDefault" | "setImage"> {
  readonly prefer: Preference;
  readonly wish: ScanWish;
  readonly found: Found;
}

async function concluded(broker: Broker, talk: Talk, all: Conclusion): Promise<ScanReport> {
  const { rows, wish, found, asks, yes, dryRun } = all;
  const isAble = rows.some(({ tool }) => tool.ok);
  const consent = !isAble ? "none" : asks === "person" ? "person" : yes ? "flag" : "none";
  const choices = !isAble ? [] : asks === "person" ? await askedChoice(broker, talk, rows, wish) : usualChoice(rows, wish);
  const warnings = [...found.warnings];
  if (isAble && all.setImage && !choices.some(({ kind }) => kind === "imageModel")) {
    warnings.push("No model was found to see images: the image model stays as it is.");
    talk.warn(warnings.at(-1) ?? "");
  }
  const isPlanned = choices.length > 0 && (consent !== "none" || dryRun);
  const edit = isPlanned
    ? await plannedEdit({ broker, talk, command: "models scan", dryRun }, (view) => planChosenModels(choices, editFacts(view)))
    : undefined;
  const wordsOf = (kind: ChosenModels["kind"]): string[] => choices.flatMap((one) => (one.kind === kind ? one.words : []));
  return {
    selected: wordsOf("model"),
    selectedImages: wordsOf("imageModel"),
    setDefault: all.setDefault,
    setImage: all.setImage,
    results: [...rows],
    warnings,
    schemaVersion: 1,
    outcome: edit?.report.outcome ?? "not written",
    consent,
    configPath: broker.config().path,
    files: edit?.report.files ?? [],
    lists: (edit?.facts ?? []).map(({ kind, fallbacks, removed, primary, previous, agentId, startedOwn }) => ({
      role: kind === "model" ? "fallback" : "image-fallback",
      fallbacks: [...fallbacks],
      removed: [...removed],
      primary: primary ?? null,
      previous: previous ?? null,
      agentId: agentId ?? null,
      startedOwn,
    })),
    prefer: all.prefer,
    repeat: all.repeat,
    requests: all.requests,
    mostUsd: all.mostUsd,
    durationMs: all.durationMs,
    sources: found.sources.map(sourceOf),
  };
}

function sourceOf(source: SourceListing): ScanSource {
  const { label, outcome } = source;
  return outcome === "failed" ? { label, outcome, detail: source.why, models: 0 } : { label, outcome, detail: null, models: source.offers.length };
}
