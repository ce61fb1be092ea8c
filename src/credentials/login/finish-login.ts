import { AppError } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import type { LoginMachine } from "../../kernel/login-machine.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { AskedPlugin } from "../../plugins/program-for.ts";
import { codeIn, redeem } from "./code-flow.ts";
import type { GivenClient, LoginEvent, LoginResult } from "./contract.ts";
import { poll } from "./device-flow.ts";
import { redeemKey } from "./key-flow.ts";
import { type ExpectedReturn, readPasted } from "./pasted.ts";
import { forgetPending, keepPending, type PendingLogin, type PendingStep, receivedIn } from "./pending-file.ts";
import { pollProgram, type ProgramWay, programWay } from "./program-flow.ts";
import type { LoginWay } from "./result.ts";

export interface FinishInput {
  readonly host: Host;
  readonly machine: LoginMachine;
  readonly stateDir: string;
  /** With its secret, read again: it is not kept. */
  readonly client: GivenClient | undefined;
  /** For a login that a plugin's program makes. */
  readonly program?: AskedPlugin;
  onEvent(event: LoginEvent): void;
  /** How long a person's consent is waited for; until it expires unless told. Then LOGIN_PENDING, and it can be finished later. */
  readonly patienceMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Ends it. It is forgotten when it was refused or is too late; after everything else it can be tried again. Whoever has stored the result forgets it:
 * until then it is nowhere else. `pasted`: the address that the browser ended at, or the code. Throws what `logIn` throws, LOGIN_PENDING, and
 * INPUT_MISSING for what cannot be used.
 */
export async function finishLogin(input: FinishInput, pending: PendingLogin, pasted?: string | Secret): Promise<LoginResult> {
  try {
    const result = await finish(input, pending, pasted);
    input.onEvent({ event: "exchanged" });
    return result;
  } catch (thrown) {
    if (isOutOfPatience(thrown, input) && input.host.nowMs() < pending.expiresAtMs) throw unanswered();
    if (thrown instanceof AppError && OVER.has(thrown.code)) forgetPending(input, pending.handle);
    throw thrown;
  }
}

const OVER: ReadonlySet<string> = new Set(["LOGIN_DENIED", "LOGIN_EXPIRED"]);

/** This run's time is over, which says nothing about the login's. The vendor's own word that it is too late is another thing. */
function isOutOfPatience(thrown: unknown, { signal }: FinishInput): boolean {
  return thrown instanceof AppError && thrown.code === "LOGIN_EXPIRED" && signal.aborted && thrown === signal.reason;
}

async function finish(input: FinishInput, pending: PendingLogin, pasted: string | Secret | undefined): Promise<LoginResult> {
  const { step, method } = pending;
  const { flow } = method;
  const { host, client, signal } = input;
  if (step.kind === "received") return receivedIn(step) ?? damaged();
  if (step.kind === "key" && flow.kind === "openrouter-pkce") {
    const query = queryIn(input, pasted, { redirectUri: step.redirectUri, state: undefined });
    return redeemKey(host, flow.keysUrl, step.verifier, codeIn(query, {}), signal);
  }
  if (step.kind === "program" && flow.kind === "program") return finishWithProgram(input, pending, step, programWay({ ...input, ...pending }, flow));
  if (step.kind === "key" || step.kind === "program" || (flow.kind !== "authorization-code" && flow.kind !== "device-code")) return damaged();
  const way: LoginWay = { host, method, flow, client, signal };
  if (step.kind === "device") return finishDevice(input, pending, step, way);
  const query = queryIn(input, pasted, step);
  return redeem(way, step.setup, step, codeIn(query, step.setup));
}

async function finishDevice(input: FinishInput, pending: PendingLogin, step: Extract<PendingStep, { kind: "device" }>, way: LoginWay): Promise<LoginResult> {
  const { deviceCode, intervalSeconds, setup } = step;
  const lifetimeMs = pending.expiresAtMs - input.host.nowMs();
  const { patienceMs } = input;
  input.onEvent({ event: "waiting" });
  const polling = { deviceCode, intervalSeconds, lifetimeMs, ...(patienceMs !== undefined && { patienceMs }) };
  const polled = await poll(way, setup, polling, input.onEvent);
  if (polled.kind === "done") return polled.result;
  keepPending(input, { ...pending, step: { ...step, intervalSeconds: polled.intervalSeconds } });
  throw stillPending("Enter the code on the page");
}

/** Asks at once: whoever finishes it has mostly agreed already. */
async function finishWithProgram(input: FinishInput, pending: PendingLogin, step: Extract<PendingStep, { kind: "program" }>, way: ProgramWay) {
  const { patienceMs, onEvent } = input;
  onEvent({ event: "waiting" });
  const polled = await pollProgram(way, {
    ...{ handle: step.returned, intervalSeconds: step.intervalSeconds, firstAfterMs: 0, lifetimeMs: pending.expiresAtMs - input.host.nowMs() },
    ...(patienceMs !== undefined && { patienceMs }),
    onHandle: (returned, intervalSeconds) => keepPending(input, { ...pending, step: { ...step, returned, intervalSeconds } }),
  });
  if (polled.kind === "pending") throw stillPending("Agree on the page");
  onEvent({ event: "received" });
  return polled.result;
}

function stillPending(what: string): AppError {
  return new AppError("LOGIN_PENDING", "nobody has agreed to the login on the vendor's page yet", {
    hint: `${what}, then finish the login again with the same handle.`,
  });
}

function unanswered(): AppError {
  return new AppError("LOGIN_PENDING", "the vendor did not answer in time", {
    hint: "Finish the login again later with the same handle; --timeout gives more time.",
  });
}

/** Throws LOGIN_STATE_MISMATCH for what belongs to another login, INPUT_MISSING for what cannot be used. */
function queryIn({ onEvent }: FinishInput, pasted: string | Secret | undefined, expected: ExpectedReturn): ReadonlyMap<string, string> {
  const reading = readPasted(pasted ?? "", expected);
  if (reading.kind === "answer") {
    onEvent({ event: "received" });
    return reading.query;
  }
  throw new AppError(reading.isForeign ? "LOGIN_STATE_MISMATCH" : "INPUT_MISSING", reading.why, { hint: reading.hint });
}

function damaged(): never {
  throw new AppError("LOGIN_HANDLE_UNKNOWN", "what was kept of that login is damaged", { hint: "Start the login again." });
}
