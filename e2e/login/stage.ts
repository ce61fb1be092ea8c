import { get } from "node:http";
import { join } from "node:path";
import type { GivenClient, LoginEvent, LoginInput } from "../../src/credentials/login/contract.ts";
import { nodeLogin } from "../../src/host/login-machine.ts";
import { nodeHost } from "../../src/host/node.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import type { LoginMachine } from "../../src/kernel/login-machine.ts";
import type { LoginFlow, LoginMethod } from "../../src/provider/login-method.ts";

export const host = nodeHost(join(import.meta.dirname, "..", "..", "dist"));
export const provider = toProviderId("lab");

export function methodFor(flow: LoginFlow): LoginMethod {
  return { id: "own", label: "Lab", licence: "own-client", flow, source: { url: "https://lab.example/docs", checkedOn: "2026-11-21" } };
}

/** With every endpoint from the issuer. */
export function issuerMethod(kind: "authorization-code" | "device-code", issuer: string, more: { readonly scopes?: readonly string[] } = {}): LoginMethod {
  const { scopes = ["openid", "email"] } = more;
  return methodFor({ kind, issuer, client: { kind: "own", howTo: "Register one." }, scopes });
}

/** What the browser does with a page. */
export type Visit = (url: string) => unknown;

/** This machine with a browser of the test's own; without one, nobody can see a page. */
export function machineWith(visit: Visit | undefined): LoginMachine {
  return {
    ...nodeLogin,
    canShowBrowser: visit !== undefined,
    openBrowser: async (url) => {
      void visit?.(url);
      return true;
    },
  };
}

export interface Recorded extends LoginInput {
  readonly events: readonly LoginEvent[];
  readonly stop: AbortController;
}

/** A login whose events are kept. */
export function loginWith(method: LoginMethod, more: Partial<LoginInput> & { readonly visit?: Visit; readonly given?: GivenClient } = {}): Recorded {
  const { visit, given = { clientId: "lab-client" }, onEvent, ...rest } = more;
  const events: LoginEvent[] = [];
  const stop = new AbortController();
  return {
    host,
    machine: machineWith(visit),
    provider,
    method,
    client: given,
    browser: visit === undefined ? "print" : "open",
    paste: undefined,
    signal: stop.signal,
    ...rest,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
    events,
    stop,
  };
}

/** Where the page of a login is told. */
export function pageShown(): { readonly url: Promise<string>; onEvent(event: LoginEvent): void } {
  let tell: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => {
    tell = resolve;
  });
  return { url, onEvent: (event) => event.event === "page" && tell(event.url) };
}

/** What the address of a page says about where the browser comes back to. */
export function returnOf(page: string): { readonly redirect: URL; readonly state: string } {
  const query = new URL(page).searchParams;
  return { redirect: new URL(query.get("redirect_uri") ?? query.get("callback_url") ?? ""), state: query.get("state") ?? "" };
}

/** Goes to a page as a browser does, and on to where it is sent. Resolves to the last status; `fetch` would not say that it navigates. */
export function browse(url: string | URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site", "sec-fetch-user": "?1" };
    get(url, { headers, agent: false }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      const { location } = response.headers;
      if (location === undefined) response.once("end", () => resolve(statusCode)).once("error", reject);
      else browse(new URL(location, url)).then(resolve, reject);
    }).once("error", reject);
  });
}

/** Agrees as a person would, by an identity provider that agrees at once, and stops before the browser comes back. */
export async function answerOf(page: string): Promise<string> {
  const response = await fetch(page, { redirect: "manual" });
  return response.headers.get("location") ?? "";
}
