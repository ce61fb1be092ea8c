import { brands } from "../../src/brand.ts";
import { main } from "../../src/cli/main.ts";
import type { Host } from "../../src/kernel/host.ts";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import type { LoginMachine } from "../../src/kernel/login-machine.ts";
import { type FakeMachine, fakeHost, response } from "../support/fake-host.ts";
import { type Answer, attendedTerminal, fakeTerminal } from "../support/fake-terminal.ts";
import { fakeRefreshing } from "../support/fake-refreshing.ts";
import { packaged } from "../support/packaged.ts";

export const CONFIG = "/home/me/.nemo/nemo.json";
export const STORE = "/home/me/.nemo/agents/main/agent/auth-profiles.json";
export const NOW = Date.UTC(2026, 10, 21, 12);

export interface LoginStage extends FakeMachine {
  readonly config?: unknown;
  readonly store?: unknown;
  readonly stdin?: string;
  readonly answers?: readonly Answer[];
  /** The vendor, by the path that is asked. A list is answered one after the other, the last again and again. */
  readonly vendor?: Readonly<Record<string, unknown>>;
  /** What the browser brings back; without it nobody comes. */
  readonly comesBack?: Readonly<Record<string, string>>;
  readonly canShowBrowser?: boolean;
  /** What others do meanwhile: before each answer of the vendor, by its path, and before each change of a file, by the file. */
  readonly meanwhile?: (at: string, written: Map<string, string>) => void;
}

/** One command line on a machine in memory, with a vendor behind it. */
export async function login(
  { config, store, stdin = "", answers, vendor = {}, comesBack, canShowBrowser = false, meanwhile = () => undefined, ...machine }: LoginStage,
  words: string,
) {
  const [opened, removed]: [string[], string[]] = [[], []];
  const files = {
    ...(config !== undefined && { [CONFIG]: JSON.stringify(config) }),
    ...(store !== undefined && { [STORE]: JSON.stringify(store) }),
    ...machine.files,
  };
  const answer = answering(vendor);
  const fake = fakeHost({
    ...{ packaged, nowMs: NOW, refreshing: fakeRefreshing(), ...machine, files },
    login: { ...loginMachine({ opened, comesBack, canShowBrowser }), remove: (path) => void removed.push(path) },
    http: (request) => {
      meanwhile(new URL(request.url).pathname, fake.written);
      return answer(request);
    },
  });
  // Nobody's patience ends: a deadline is a wait of minutes.
  const host: Host = {
    ...fake,
    wait: (ms, signal) => (ms >= 60_000 ? new Promise<void>(() => undefined) : fake.wait(ms, signal)),
    changeFiles: async (names, keeping, change) => {
      for (const name of names) meanwhile(name, fake.written);
      return fake.changeFiles(names, keeping, change);
    },
  };
  const terminal = answers === undefined ? fakeTerminal({ readStdin: () => stdin }) : attendedTerminal(answers);
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: words.split(" ") });
  const written = fake.written.get(STORE);
  return {
    exit,
    out: terminal.said.out,
    err: terminal.said.err,
    shown: terminal.shown,
    opened,
    removed,
    asked: fake.asked,
    ran: fake.ran,
    config: fake.written.get(CONFIG),
    profiles: written === undefined ? undefined : (JSON.parse(written) as { profiles: Record<string, Record<string, unknown>> }).profiles,
    files: [...fake.written.keys()].sort(),
    read: (file: string) => fake.written.get(file),
  };
}

function answering(vendor: Readonly<Record<string, unknown>>) {
  const turns = new Map<string, number>();
  return ({ url }: HttpRequest): HttpResponse => {
    const { pathname } = new URL(url);
    const turn = turns.get(pathname) ?? 0;
    turns.set(pathname, turn + 1);
    const found = vendor[pathname];
    const body = Array.isArray(found) ? (found[turn] ?? found.at(-1)) : found;
    if (body === undefined) return response(404, "{}", { "content-type": "application/json" });
    const isError = typeof body === "object" && body !== null && "error" in body;
    return response(isError ? 400 : 200, JSON.stringify(body), { "content-type": "application/json" });
  };
}

interface Browser {
  /** Filled with what was shown. */
  readonly opened?: string[];
  readonly comesBack?: Readonly<Record<string, string>> | undefined;
  readonly canShowBrowser?: boolean;
}

/** What a login asks of the machine, without a port and without chance. */
export function loginMachine({ opened = [], comesBack, canShowBrowser = false }: Browser): LoginMachine {
  let count = 0;
  return {
    randomToken: (bytes) => `random-${count++}-${"x".repeat(bytes * 2)}`.slice(0, Math.ceil((bytes * 4) / 3)),
    challengeOf: (verifier) => `challenge-of-${verifier}`,
    canShowBrowser,
    openBrowser: async (url) => opened.push(url) > 0,
    remove: () => undefined,
    listen: async ({ port = 4321, path, host, state }) => {
      const query = comesBack === undefined ? undefined : new Map(Object.entries({ ...(state !== undefined && { state }), ...comesBack }));
      const hit = query === undefined ? new Promise<never>(() => undefined) : Promise.resolve(query);
      return { redirectUri: `http://${host}:${port}${path}`, hit, close: async () => undefined };
    },
  };
}

/** Endpoints of every kind at one place. */
export const VENDOR = "https://id.example.com";
export const ENDPOINTS = {
  authorizeUrl: `${VENDOR}/authorize`,
  deviceUrl: `${VENDOR}/device`,
  tokenUrl: `${VENDOR}/token`,
  userinfoUrl: `${VENDOR}/userinfo`,
};

export const DEVICE = { device_code: "canary-device", user_code: "ABCD-EFGH", verification_uri: `${VENDOR}/activate`, expires_in: 900, interval: 5 };
export const TOKENS = { access_token: "canary-access", refresh_token: "canary-refresh", token_type: "Bearer", expires_in: 3600 };
