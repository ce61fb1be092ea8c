import { AppError, assertNever } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import type { ProviderId } from "../../kernel/ids.ts";
import type { LoginMachine } from "../../kernel/login-machine.ts";
import type { AskedPlugin } from "../../plugins/program-for.ts";
import type { LoginFlow, LoginMethod } from "../../provider/login-method.ts";
import { codeRequest, STATE_BYTES } from "./code-flow.ts";
import { type GivenClient, USUAL_PATIENCE_MS, USUAL_REDIRECT } from "./contract.ts";
import { askDeviceCode } from "./device-flow.ts";
import { endpoint } from "./endpoint.ts";
import { type KeyFlow, keyPageRequest, keyPath } from "./key-flow.ts";
import { keepPending, newHandle, type PendingLogin, type PendingStep, sweepPending } from "./pending-file.ts";
import { beginProgram, programWay } from "./program-flow.ts";
import type { LoginWay } from "./result.ts";
import { type OAuthFlow, prepare } from "./setup.ts";

export interface StartInput {
  readonly host: Host;
  readonly machine: LoginMachine;
  /** Below it, in `signalbox/logins/`, what is needed to finish is kept. */
  readonly stateDir: string;
  readonly provider: ProviderId;
  readonly method: LoginMethod;
  readonly client: GivenClient | undefined;
  /** For a login that a plugin's program makes. */
  readonly program?: AskedPlugin;
  /** The command's own words for when it is finished, for example `{ profileId: "openrouter:work" }`. No secrets. */
  readonly notes?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface StartedLogin {
  readonly handle: string;
  readonly url: string;
  readonly userCode?: string;
  readonly verificationUrlComplete?: string;
  readonly expiresAtMs: number;
  /** `paste`: finishing needs the address that the browser ended at, or the code. `none`: only the person's consent on the page. */
  readonly needs: "paste" | "none";
  readonly pending: PendingLogin;
}

type Begun = Pick<StartedLogin, "url" | "userCode" | "verificationUrlComplete" | "expiresAtMs" | "needs"> & { readonly step: PendingStep };

/** Begins a login and leaves nothing running. Throws what `logIn` throws before the person is asked; USAGE where there is nothing to finish. */
export async function startLogin(input: StartInput): Promise<StartedLogin> {
  sweepPending(input);
  const startedAtMs = input.host.nowMs();
  const { step, ...shown } = await begin(input, input.method.flow, startedAtMs);
  const { provider, method, client, machine, notes = {} } = input;
  const pending: PendingLogin = {
    handle: newHandle(machine),
    provider,
    method,
    clientId: "setup" in step ? step.setup.clientId : undefined,
    ...(client?.clientSecretVariable !== undefined && { clientSecretVariable: client.clientSecretVariable }),
    notes,
    startedAtMs,
    expiresAtMs: shown.expiresAtMs,
    step,
  };
  keepPending(input, pending);
  return { handle: pending.handle, ...shown, pending };
}

async function begin(input: StartInput, flow: LoginFlow, startedAtMs: number): Promise<Begun> {
  switch (flow.kind) {
    case "authorization-code":
      return beginCode(input, flow, startedAtMs + USUAL_PATIENCE_MS);
    case "device-code":
      return beginDevice(input, flow, startedAtMs);
    case "openrouter-pkce":
      return beginKey(input, flow, startedAtMs + USUAL_PATIENCE_MS);
    case "program":
      return beginWithProgram(input, flow, startedAtMs);
    case "api-key-page":
    case "delegate":
      throw new AppError("USAGE", `"${input.method.label}" has no two steps`, { hint: insteadOfSteps(flow) });
    default:
      return assertNever(flow);
  }
}

function insteadOfSteps(flow: Extract<LoginFlow, { readonly kind: "api-key-page" | "delegate" }>): string {
  switch (flow.kind) {
    case "api-key-page":
      return flow.page === "" ? "Make a key at the vendor's and store it." : `Make a key at ${flow.page} and store it.`;
    case "delegate":
      return `Run \`${[flow.program, ...flow.loginArguments].join(" ")}\`.`;
    default:
      return assertNever(flow);
  }
}

async function beginCode({ host, machine, method, client, signal }: StartInput, flow: OAuthFlow, expiresAtMs: number): Promise<Begun> {
  const setup = await prepare(host, method, flow, client, signal);
  const redirectUri = await deadAddress(machine, { ...USUAL_REDIRECT, ...flow.redirect });
  const state = machine.randomToken(STATE_BYTES);
  const { url, verifier } = codeRequest(machine, flow, setup, redirectUri, state);
  return { url, expiresAtMs, needs: "paste", step: { kind: "code", setup, redirectUri, state, verifier } };
}

async function beginKey({ machine }: StartInput, flow: KeyFlow, expiresAtMs: number): Promise<Begun> {
  const redirectUri = await deadAddress(machine, { host: USUAL_REDIRECT.host, path: keyPath(machine) });
  const { url, verifier } = keyPageRequest(machine, endpoint(flow.authorizeUrl, "the page to log in at"), redirectUri);
  return { url, expiresAtMs, needs: "paste", step: { kind: "key", redirectUri, verifier } };
}

async function beginDevice({ host, method, client, signal }: StartInput, flow: OAuthFlow, startedAtMs: number): Promise<Begun> {
  const setup = await prepare(host, method, flow, client, signal);
  const way: LoginWay = { host, method, flow, client, signal };
  const { url, userCode, urlComplete, lifetimeSeconds, intervalSeconds, deviceCode } = await askDeviceCode(way, setup);
  return {
    url,
    userCode,
    ...(urlComplete !== undefined && { verificationUrlComplete: urlComplete }),
    expiresAtMs: startedAtMs + lifetimeSeconds * 1000,
    needs: "none",
    step: { kind: "device", setup, deviceCode, intervalSeconds },
  };
}

async function beginWithProgram(input: StartInput, flow: Extract<LoginFlow, { readonly kind: "program" }>, startedAtMs: number): Promise<Begun> {
  const first = await beginProgram(programWay(input, flow));
  if (first.kind === "done")
    throw new AppError("USAGE", `"${input.method.label}" needs nobody's consent, and so has no two steps`, { hint: "Log in without --start." });
  const { url, userCode, lifetimeSeconds, handle, intervalSeconds } = first;
  const expiresAtMs = startedAtMs + lifetimeSeconds * 1000;
  const shown = { url, ...(userCode !== undefined && { userCode }), expiresAtMs, needs: "none" as const };
  return { ...shown, step: { kind: "program", returned: handle, intervalSeconds } };
}

/** Where nobody listens now: the browser stays at it, with the answer in its address bar. */
async function deadAddress(machine: LoginMachine, redirect: { readonly host: "127.0.0.1" | "localhost"; readonly port?: number; readonly path: string }) {
  if (redirect.port !== undefined) return `http://${redirect.host}:${redirect.port}${redirect.path}`;
  const listener = await machine.listen(redirect);
  await listener.close();
  return listener.redirectUri;
}
