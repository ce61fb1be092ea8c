import type { GivenClient, LoginEvent, LoginInput } from "../../../src/credentials/login/contract.ts";
import { toProviderId } from "../../../src/kernel/ids.ts";
import type { HttpRequest, HttpResponse } from "../../../src/kernel/http.ts";
import type { CallbackOptions, LoginMachine } from "../../../src/kernel/login-machine.ts";
import type { LoginFlow, LoginMethod } from "../../../src/provider/login-method.ts";
import { type FakeHost, fakeHost, response } from "../../support/fake-host.ts";

export const ISSUER = "https://issuer.example";
export const provider = toProviderId("lab");
export const given: GivenClient = { clientId: "lab-client" };

export function methodOf(flow: LoginFlow): LoginMethod {
  return { id: "own", label: "Lab", licence: "own-client", flow, source: { url: "https://lab.example/docs", checkedOn: "2026-11-21" } };
}

export const deviceFlow = {
  kind: "device-code",
  deviceUrl: `${ISSUER}/device`,
  tokenUrl: `${ISSUER}/token`,
  client: { kind: "own", howTo: "Register one." },
  scopes: ["openid"],
} as const satisfies LoginFlow;

export const codeFlow = {
  kind: "authorization-code",
  authorizeUrl: `${ISSUER}/authorize`,
  tokenUrl: `${ISSUER}/token`,
  client: { kind: "own", howTo: "Register one." },
  scopes: ["openid"],
} as const satisfies LoginFlow;

export const keyFlow = { kind: "openrouter-pkce", authorizeUrl: `${ISSUER}/auth`, keysUrl: `${ISSUER}/auth/keys` } as const satisfies LoginFlow;

export const DEVICE_ANSWER = {
  device_code: "device-secret-0001",
  user_code: "ABCD-EFGH",
  verification_uri: `${ISSUER}/activate`,
  expires_in: 600,
  interval: 5,
};
export const TOKEN_ANSWER = { access_token: "access-secret-0001", token_type: "Bearer", expires_in: 3600, refresh_token: "refresh-secret-0001" };
export const PENDING = json(400, { error: "authorization_pending" });

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): () => HttpResponse {
  return () => response(status, JSON.stringify(value), { "content-type": "application/json", ...headers });
}

export function broken(code: string): () => HttpResponse {
  return () => {
    throw Object.assign(new Error("the network"), { code });
  };
}

type Answers = Readonly<Record<string, readonly (() => HttpResponse)[]>>;

export interface Stage {
  readonly host: FakeHost;
  readonly machine: LoginMachine;
  /** Who was asked when, in seconds since the beginning: "0 /device". */
  readonly times: string[];
  readonly listened: CallbackOptions[];
  readonly removed: string[];
}

/** A machine whose network answers by path, one after the other; the last answer stays. */
export function stageWith(answers: Answers, files: Readonly<Record<string, string>> = {}): Stage {
  const times: string[] = [];
  const left = new Map(Object.entries(answers).map(([path, list]) => [path, [...list]]));
  const host: FakeHost = fakeHost({
    files,
    http: ({ url }: HttpRequest) => {
      const { pathname } = new URL(url);
      times.push(`${Math.round(host.monotonicMs() / 1000)} ${pathname}`);
      const list = left.get(pathname);
      const next = list !== undefined && list.length > 1 ? list.shift() : list?.[0];
      return next === undefined ? response(404, "{}") : next();
    },
  });
  const listened: CallbackOptions[] = [];
  const removed: string[] = [];
  return { host, machine: fakeMachine(host, listened, removed), times, listened, removed };
}

function fakeMachine(host: FakeHost, listened: CallbackOptions[], removed: string[]): LoginMachine {
  let drawn = 0;
  return {
    randomToken: (bytes) => {
      drawn += 1;
      return String(drawn).padStart(Math.ceil((bytes * 4) / 3), "t");
    },
    challengeOf: (verifier) => host.sha256(verifier).slice(0, 43),
    listen: async (options) => {
      listened.push(options);
      const port = options.port ?? 41_000 + listened.length;
      return { redirectUri: `http://${options.host}:${port}${options.path}`, hit: new Promise(() => undefined), close: async () => undefined };
    },
    canShowBrowser: false,
    openBrowser: async () => false,
    remove: (path) => {
      removed.push(path);
      host.written.delete(path);
    },
  };
}

export interface Recorded extends LoginInput {
  readonly events: LoginEvent[];
}

export function inputFor({ host, machine }: Stage, flow: LoginFlow, more: Partial<LoginInput> = {}): Recorded {
  const events: LoginEvent[] = [];
  return {
    host,
    machine,
    provider,
    method: methodOf(flow),
    client: given,
    browser: "print",
    paste: undefined,
    signal: new AbortController().signal,
    onEvent: (event) => void events.push(event),
    ...more,
    events,
  };
}
