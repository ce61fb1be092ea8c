import { AppError, asAppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { Source } from "../provider/provider.ts";
import { type Changes, changesBetween } from "./changes.ts";
import { type Fetched, fetchJson, parseAnswer, rejected, shownUrl, type Validators } from "./fetch-json.ts";
import { isoDay } from "./iso-day.ts";
import type { LiveList } from "./live-model.ts";
import { shardsOf } from "./live-shards.ts";
import { readModelsDev } from "./models-dev.ts";
import { joinPages, nextPage, readOpenRouterList } from "./openrouter-list.ts";
import { type LiveCatalogue, readRefreshedIndex, readRefreshedShard, type RefreshedIndex, refreshedDir, writeRefreshed } from "./refreshed.ts";
import type { Shard } from "./shard-format.ts";

export const LIVE_URLS: Readonly<Record<LiveCatalogue, string>> = {
  openrouter: "https://openrouter.ai/api/v1/models",
  "models-dev": "https://models.dev/api.json",
};

/** A list that claims to have more pages than this is not believed. */
const MAX_PAGES = 20;

export interface RefreshContext {
  readonly host: Host;
  readonly registry: ProviderRegistry;
  readonly stateDir: string;
}

/** What one refresh did. */
export interface Refreshed {
  readonly catalogue: LiveCatalogue;
  readonly outcome: "updated" | "not modified";
  readonly source: Source;
  /** The folder that now holds it. */
  readonly path: string;
  readonly providers: number;
  readonly models: number;
  /** Entries of the source that could not be used. */
  readonly skipped: number;
  readonly changes: Changes;
}

/** Fetches one live catalogue and puts it in place of the old one, which stays on any failure. */
export async function refreshFromUrl(context: RefreshContext, catalogue: LiveCatalogue, url: string): Promise<Refreshed> {
  const previous = previousIndex(context, catalogue);
  const shown = shownUrl(url);
  const fetched = await fetchJson(context.host, url, previous?.source.url === shown && isWhole(context, catalogue, previous) ? validatorsOf(previous) : {});
  if (fetched.kind === "unchanged") {
    if (previous === undefined) throw rejected(shown, "the server says that nothing changed, and there is nothing here");
    return { ...outcomeOf(context, catalogue, previous), outcome: "not modified", skipped: 0, changes: { added: 0, removed: 0, changed: 0, providers: [] } };
  }
  const list = await wholeList(context.host, catalogue, url, fetched);
  if (list === undefined) throw rejected(shown, "it does not have the shape of a model catalogue");
  const source = { url: shown, checkedOn: isoDay(context.host.nowMs()) };
  return replace(context, catalogue, list, { source, ...(nextPage(fetched.value, url) === undefined && fetched.validators) }, previous);
}

/**
 * Takes in a file that holds the answer of either live catalogue. Its facts are of the newest day that stands in it, else of the day of
 * the file. Throws FILE_MISSING, CATALOG_REJECTED.
 */
export function refreshFromFile(context: RefreshContext, path: string): Refreshed {
  const { host } = context;
  const file = host.paths.resolve(path);
  const answer = parseAnswer(readWhole(host, file), file);
  const openRouter = readOpenRouterList(answer);
  const list = openRouter ?? readModelsDev(answer);
  if (list === undefined) throw rejected(file, "it does not have the shape of a model catalogue");
  const catalogue = openRouter === undefined ? "models-dev" : "openrouter";
  const today = isoDay(host.nowMs());
  const checkedOn = list.newestDay ?? isoDay(host.inspect(file)?.modifiedMs ?? host.nowMs());
  return replace(context, catalogue, list, { source: { url: file, checkedOn: checkedOn < today ? checkedOn : today } }, previousIndex(context, catalogue));
}

function replace(
  context: RefreshContext,
  catalogue: LiveCatalogue,
  list: LiveList,
  origin: { source: Source } & Validators,
  previous: RefreshedIndex | undefined,
): Refreshed {
  const { host, stateDir } = context;
  const { shards, skipped } = shardsOf(list, origin.source, context.registry);
  if (shards.length === 0) throw rejected(origin.source.url, "none of its providers can be used");
  const changes = changesBetween((provider) => oldShard(context, catalogue, previous, provider), previous?.providers ?? [], shards);
  const index = writeRefreshed(host, stateDir, catalogue, shards, { ...origin, takenOn: isoDay(host.nowMs()) }, previous);
  return { ...outcomeOf(context, catalogue, index), outcome: "updated", skipped: list.skipped + skipped, changes };
}

function outcomeOf({ host, stateDir }: RefreshContext, catalogue: LiveCatalogue, { source, providers }: RefreshedIndex) {
  const models = providers.reduce((sum, [, facts, idsOnly]) => sum + facts + idsOnly, 0);
  return { catalogue, source, path: refreshedDir(host, stateDir, catalogue), providers: providers.length, models };
}

async function wholeList(host: Host, catalogue: LiveCatalogue, url: string, first: Extract<Fetched, { kind: "fresh" }>): Promise<LiveList | undefined> {
  if (catalogue === "models-dev") return readModelsDev(first.value);
  const pages = [first.value];
  for (let next = nextPage(first.value, url); next !== undefined && pages.length < MAX_PAGES; next = nextPage(pages.at(-1), url)) {
    const page = await fetchJson(host, next, {});
    if (page.kind === "unchanged") break;
    pages.push(page.value);
  }
  return joinPages(pages.map(readOpenRouterList));
}

/** A broken index is as good as none: it is about to be replaced. */
function previousIndex({ host, stateDir }: RefreshContext, catalogue: LiveCatalogue): RefreshedIndex | undefined {
  return unlessBroken(() => readRefreshedIndex(host, stateDir, catalogue));
}

function oldShard({ host, stateDir }: RefreshContext, catalogue: LiveCatalogue, previous: RefreshedIndex | undefined, provider: string): Shard | undefined {
  return previous === undefined ? undefined : unlessBroken(() => readRefreshedShard(host, stateDir, catalogue, previous, provider));
}

/** A damaged shard is mended by asking for everything again. */
function isWhole(context: RefreshContext, catalogue: LiveCatalogue, previous: RefreshedIndex): boolean {
  return previous.providers.every(([id]) => oldShard(context, catalogue, previous, id) !== undefined);
}

function unlessBroken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (asAppError(thrown).code === "CATALOG_BROKEN") return undefined;
    throw thrown;
  }
}

function validatorsOf({ etag, lastModified }: RefreshedIndex): Validators {
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
}

function readWhole(host: Host, file: string): string {
  const read = host.readText(file, 16 * 1024 * 1024);
  if (read.kind === "text") return read.text;
  if (read.kind === "too_large") throw rejected(file, "it is larger than 16 MB");
  if (read.kind === "not_text") throw rejected(file, "it is not UTF-8 text");
  const code = read.kind === "absent" ? "ENOENT" : read.reason;
  const [says, hint = "Check the path that follows --file."] = UNREAD[code] ?? [`cannot be read (${code})`];
  throw new AppError("FILE_MISSING", `${file} ${says}`, { hint });
}

/** What it says of a path that it cannot be read, and what to do where the path may well be right. */
const UNREAD: Readonly<Record<string, readonly [says: string, hint?: string]>> = {
  ENOENT: ["does not exist"],
  EISDIR: ["is a folder"],
  ENOTFILE: ["is not a file"],
  EACCES: ["may not be read by your user", "Let your user read it, or give a copy of it with --file."],
};
