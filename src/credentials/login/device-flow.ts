import { assertNever } from "../../kernel/errors.ts";
import { Secret } from "../../kernel/secret.ts";
import { trustedUrl } from "./endpoint.ts";
import type { LoginEvent, LoginResult } from "./contract.ts";
import { sendOnce } from "./code-flow.ts";
import { askVendor, type VendorAnswer } from "./ask-vendor.ts";
import { answerInvalid, loginExpired, loginFailed, refused } from "./failures.ts";
import { type LoginWay, resultOf } from "./result.ts";
import { type Setup, tokenClient } from "./setup.ts";
import { tokenRequest } from "./spend.ts";
import { readTokens, type Tokens } from "./token-answer.ts";

/** RFC 8628, 3.2, checked. */
export interface DeviceCode {
  readonly deviceCode: Secret;
  readonly userCode: string;
  readonly url: string;
  readonly urlComplete: string | undefined;
  readonly lifetimeSeconds: number;
  readonly intervalSeconds: number;
}

const LONGEST_USER_CODE = 64;
const USUAL_INTERVAL = 5;
const LONGEST_INTERVAL = 60;
const USUAL_LIFETIME = 900;
const LONGEST_LIFETIME = 3600;
const SLOWER_BY = 5;

export async function askDeviceCode(way: LoginWay, setup: Setup): Promise<DeviceCode> {
  const scope = setup.scopes.length === 0 ? {} : { scope: setup.scopes.join(" ") };
  const url = setup.deviceUrl ?? "";
  const answer = await sendOnce(way.host, tokenRequest(url, tokenClient(setup, way.client), scope, {}), way.signal);
  return readDeviceCode(answer, new URL(url).origin);
}

function readDeviceCode(answer: VendorAnswer, who: string): DeviceCode {
  if (answer.kind === "none") throw loginFailed(who, answer.why, "Check the network, then run the login again.");
  if (answer.kind === "unusable") throw answerInvalid(who, `it ${answer.why}`);
  const { fields, status } = answer;
  if (typeof fields["error"] === "string") throw refused(fields["error"], fields["error_description"]);
  if (status !== 200) throw loginFailed(who, `answered ${status} when it was asked for a code`);
  const { device_code: deviceCode, user_code: userCode } = fields;
  if (typeof deviceCode !== "string" || !/^[\u0021-\u007e]{1,8192}$/.test(deviceCode)) throw answerInvalid(who, "there is no device code in it");
  if (typeof userCode !== "string" || !isUserCode(userCode)) throw answerInvalid(who, "the code for the page cannot be shown");
  const url = trustedUrl(fields["verification_uri"] ?? fields["verification_url"]);
  if (url === undefined) throw answerInvalid(who, "the page to enter the code on is no address that can be shown");
  return {
    deviceCode: new Secret(deviceCode),
    userCode,
    url: url.href,
    urlComplete: trustedUrl(fields["verification_uri_complete"])?.href,
    lifetimeSeconds: Math.min(secondsIn(fields["expires_in"]) ?? USUAL_LIFETIME, LONGEST_LIFETIME),
    intervalSeconds: Math.min(secondsIn(fields["interval"]) ?? USUAL_INTERVAL, LONGEST_INTERVAL),
  };
}

/** One that can be shown, and typed. */
export function isUserCode(text: string): boolean {
  return text.length <= LONGEST_USER_CODE && /^[\u0021-\u007e]([\u0020-\u007e]*[\u0021-\u007e])?$/.test(text);
}

