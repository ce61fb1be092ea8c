import type { RequestLimits, TokenPricing } from "../catalog/listed-details.ts";
import { refText } from "../catalog/model-ref.ts";
import type { UsdPerMTok } from "../provider/model-spec.ts";
import type { Candidate } from "./scan-candidate.ts";
import type { ServerKind } from "./server-kind.ts";

/** One test of one model. The keys down to `skipped` are old. */
export interface ScanTestRow {
  /** More than half of the trials passed. */
  ok: boolean;
  /** From the first step of the connection to the end of the answer: the median of the trials that passed. */
  latencyMs: number | null;
  /** What went wrong, as the end of a sentence that begins with the model. */
  error?: string;
  /** It was not asked; `error` says why where that is not the scan's own wish. */
  skipped?: boolean;
  /** The class of the failure (`auth`, `rate_limit`, `network`, …); `answer` where the model answered, but not well. */
  reason?: string;
  httpStatus?: number;
  hint?: string;
  /** What it answered, shortened, where that says something. */
  answer?: string;
  note?: string;
  /** Trials that passed, of so many. */
  passed: number;
  trials: number;
}

/** One model. The keys down to `image` are old. */
export interface ScanRow {
  id: string;
  name: string;
  provider: string;
  modelRef: string;
  contextLength: number | null;
  maxCompletionTokens: number | null;
  supportedParametersCount: number;
  /** By its own word; what `tool` found counts. */
  supportsToolsMeta: boolean;
  /** By its own word, or the catalogue's; null where nobody says. */
  stated: { tools: boolean | null; images: boolean | null; reasoning: boolean | null };
  /** "text+image->text". */
  modality: string | null;
  /** Billions, from id and name. */
  inferredParamB: number | null;
  createdAtMs: number | null;
  /** US dollars for one token, as the list states it. */
  pricing: TokenPricing | null;
  isFree: boolean;
  tool: ScanTestRow;
  image: ScanTestRow;
  json: ScanTestRow;
  stream: ScanTestRow;
  /** Until the first piece of the streamed answer: the median. */
  firstPieceMs: number | null;
  /** Tokens of the streamed answer, for each second from the request to its end: the median. */
  tokensPerSecond: number | null;
  /** US dollars for a million tokens, from the list or the catalogue. */
  usdPerMTok: UsdPerMTok | null;
  /** The most that one request may have, where the provider limits this account. */
  requestLimits: RequestLimits | null;
  /** Which program answers, of servers of one's own. */
  server: ServerKind | null;
  profileId: string | null;
}

/** Nothing was asked. */
export function untested(why?: Pick<ScanTestRow, "error" | "reason">): ScanTestRow {
  return { ok: false, latencyMs: null, skipped: true, passed: 0, trials: 0, ...why };
}

/** A model of which only its list has spoken. */
export function listedRow({ target, server, ref, facts, details, isFree, parameters, createdAtMs }: Candidate): ScanRow {
  return {
    id: ref.model,
    name: facts.name ?? ref.model,
    provider: ref.provider,
    modelRef: refText(ref),
    contextLength: facts.contextTokens ?? null,
    maxCompletionTokens: facts.outputTokens ?? null,
    supportedParametersCount: details.parameters?.length ?? 0,
    supportsToolsMeta: facts.tools === true,
    stated: { tools: facts.tools ?? null, images: facts.input?.includes("image") ?? null, reasoning: facts.reasoning ?? null },
    modality: details.modality ?? modalityOf(facts),
    inferredParamB: parameters ?? null,
    createdAtMs: createdAtMs ?? null,
    pricing: details.usdPerToken ?? null,
    isFree,
    tool: untested(),
    image: untested(),
    json: untested(),
    stream: untested(),
    firstPieceMs: null,
    tokensPerSecond: null,
    usdPerMTok: facts.usdPerMTok ?? perMillion(details.usdPerToken),
    requestLimits: details.requestLimits ?? null,
    server: server ?? null,
    profileId: target.profile?.id ?? null,
  };
}

function perMillion(pricing: TokenPricing | undefined): UsdPerMTok | null {
  const usd = (perToken: number): number => Math.round(perToken * 1e12) / 1e6;
  return pricing === undefined ? null : { input: usd(pricing.prompt), output: usd(pricing.completion) };
}

/** As OpenRouter writes it. */
function modalityOf({ input, output }: Candidate["facts"]): string | null {
  return input === undefined ? null : `${input.join("+")}->${(output ?? ["text"]).join("+")}`;
}
