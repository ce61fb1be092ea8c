import type { Host } from "../../kernel/host.ts";
import type { HttpRequest } from "../../kernel/http.ts";
import { CONNECT_TIMEOUT, failureCode, issuerText, PROXY, TIMEOUT } from "../issuer-network.ts";
import { readTokenAnswer, type TokenAnswer } from "./token-answer.ts";

const CONNECT_MS = 10_000;
const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** The answer, and when the request that it answers was sent, by both clocks. */
export interface AskedForTokens {
  readonly answer: TokenAnswer;
  readonly sentAtMs: number;
  readonly sentAtMonotonicMs: number;
}

/** Sends the request once; again, twice at most, only where nothing of it was sent. Never throws for what the network or the other side does. */
export async function askForTokens(host: Host, request: HttpRequest, requestMs: number): Promise<AskedForTokens> {
  const endMs = host.monotonicMs() + requestMs;
  for (let tried = 1; ; tried++) {
    const [sentAtMs, sentAtMonotonicMs] = [host.nowMs(), host.monotonicMs()];
    const answer = await askOnce(host, request, Math.max(1, endMs - sentAtMonotonicMs));
    const pauseMs = host.random() * FIRST_PAUSE_MS * 2 ** (tried - 1);
    if (answer.kind !== "unsent" || tried === TRIES || host.monotonicMs() + pauseMs >= endMs) return { answer, sentAtMs, sentAtMonotonicMs };
    await host.wait(pauseMs);
  }
}

async function askOnce(host: Host, request: HttpRequest, leftMs: number): Promise<TokenAnswer> {
  try {
    const deadlines = { connectMs: Math.min(CONNECT_MS, leftMs), firstByteMs: leftMs, idleMs: leftMs, totalMs: leftMs };
    const response = await host.http(request, new AbortController().signal, deadlines);
    return readTokenAnswer(response, await issuerText(response), host.nowMs());
  } catch (thrown) {
    const code = failureCode(thrown);
    if (code !== undefined && isUnsent(code)) return { kind: "unsent", why: `could not be reached (${code})` };
    return { kind: "lost", why: code === TIMEOUT ? "did not answer in time" : `broke off (${code ?? "no reason given"})` };
  }
}

/** Codes of failures before a connection stands; everything else may have been sent. */
const UNSENT: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"],
  ...["EADDRNOTAVAIL", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_PRX_TLS", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "HOSTNAME_MISMATCH", CONNECT_TIMEOUT, PROXY],
]);

function isUnsent(code: string): boolean {
  return UNSENT.has(code) || code.startsWith("CERT_") || code.startsWith("ERR_TLS_CERT_");
}