function secondsIn(value: unknown): number | undefined {
  const seconds = typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value;
  return typeof seconds === "number" && seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

/** What one question gave. */
type Next =
  | { readonly kind: "done"; readonly tokens: Tokens }
  | { readonly kind: "pending" }
  | { readonly kind: "slow_down"; readonly intervalSeconds: number | undefined }
  | { readonly kind: "retry"; readonly why: string; readonly afterSeconds: number | undefined };

export interface Polling {
  readonly deviceCode: Secret;
  readonly intervalSeconds: number;
  /** How much longer the code lives. */
  readonly lifetimeMs: number;
  /** Stops earlier, and gives `pending` back with the interval that holds by then. */
  readonly patienceMs?: number;
}

export type Polled = { readonly kind: "done"; readonly result: LoginResult } | { readonly kind: "pending"; readonly intervalSeconds: number };

/** Asks until the person has agreed (RFC 8628, 3.4 and 3.5), by a clock that nobody sets. Throws LOGIN_EXPIRED, LOGIN_DENIED and what else the vendor refuses. */
export async function poll(way: LoginWay, setup: Setup, polling: Polling, onEvent: (event: LoginEvent) => void): Promise<Polled> {
  const { host, signal } = way;
  const startedMs = host.monotonicMs();
  const untilMs = Math.min(polling.lifetimeMs, polling.patienceMs ?? Number.POSITIVE_INFINITY);
  let pace: Pace = { intervalSeconds: polling.intervalSeconds, pauseSeconds: polling.intervalSeconds, failures: 0 };
  for (;;) {
    const leftMs = Math.max(0, untilMs - (host.monotonicMs() - startedMs));
    await host.wait(Math.min(leftMs, pace.pauseSeconds * 1000), signal);
    if (leftMs <= pace.pauseSeconds * 1000) {
      if (untilMs < polling.lifetimeMs) return { kind: "pending", intervalSeconds: pace.intervalSeconds };
      throw loginExpired();
    }
    const next = await askTokens(way, setup, polling.deviceCode);
    if (next.kind === "done") {
      onEvent({ event: "received" });
      return { kind: "done", result: await resultOf(way, setup, next.tokens) };
    }
    pace = paceAfter(next, pace);
    if (next.kind === "slow_down") onEvent({ event: "slow_down", intervalSeconds: pace.intervalSeconds });
    if (next.kind === "retry") onEvent({ event: "retry", why: next.why, inSeconds: pace.pauseSeconds });
  }
}

/** `intervalSeconds` holds for good, `pauseSeconds` for the next question. */
interface Pace {
  readonly intervalSeconds: number;
  readonly pauseSeconds: number;
  /** Without an answer, in a row. */
  readonly failures: number;
}

function paceAfter(next: Exclude<Next, { kind: "done" }>, { intervalSeconds, failures }: Pace): Pace {
  switch (next.kind) {
    case "pending":
      return { intervalSeconds, pauseSeconds: intervalSeconds, failures: 0 };
    case "slow_down": {
      const slower = Math.max(intervalSeconds + SLOWER_BY, Math.min(next.intervalSeconds ?? 0, LONGEST_INTERVAL));
      return { intervalSeconds: slower, pauseSeconds: slower, failures: 0 };
    }
    case "retry": {
      const doubled = Math.min(intervalSeconds * 2 ** (failures + 1), LONGEST_INTERVAL);
      return { intervalSeconds, pauseSeconds: Math.max(doubled, intervalSeconds, next.afterSeconds ?? 0), failures: failures + 1 };
    }
    default:
      return assertNever(next);
  }
}

async function askTokens({ host, client, signal }: LoginWay, setup: Setup, deviceCode: Secret): Promise<Next> {
  const plain = { grant_type: "urn:ietf:params:oauth:grant-type:device_code" };
  const answer = await askVendor(host, tokenRequest(setup.tokenUrl, tokenClient(setup, client), plain, { device_code: deviceCode }), signal);
  const who = new URL(setup.tokenUrl).origin;
  if (answer.kind === "none") return { kind: "retry", why: answer.why, afterSeconds: undefined };
  if (answer.status >= 500 || answer.status === 429) return { kind: "retry", why: `answered ${answer.status}`, afterSeconds: answer.retryAfterSeconds };
  const error = answer.kind === "fields" ? answer.fields["error"] : undefined;
  if (error === "authorization_pending") return { kind: "pending" };
  if (error === "slow_down") return { kind: "slow_down", intervalSeconds: answer.kind === "fields" ? secondsIn(answer.fields["interval"]) : undefined };
  return { kind: "done", tokens: readTokens(answer, who) };
}
