import { entriesOf, type ModelList, readModelList } from "../catalog/live-list.ts";
import { readLiteLlmInfo, readOllamaTags } from "../catalog/live-native.ts";
import type { FailureReason } from "../chat/failure.ts";
import type { Host } from "../kernel/host.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { isObject } from "../kernel/json-value.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import { type Ask, askJson, type JsonAnswer, reasonOf, refusalText, valueOf } from "./ask-json.ts";
import { enriched } from "./native-facts.ts";
import type { ServerKind } from "./server-kind.ts";

/** What asking a server has shown. `baseUrl` is as requests of its protocol use it. */
export type Survey =
  | { readonly outcome: "listed"; readonly server: ServerKind; readonly protocol: ProtocolId; readonly baseUrl: string; readonly list: ModelList }
  /** `server` undefined where nothing but the refusal is known. */
  | {
      readonly outcome: "asks for a key";
      readonly server: ServerKind | undefined;
      readonly protocol: ProtocolId;
      readonly baseUrl: string;
      readonly status: number;
    }
  | { readonly outcome: "failed"; readonly why: string; readonly reason: FailureReason; readonly status?: number };

/**
 * What an answer must bear to count as a list of models. `any`: the config says that it is one. `some`: a person named the address. `strict`: nobody
 * said that there is a server of models.
 */
export type Evidence = "any" | "some" | "strict";

export interface SurveyInput {
  readonly host: Host;
  readonly baseUrl: string;
  /** Puts a credential in, where there is one. */
  readonly authorized: (request: HttpRequest) => HttpRequest;
  /** Until the first answer, and for all of them. */
  readonly evidence: Evidence;
  readonly patience: { readonly firstMs: number; readonly allMs: number };
}

/**
 * Asks for the list of models; what owns its entries tells which program answers, and that program's own API is asked for the rest. One request
 * to whoever is no model server. Never throws for what the other side does.
 */
export async function surveyServer(input: SurveyInput): Promise<Survey> {
  const { host, patience, authorized } = input;
  const deadline = AbortSignal.timeout(patience.allMs);
  const ask =
    (signal: AbortSignal): Ask =>
    (url, body) =>
      askJson(host, authorized(requestOf(url, body)), signal);
  const baseUrl = input.baseUrl.replace(/\/+$/, "");
  const first = await ask(AbortSignal.any([deadline, AbortSignal.timeout(patience.firstMs)]))(`${baseUrl}/models`);
  const list = readModelList(valueOf(first));
  if (list !== undefined && isEnough(input.evidence, valueOf(first), list) && first.kind === "json")
    return recognised(ask(deadline), baseUrl, first.value, list);
  return refused(ask(deadline), baseUrl, first, patience.firstMs);
}

function requestOf(url: string, body: string | undefined): HttpRequest {
  const headers = { accept: "application/json", "accept-encoding": "identity", "user-agent": "signalbox" };
  return body === undefined ? { method: "GET", url, headers } : { method: "POST", url, headers: { ...headers, "content-type": "application/json" }, body };
}

/** The address without the version that requests of OpenAI's protocol have in theirs. */
export function rootOf(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "").replace(/\/v\d+(beta)?$/, "");
}

async function recognised(ask: Ask, baseUrl: string, answer: unknown, list: ModelList): Promise<Survey> {
  if (isGoogles(answer)) return { outcome: "listed", server: "google-compatible", protocol: "google-generate", baseUrl, list };
  if (isAnthropics(answer)) return { outcome: "listed", server: "anthropic-compatible", protocol: "anthropic-messages", baseUrl: rootOf(baseUrl), list };
  const server = ownerOf(answer) ?? (await byOwnApi(ask, rootOf(baseUrl)));
  return { outcome: "listed", server, protocol: "openai-chat", baseUrl, list: await enriched(ask, rootOf(baseUrl), server, list) };
}

