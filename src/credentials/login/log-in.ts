import { assertNever } from "../../kernel/errors.ts";
import { awaitReturn, showPage } from "./await-return.ts";
import { codeIn, codeRequest, redeem, STATE_BYTES } from "./code-flow.ts";
import { checkDelegate } from "./delegate.ts";
import { askDeviceCode, poll } from "./device-flow.ts";
import { endpoint } from "./endpoint.ts";
import { type LoginInput, type LoginResult, USUAL_REDIRECT } from "./contract.ts";
import { loginExpired } from "./failures.ts";
import { type KeyFlow, keyPageRequest, keyPath, redeemKey } from "./key-flow.ts";
import { byProgram } from "./program-flow.ts";
import type { LoginWay } from "./result.ts";
import { type OAuthFlow, prepare } from "./setup.ts";

/**
 * Logs in. Whichever way finishes first wins, and the others are closed at once. Throws LOGIN_DENIED, LOGIN_EXPIRED, LOGIN_STATE_MISMATCH,
 * LOGIN_LISTEN_FAILED, LOGIN_ISSUER_INVALID, LOGIN_CLIENT_NEEDED, LOGIN_ANSWER_INVALID, LOGIN_FAILED; the signal's reason when that fires.
 */
export async function logIn(input: LoginInput): Promise<LoginResult> {
  const { host, method } = input;
  input.signal.throwIfAborted();
  const { flow } = method;
  switch (flow.kind) {
    case "authorization-code":
      return exchanged(input, await byBrowser(input, flow));
    case "device-code":
      return exchanged(input, await byDevice(input, flow));
    case "openrouter-pkce":
      return exchanged(input, await byKeyPage(input, flow));
    case "api-key-page": {
      const url = endpoint(flow.page, "the page for keys");
      input.onEvent({ event: "page", url });
      await showPage(input, url);
      return { kind: "key_page", url };
    }
    case "program":
      return exchanged(input, await byProgram(input, flow));
    case "delegate":
      return checkDelegate(host, flow);
    default:
      return assertNever(flow);
  }
}

async function byBrowser(input: LoginInput, flow: OAuthFlow): Promise<LoginResult> {
  const { machine } = input;
  const way = wayOf(input, flow);
  const setup = await prepare(input.host, input.method, flow, input.client, input.signal);
  const state = machine.randomToken(STATE_BYTES);
  const listener = await machine.listen({ ...USUAL_REDIRECT, ...flow.redirect, state });
  const request = codeRequest(machine, flow, setup, listener.redirectUri, state);
  const query = await awaitReturn(input, listener, request.url, request);
  return redeem(way, setup, request, codeIn(query, setup));
}

async function byKeyPage(input: LoginInput, flow: KeyFlow): Promise<LoginResult> {
  const { machine } = input;
  const page = endpoint(flow.authorizeUrl, "the page to log in at");
  const listener = await machine.listen({ host: USUAL_REDIRECT.host, path: keyPath(machine) });
  const request = keyPageRequest(machine, page, listener.redirectUri);
  const query = await awaitReturn(input, listener, request.url, request);
  return redeemKey(input.host, flow.keysUrl, request.verifier, codeIn(query, {}), input.signal);
}

async function byDevice(input: LoginInput, flow: OAuthFlow): Promise<LoginResult> {
  const { host } = input;
  const way = wayOf(input, flow);
  const setup = await prepare(host, input.method, flow, input.client, input.signal);
  const askedAtMs = host.monotonicMs();
  const expires = host.nowMs();
  const code = await askDeviceCode(way, setup);
  const { url, userCode, urlComplete, lifetimeSeconds, intervalSeconds, deviceCode } = code;
  const expiresAtMs = expires + lifetimeSeconds * 1000;
  input.onEvent({ event: "page", url, userCode, ...(urlComplete !== undefined && { verificationUrlComplete: urlComplete }), expiresAtMs });
  await showPage(input, urlComplete ?? url);
  input.onEvent({ event: "waiting" });
  const lifetimeMs = lifetimeSeconds * 1000 - (host.monotonicMs() - askedAtMs);
  const polled = await poll(way, setup, { deviceCode, intervalSeconds, lifetimeMs }, input.onEvent);
  if (polled.kind === "pending") throw loginExpired();
  return polled.result;
}

function wayOf({ host, method, client, signal }: LoginInput, flow: OAuthFlow): LoginWay {
  return { host, method, flow, client, signal };
}

function exchanged(input: LoginInput, result: LoginResult): LoginResult {
  input.onEvent({ event: "exchanged" });
  return result;
}
