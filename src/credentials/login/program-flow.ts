import { isAsInstalled } from "../../plugins/install.ts";
import { askProgram } from "../../plugins/ask-program.ts";
import type { AskedPlugin } from "../../plugins/program-for.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { LoginFlow, LoginMethod } from "../../provider/login-method.ts";
import type { StoredLogin } from "../stored-login.ts";
import { showPage } from "./await-return.ts";
import { type LoginInput, type LoginResult, USUAL_PATIENCE_MS } from "./contract.ts";
import { answerInvalid, loginExpired, loginFailed } from "./failures.ts";
import { type ProgramAnswer, readLoginAnswer } from "./program-answer.ts";

type ProgramFlow = Extract<LoginFlow, { readonly kind: "program" }>;
type Given = Extract<ProgramAnswer, { readonly kind: "credential" }>;
export type ProgramPage = Extract<ProgramAnswer, { readonly kind: "page" }>;

const LOOK = "Nothing was stored. `{cli} plugins doctor` says more.";

/** Who is asked for a login. */
export interface ProgramWay extends Pick<LoginInput, "host" | "provider" | "signal"> {
  readonly method: LoginMethod;
  readonly program: AskedPlugin;
}

/** Throws LOGIN_FAILED where the plugin that the login was offered by is not there. */
export function programWay({ host, provider, signal, method, program }: Omit<ProgramWay, "program"> & Pick<LoginInput, "program">, { pluginId }: ProgramFlow) {
  if (program?.id !== pluginId) throw loginFailed(`the plugin ${pluginId}`, "is not there, or is turned off", "See `{cli} plugins list`.");
  return { host, provider, signal, method, program };
}

/** Asks a plugin's program, shows the page that it names, and asks again until it has the credential. */
export async function byProgram(input: LoginInput, flow: ProgramFlow): Promise<LoginResult> {
  const way = programWay(input, flow);
  const first = await beginProgram(way);
  return first.kind === "page" ? consented(input, way, first) : first.result;
}

/** What a program says at first: a page for a person, or the credential at once. */
export async function beginProgram(way: ProgramWay): Promise<ProgramPage | { readonly kind: "done"; readonly result: LoginResult }> {
  const first = await ask(way, undefined);
  if (first.kind === "pending") throw answerInvalid(nameOf(way.program), "there is neither a page nor a credential in it");
  return first.kind === "page" ? first : { kind: "done", result: resultOf(first, way) };
}

async function consented(input: LoginInput, way: ProgramWay, { url, userCode, lifetimeSeconds, handle, intervalSeconds }: ProgramPage): Promise<LoginResult> {
  const { host, patienceMs = USUAL_PATIENCE_MS } = input;
  const lifetimeMs = Math.min(lifetimeSeconds * 1000, patienceMs);
  input.onEvent({ event: "page", url, ...(userCode !== undefined && { userCode }), expiresAtMs: host.nowMs() + lifetimeMs });
  await showPage(input, url);
  input.onEvent({ event: "waiting" });
  const polled = await pollProgram(way, { handle, intervalSeconds, lifetimeMs, firstAfterMs: intervalSeconds * 1000 });
  if (polled.kind === "pending") throw loginExpired();
  input.onEvent({ event: "received" });
  return polled.result;
}

export interface ProgramPolling {
  readonly handle: Secret;
  readonly intervalSeconds: number;
  /** How much longer the page is good for. */
  readonly lifetimeMs: number;
  /** Stops earlier, and gives `pending` back. */
  readonly patienceMs?: number;
  /** Before the first question. */
  readonly firstAfterMs: number;
  /** Told of each handle that takes the place of the last one, before it is used. */
  onHandle?(handle: Secret, intervalSeconds: number): void;
}

export type ProgramPolled = { readonly kind: "done"; readonly result: LoginResult } | { readonly kind: "pending" };

/** Asks until somebody has agreed. Throws LOGIN_EXPIRED, LOGIN_FAILED and LOGIN_ANSWER_INVALID. */
export async function pollProgram(way: ProgramWay, polling: ProgramPolling): Promise<ProgramPolled> {
  const { host, signal } = way;
  const { lifetimeMs, patienceMs = Number.POSITIVE_INFINITY } = polling;
  const [startedMs, untilMs] = [host.monotonicMs(), Math.min(lifetimeMs, patienceMs)];
  for (let { handle, intervalSeconds, firstAfterMs: pauseMs } = polling; ; pauseMs = intervalSeconds * 1000) {
    const leftMs = Math.max(0, untilMs - (host.monotonicMs() - startedMs));
    await host.wait(Math.min(leftMs, pauseMs), signal);
    if (leftMs <= pauseMs) {
      if (untilMs < lifetimeMs) return { kind: "pending" };
      throw loginExpired();
    }
    const answer = await ask(way, handle);
    if (answer.kind === "page") throw answerInvalid(nameOf(way.program), "it names another page while somebody is at the first one");
    if (answer.kind === "credential") return { kind: "done", result: resultOf(answer, way) };
    intervalSeconds = answer.intervalSeconds ?? intervalSeconds;
    if (answer.handle === undefined) continue;
    handle = answer.handle;
    polling.onHandle?.(handle, intervalSeconds);
  }
}

/** One question. Its files are looked at each time: they may be changed while somebody is at the page. */
async function ask({ host, provider, signal, program }: ProgramWay, handle: Secret | undefined): Promise<ProgramAnswer> {
  signal.throwIfAborted();
  if (!isAsInstalled(program, await host.plugins())) throw loginFailed(nameOf(program), "was not asked: its files were changed since it was installed", LOOK);
  const reply = await askProgram(host, program, { verb: "login", provider, handle });
  signal.throwIfAborted();
  if (reply.kind === "failed") throw loginFailed(nameOf(program), reply.why, LOOK);
  return readLoginAnswer(reply.answer, provider, nameOf(program));
}

function nameOf({ id }: Pick<AskedPlugin, "id">): string {
  return `the program of the plugin ${id}`;
}

/** The last minute of a token is not used: it may end on the way. */
const MARGIN_MS = 60_000;

function resultOf({ credential, email, lifetimeSeconds }: Given, { host, method, program }: ProgramWay): LoginResult {
  if (credential.kind === "oauth" && !program.program.verbs.includes("refresh"))
    throw answerInvalid(nameOf(program), "it gives a login that has to be renewed, and does not answer refresh");
  const account = email === undefined ? {} : { email };
  if (credential.kind === "api_key") return { kind: "credential", credential, ...account };
  const expiresAtMs = lifetimeSeconds === undefined ? undefined : host.nowMs() + lifetimeSeconds * 1000 - MARGIN_MS;
  const login: StoredLogin = {
    ...{ method: method.id, licence: method.licence, tokenUrl: "", clientId: "", program: program.id, scopes: [], generation: 1 },
    obtainedAtMs: host.nowMs(),
    ...(lifetimeSeconds !== undefined && { lifetimeSeconds }),
  };
  const whole = credential.kind === "oauth" ? { ...credential, expiresAtMs } : { ...credential, ...(expiresAtMs !== undefined && { expiresAtMs }) };
  return { kind: "credential", credential: whole, ...account, login };
}
