import { freshCredential, refreshAfter401, renewNow } from "../../../src/credentials/refresh/fresh-credential.ts";
import type { FreshCredential, OwnLogin, RefreshInput } from "../../../src/credentials/refresh/refresh-input.ts";
import type { AuthProfile } from "../../../src/credentials/profile.ts";
import type { StoredLogin } from "../../../src/credentials/stored-login.ts";
import { type FakeHost, response } from "../../support/fake-host.ts";
import { type FakeRefreshing, fakeRefreshing, type FakeTrouble } from "../../support/fake-refreshing.ts";
import { NAMES, NOW, openFacts, STORE } from "../open-facts.ts";

export const ID = "zai:ada@example.com";
export const TOKEN_URL = "https://id.example/token";
export const MINUTE = 60_000;
const HOUR_MS = 3_600_000;

/** A login of ours, got an hour ago and past its end unless told otherwise. */
export function entryOf(login: Partial<StoredLogin> = {}, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const signalbox = {
    ...{ method: "device", licence: "own-client", tokenUrl: TOKEN_URL, clientId: "my-app", scopes: ["chat"], generation: 4 },
    ...{ obtainedAtMs: NOW - HOUR_MS, lifetimeSeconds: 3600, ...login },
  };
  return { type: "oauth", provider: "zai", access: "access-4", refresh: "refresh-4", expires: NOW - MINUTE, signalbox, ...more };
}

export type Answer = { readonly status?: number; readonly json?: unknown; readonly text?: string; readonly headers?: Readonly<Record<string, string>> } | Error;

/** What an issuer says that hands out the next set. */
export const tokens = (n: number, more: Readonly<Record<string, unknown>> = {}): Answer => ({
  json: { access_token: `access-${n}`, refresh_token: `refresh-${n}`, token_type: "Bearer", expires_in: 3600, ...more },
});

export const timeout = (phase: string): Error => Object.assign(new Error("deadline"), { name: "TimeoutError", phase });
export const failing = (code: string): Error => Object.assign(new Error(code), { code });

export interface Rig {
  readonly host: FakeHost;
  readonly machine: FakeRefreshing;
  readonly warned: string[];
  profile(): AuthProfile;
  fresh(profile?: AuthProfile): Promise<FreshCredential>;
  forced(): Promise<FreshCredential>;
  after401(used?: AuthProfile): Promise<FreshCredential>;
  /** The account as the store has it, without what never changes. */
  stored(): Record<string, unknown> | undefined;
  /** Another hand on the store. */
  write(entry: unknown): void;
  /** The account is given another id, by another hand. */
  rename(to: string): void;
  /** All accounts as the store has them. */
  all(): Record<string, Record<string, unknown>>;
  /** Another process on the same machine. */
  another(): Rig;
}

export interface RigFacts {
  readonly entry?: Record<string, unknown>;
  readonly answers?: readonly (Answer | ((rig: Rig) => Answer))[];
  readonly trouble?: FakeTrouble;
  readonly env?: Readonly<Record<string, string>>;
  readonly lives?: RefreshInput["lives"];
}

/** One login in a store, and an issuer that gives one answer after the other. */
export function rigOf({ entry = entryOf(), answers = [], trouble, env, lives = "short" }: RigFacts = {}): Rig {
  const machine = fakeRefreshing(trouble);
  const left = [...answers];
  const facts = openFacts({
    store: { version: 1, profiles: { [ID]: entry }, usageStats: { [ID]: { lastUsed: 5 } } },
    refreshing: machine,
    ...(env !== undefined && { env }),
    http: () => {
      const next = left.shift();
      const answer = typeof next === "function" ? next(rig) : next;
      if (answer === undefined) throw new Error("the issuer was asked once more than the test says");
      if (answer instanceof Error) throw answer;
      const { status = 200, json, text = JSON.stringify(json), headers = {} } = answer;
      return response(status, text, headers);
    },
  });
  const rig = over(facts.host, facts, machine, lives);
  return rig;
}

function over(host: FakeHost, facts: ReturnType<typeof openFacts>, machine: FakeRefreshing, lives: RefreshInput["lives"]): Rig {
  const warned: string[] = [];
  const input: RefreshInput = {
    ...{ host, idOf: (text) => facts.registry.idOf(text), config: facts.config, names: NAMES, agents: facts.agents },
    ...{ by: "test", lives, warn: (text) => void warned.push(text) },
  };
  const [first] = facts.credentials.profiles;
  if (first === undefined) throw new Error("the store has no profile");
  const raw = (): Record<string, unknown> => JSON.parse(host.written.get(STORE) ?? (host.readText(STORE, 1e6) as { text: string }).text);
  const all = () => raw()["profiles"] as Record<string, Record<string, unknown>>;
  const rig: Rig = {
    ...{ host, machine, warned, profile: () => first },
    fresh: (profile = first) => freshCredential(input, profile),
    forced: () => renewNow(input, first as OwnLogin),
    after401: (used = first) => refreshAfter401(input, used),
    stored: () => all()[ID],
    all,
    rename: (to) => void host.written.set(STORE, JSON.stringify({ ...raw(), profiles: { [to]: all()[ID] } })),
    write: (entry) => void host.written.set(STORE, JSON.stringify({ ...raw(), profiles: entry === undefined ? {} : { [ID]: entry } })),
    another: () => over({ ...host }, facts, machine, lives),
  };
  return rig;
}

/** What came of it, in one line: "renewed access-5", "unusable NEEDS_LOGIN". */
export function said(fresh: FreshCredential): string {
  const { credential } = fresh.profile;
  const access = credential.kind === "oauth" ? credential.access.reveal() : credential.kind;
  const problem = fresh.problem === undefined ? "" : ` ${fresh.problem.code}`;
  return fresh.kind === "fresh" ? `${fresh.how} ${access}${problem}` : `unusable${problem}`;
}
