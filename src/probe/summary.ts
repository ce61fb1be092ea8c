/** The words that installations' tools read. `no_model`: no model of the provider is known to ask. */
export type ProbeStatus = "ok" | "auth" | "rate_limit" | "billing" | "timeout" | "format" | "unknown" | "no_model";

/** One account, or one server without a key, and what asking it has shown. Times are milliseconds since 1970. The keys down to `latencyMs` are old. */
export interface ProbeRow {
  provider: string;
  /** "provider/model". */
  model?: string;
  profileId?: string;
  label: string;
  /** `given`: in memory, by the program that uses the library. `none`: a server that asks for no key. */
  source: "profile" | "env" | "config" | "models.json" | "given" | "none";
  mode?: "api_key" | "token" | "oauth";
  status: ProbeStatus;
  /** What is wrong, in words. */
  error?: string;
  /** From the first step of the connection to the end of the answer. */
  latencyMs?: number;
  /** false: nothing was sent, and `reason` says why. */
  asked: boolean;
  /** The class of the failure (`auth`, `network`, …), or why it was not asked (`excluded_by_auth_order`, `expired`, …). */
  reason: string | null;
  /** More exactly: `refused`, `dns`, `tls`, `reset`, `html`, `first_byte`, `address`, … */
  detail: string | null;
  httpStatus: number | null;
  /** When the vendor wants to be asked again. */
  resetAt: number | null;
  hint: string | null;
  /** A model of the chain is of this provider, and the order does not exclude the account. */
  inUse: boolean;
  /** What was asked of the model. */
  kind: "chat" | "reasoning" | "embedding" | "rerank" | "list" | null;
  maxTokens: number | null;
  /** With fewer tokens than these the model would have refused the request. */
  raised: boolean;
  requestBytes: number | null;
  note: string | null;
  /** "default", "fallback 1", …: of the whole chain only. */
  role: string | null;
}

export interface ProbeSummary {
  startedAt: number;
  finishedAt: number;
  durationMs: number;
  /** Those that were asked. */
  totalTargets: number;
  options: { provider?: string; profileIds: string[]; timeoutMs: number; concurrency: number; maxTokens: number; tier: "call" | "free" };
  /** Those that were not asked come first. */
  results: ProbeRow[];
}

/** How a row stands in a list: where several models are asked, the model belongs to it. */
export function isBad({ asked, status }: Pick<ProbeRow, "asked" | "status">): boolean {
  return asked && status !== "ok";
}
