import { type ModelList, readModelList } from "../catalog/live-list.ts";
import { nextPage } from "../catalog/openrouter-list.ts";
import type { FailureReason } from "../chat/failure.ts";
import { isObject } from "../kernel/json-value.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import { type Ask, reasonOf, refusalText, valueOf } from "./ask-json.ts";

export type Listing =
  | { readonly outcome: "listed"; readonly list: ModelList }
  | { readonly outcome: "failed"; readonly why: string; readonly reason: FailureReason; readonly status?: number };

/** A list that claims to have more pages than this is not believed. */
const MAX_PAGES = 20;

/** The most entries that a page may have, where a protocol lets one ask for them. */
const FIRST_PAGE: Readonly<Record<ProtocolId, string>> = {
  "openai-chat": "",
  "openai-responses": "",
  "anthropic-messages": "limit=1000",
  "google-generate": "pageSize=1000",
  "bedrock-converse": "",
};

/** All pages of a vendor's list. When a later one fails, all fail: half a list would say of the rest that it cannot be used. */
export async function listModels(ask: Ask, url: string, protocol: ProtocolId, patienceMs: number): Promise<Listing> {
  const pages: ModelList[] = [];
  for (let next: string | undefined = withQuery(url, FIRST_PAGE[protocol]); next !== undefined && pages.length < MAX_PAGES; ) {
    const answer = await ask(next);
    const page = readModelList(valueOf(answer));
    if (page === undefined) {
      const status = answer.kind === "none" ? {} : { status: answer.status };
      return { outcome: "failed", why: refusalText(answer, patienceMs), reason: reasonOf(answer), ...status };
    }
    pages.push(page);
    next = followingPage(valueOf(answer), next);
  }
  const models = [...new Map(pages.flatMap((page) => page.models.map((model) => [model.id, model] as const))).values()];
  return { outcome: "listed", list: { models, skipped: pages.reduce((sum, { skipped }) => sum + skipped, 0) } };
}

/** Anthropic names the last id, Google a token, OpenRouter the whole address; nobody leads to another server. */
function followingPage(answer: unknown, url: string): string | undefined {
  if (!isObject(answer)) return undefined;
  const { has_more: hasMore, last_id: lastId, nextPageToken } = answer;
  if (hasMore === true && typeof lastId === "string") return withQuery(url, `after_id=${encodeURIComponent(lastId)}`);
  if (typeof nextPageToken === "string" && nextPageToken !== "") return withQuery(url, `pageToken=${encodeURIComponent(nextPageToken)}`);
  return nextPage(answer, url);
}

function withQuery(url: string, query: string): string {
  if (query === "") return url;
  const extended = new URL(url);
  for (const [name, value] of new URLSearchParams(query)) extended.searchParams.set(name, value);
  return extended.href;
}
