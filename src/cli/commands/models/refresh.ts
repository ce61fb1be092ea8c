import { LIVE_URLS, type RefreshContext, type Refreshed, refreshFromFile, refreshFromUrl } from "../../../catalog/refresh.ts";
import type { LiveCatalogue } from "../../../catalog/refreshed.ts";
import { AppError, asAppError } from "../../../kernel/errors.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import { counted } from "../../counted.ts";
import { hang, hintLine } from "../../hanging-text.ts";
import { type Given, text } from "../../option.ts";
import type { Style } from "../../style.ts";
import { table } from "../../table.ts";
import { wrap } from "../../text-width.ts";

export interface ModelsRefreshReport {
  schemaVersion: 1;
  catalogues: RefreshRow[];
}

/** What happened to one catalogue. */
export interface RefreshRow {
  catalogue: LiveCatalogue;
  /** `failed`: the old one stays. */
  outcome: "updated" | "not modified" | "failed";
  /** The address or file that was asked. */
  source: string;
  /** ISO day of its facts; null when it failed. */
  checkedOn: string | null;
  /** The folder that holds it; null when it failed. */
  path: string | null;
  providers: number;
  models: number;
  /** Entries of the source that could not be used. */
  skipped: number;
  added: number;
  removed: number;
  /** Models of which another fact is stated than before. */
  changed: number;
  /** Where something changed, most first. */
  changedProviders: { provider: string; added: number; removed: number; changed: number }[];
  error: { code: string; message: string; hint: string } | null;
}

const options = {
  url: text("<address>", "fetch from here instead of models.dev: a mirror that gives the same answer"),
  file: text("<path>", "take in this file, which holds such an answer, instead of fetching", { names: "file" }),
};

export const modelsRefresh = defineCommand({
  summary: "Update the catalogue from its live source",
  about: [
    "Fetches models.dev/api.json, then OpenRouter's own list. Nothing of yours is sent. What was fetched before is not fetched again unless it changed.",
    "The old catalogue stays when anything goes wrong. What is kept is facts: a live catalogue can never say where requests go.",
    "Mirrors: signalbox.catalogue.url and signalbox.catalogue.openrouterUrl in the config. With a mirror of the first alone, OpenRouter is not asked.",
  ].join("\n\n"),
  options,
  examples: [
    { run: "models refresh", does: "fetch what is new" },
    { run: "models refresh --file api.json", does: "without a network: take in a file that was fetched elsewhere" },
  ],
  run,
  human,
});

async function run(broker: Broker, given: Given<typeof options>): Promise<ModelsRefreshReport> {
  const { url, file } = given;
  if (url !== undefined && file !== undefined) throw new AppError("USAGE", "--url and --file exclude each other", { hint: "Give one of the two." });
  const context: RefreshContext = { host: broker.host, registry: broker.registry(), stateDir: broker.config().stateDir };
  if (file !== undefined) return { schemaVersion: 1, catalogues: [rowOf(refreshFromFile(context, file))] };
  const mirror = url ?? broker.config().value.signalbox?.catalogue?.url;
  const first = await refreshFromUrl(context, "models-dev", mirror ?? LIVE_URLS["models-dev"]);
  const second =
    url === undefined ? (broker.config().value.signalbox?.catalogue?.openrouterUrl ?? (mirror === undefined ? LIVE_URLS.openrouter : undefined)) : undefined;
  return { schemaVersion: 1, catalogues: [rowOf(first), ...(second === undefined ? [] : [await secondRow(context, second)])] };
}

/** The second source adds to the first: its failure is told, and is no failure of the command. */
async function secondRow(context: RefreshContext, url: string): Promise<RefreshRow> {
  try {
    return rowOf(await refreshFromUrl(context, "openrouter", url));
  } catch (thrown) {
    const { code, message, hint } = asAppError(thrown);
    if (code !== "CATALOG_FETCH_FAILED" && code !== "CATALOG_REJECTED") throw thrown;
    const nothing = { checkedOn: null, path: null, providers: 0, models: 0, skipped: 0, added: 0, removed: 0, changed: 0, changedProviders: [] };
    return { catalogue: "openrouter", outcome: "failed", source: url.split("?")[0] ?? url, ...nothing, error: { code, message, hint } };
  }
}

function rowOf({ catalogue, outcome, source, path, providers, models, skipped, changes }: Refreshed): RefreshRow {
  const { added, removed, changed } = changes;
  const changedProviders = changes.providers.map((one) => ({ ...one }));
  return {
    catalogue,
    outcome,
    source: source.url,
    checkedOn: source.checkedOn,
    path,
    providers,
    models,
    skipped,
    added,
    removed,
    changed,
    changedProviders,
    error: null,
  };
}

function human({ catalogues }: ModelsRefreshReport, style: Style): string {
  return catalogues.map((row) => rowLines(row, style).join("\n")).join("\n\n");
}

const MOST_SHOWN = 10;

function rowLines(row: RefreshRow, style: Style): string[] {
  const { outcome, source, checkedOn, path, providers, models, skipped, changedProviders, error } = row;
  if (error !== null) return [hang(`${style.warn("!")} `, error.message, style.width), hintLine("  ", error.hint, style)];
  const held = `${models.toLocaleString("en-US")} models of ${counted(providers, "provider")}, as of ${checkedOn}`;
  const news = outcome === "not modified" ? `unchanged since the last time: ${held}` : `${held}: ${changesText(row)}`;
  const shown = changedProviders.slice(0, MOST_SHOWN).map((one) => [one.provider, `+${one.added}`, `-${one.removed}`, `~${one.changed}`]);
  const rest = changedProviders.length - shown.length;
  return [
    `${style.good("✓")} ${style.bold(source)}`,
    `  ${wrap(news, style.width - 2, "  ")}`,
    ...(skipped === 0 ? [] : [`  ${style.warn("!")} ${skipped} ${skipped === 1 ? "entry" : "entries"} of it could not be used`]),
    ...(shown.length === 0 ? [] : [table(shown, { style, indent: "    ", align: ["left", "right", "right", "right"] })]),
    ...(rest <= 0 ? [] : [style.dim(`    and ${rest} more providers`)]),
    style.dim(`  kept in ${path === null ? "" : style.path(path)}`),
  ];
}

function changesText({ added, removed, changed }: RefreshRow): string {
  return added + removed + changed === 0 ? "nothing new" : `${added} new, ${removed} gone, ${changed} changed`;
}
