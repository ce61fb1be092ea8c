import type { Host } from "../../kernel/host.ts";
import type { LoginMachine } from "../../kernel/login-machine.ts";
import { Secret } from "../../kernel/secret.ts";
import type { LoginFlow } from "../../provider/login-method.ts";
import { type CodeRequest, newVerifier, sendOnce } from "./code-flow.ts";
import { endpoint } from "./endpoint.ts";
import type { LoginResult } from "./contract.ts";
import { answerInvalid, loginFailed } from "./failures.ts";
import { keyRequest } from "./spend.ts";

export type KeyFlow = Extract<LoginFlow, { readonly kind: "openrouter-pkce" }>;

/** There is no state to tell an answer of ours by: the path is what nobody guesses (https://openrouter.ai/docs/oauth, checked 2026-11-21). */
export function keyPath(machine: LoginMachine): string {
  return `/callback/${machine.randomToken(PATH_BYTES)}`;
}

const PATH_BYTES = 32;

export function keyPageRequest(machine: LoginMachine, page: string, redirectUri: string): CodeRequest {
  const { verifier, challenge } = newVerifier(machine);
  const url = new URL(page);
  url.searchParams.set("callback_url", redirectUri);
  url.searchParams.set("code_challenge", challenge);
  url.searchParams.set("code_challenge_method", "S256");
  return { url: url.href, redirectUri, state: undefined, verifier };
}

/** A code for a key that lives until its owner takes it back. */
export async function redeemKey(host: Host, keysUrl: string, verifier: Secret, code: Secret, signal: AbortSignal): Promise<LoginResult> {
  const url = endpoint(keysUrl, "the endpoint that gives keys");
  const who = new URL(url).origin;
  const answer = await sendOnce(host, keyRequest(url, code, verifier), signal);
  if (answer.kind === "none") throw loginFailed(who, answer.why, "Check the network, then run the login again.");
  if (answer.kind === "unusable") throw answerInvalid(who, `it ${answer.why}`);
  if (answer.status !== 200) throw loginFailed(who, `did not give a key for the code (${answer.status})`);
  const { key, user_id: accountId } = answer.fields;
  if (typeof key !== "string" || !/^[\u0021-\u007e]{8,4096}$/.test(key)) throw answerInvalid(who, "there is no key in it");
  const isId = typeof accountId === "string" && /^[\u0021-\u007e]{1,128}$/.test(accountId);
  return { kind: "credential", credential: { kind: "api_key", key: new Secret(key) }, ...(isId && { accountId }) };
}