function isEnough(evidence: Evidence, value: unknown, list: ModelList): boolean {
  if (evidence === "any" || isMarked(value)) return true;
  if (evidence === "strict") return false;
  const speaksOfModels = (entry: unknown): boolean =>
    isObject(entry) && (typeof entry["owned_by"] === "string" || /^(model|chat)$/.test(String(entry["type"] ?? entry["object"])));
  return (entriesOf(value) ?? []).some(speaksOfModels) || list.models.some(({ facts }) => facts.contextTokens !== undefined);
}

/** As every server does that follows OpenAI; other programs have lists of other things there. */
function isMarked(value: unknown): boolean {
  return isObject(value) && value["object"] === "list" && (entriesOf(value) ?? []).every((entry) => isObject(entry) && entry["object"] === "model");
}

const OWNERS: ReadonlyMap<unknown, ServerKind> = new Map<unknown, ServerKind>([
  ["vllm", "vllm"],
  ["sglang", "sglang"],
  ["llamacpp", "llama-cpp"],
]);

/** `owned_by` of every entry. */
function ownerOf(answer: unknown): ServerKind | undefined {
  const owners = new Set((entriesOf(answer) ?? []).map((entry) => (isObject(entry) ? entry["owned_by"] : undefined)));
  return owners.size === 1 ? OWNERS.get([...owners][0]) : undefined;
}

/** Those that leave it to the models who owns them are known by an address that only they have. */
async function byOwnApi(ask: Ask, root: string): Promise<ServerKind> {
  const [lmstudio, ollama, litellm] = await Promise.all([ask(`${root}/api/v0/models`), ask(`${root}/api/tags`), ask(`${root}/model/info`)]);
  if (isLmStudios(valueOf(lmstudio))) return "lmstudio";
  if (readOllamaTags(valueOf(ollama)) !== undefined) return "ollama";
  return readLiteLlmInfo(valueOf(litellm)) === undefined ? "openai-compatible" : "litellm";
}

function isLmStudios(value: unknown): boolean {
  if (!isObject(value) || value["object"] !== "list" || !Array.isArray(value["data"])) return false;
  return value["data"].every((entry: unknown) => isObject(entry) && typeof entry["type"] === "string" && typeof entry["state"] === "string");
}

function isGoogles(value: unknown): boolean {
  const entries = isObject(value) && !("data" in value) ? (entriesOf(value) ?? []) : [];
  return (
    entries.length > 0 && entries.every((entry) => isObject(entry) && typeof entry["name"] === "string" && Array.isArray(entry["supportedGenerationMethods"]))
  );
}

function isAnthropics(value: unknown): boolean {
  const entries = entriesOf(value) ?? [];
  return isObject(value) && typeof value["has_more"] === "boolean" && entries.every((entry) => isObject(entry) && entry["type"] === "model");
}

const GOOGLES_REFUSALS: readonly unknown[] = ["PERMISSION_DENIED", "UNAUTHENTICATED"];

/** A refusal says something only when it comes as JSON with an error: any other server behind a login answers 401 too, with a page or a text. */
async function refused(ask: Ask, baseUrl: string, answer: JsonAnswer, patienceMs: number): Promise<Survey> {
  const status = answer.kind === "none" ? undefined : answer.status;
  const document = answer.kind === "json" && isObject(answer.value) ? answer.value : {};
  if ((status !== 401 && status !== 403) || document["error"] === undefined)
    return { outcome: "failed", why: refusalText(answer, patienceMs), reason: reasonOf(answer), ...(status !== undefined && { status }) };
  if (document["type"] === "error" && isObject(document["error"]))
    return { outcome: "asks for a key", server: "anthropic-compatible", protocol: "anthropic-messages", baseUrl: rootOf(baseUrl), status };
  if (isObject(document["error"]) && GOOGLES_REFUSALS.includes(document["error"]["status"]))
    return { outcome: "asks for a key", server: "google-compatible", protocol: "google-generate", baseUrl: `${rootOf(baseUrl)}/v1beta`, status };
  const isLiteLlm = valueOf(await ask(`${rootOf(baseUrl)}/health/liveliness`)) === "I'm alive!";
  return { outcome: "asks for a key", server: isLiteLlm ? "litellm" : undefined, protocol: "openai-chat", baseUrl, status };
}
