import type { Host } from "../../kernel/host.ts";
import type { Secret } from "../../kernel/secret.ts";
import { askProgram } from "../../plugins/ask-program.ts";
import { isAsInstalled } from "../../plugins/install.ts";
import type { AskedPlugin } from "../../plugins/program-for.ts";
import type { LoginFlow, LoginMethod } from "../../provider/login-method.ts";
import type { StoredLogin } from "../stored-login.ts";
import { showPage } from "./await-return.ts";
import { type LoginInput, type LoginResult, USUAL_PATIENCE_MS } from "./contract.ts";
import { answerInvalid, loginExpired, loginFailed } from "./failures.ts";
import { type ProgramAnswer, readLoginAnswer } from "./program-answer.ts";

type ProgramFlow = Extract<LoginFlow, { readonly kind: "program" }>;
type Page = Extract<ProgramAnswer, { readonly kind: "page" }>;
type Given = Extract<ProgramAnswer, { readonly kind: "credential" }>;

const LOOK = "Nothing was stored. `{cli} plugins doctor` says more.";

/** Asks a plugin's program, shows the page that it names, and asks again until it has the credential. */
export async function byProgram(input: LoginInput, { pluginId }: ProgramFlow): Promise<LoginResult> {
  const { host, method, program } = input;
  if (program?.id !== pluginId) throw loginFailed(`the plugin ${pluginId}`, "is not there, or is turned off", "See `{cli} plugins list`.");
  const first = await ask(input, program, undefined);
  if (first.kind === "pending") throw answerInvalid(nameOf(program), "there is neither a page nor a credential in it");
  const given = first.kind === "page" ? await consented(input, program, first) : first;
  return resultOf(given, { host, method, pluginId, isRenewed: program.program.verbs.includes("refresh") });
}

async function consented(input: LoginInput, program: AskedPlugin, page: Page): Promise<Given> {
  const { host, signal, patienceMs = USUAL_PATIENCE_MS } = input;
  const { url, userCode, lifetimeSeconds } = page;
  const [startedMs, untilMs] = [host.monotonicMs(), Math.min(lifetimeSeconds * 1000, patienceMs)];
  input.onEvent({ event: "page", url, ...(userCode !== undefined && { userCode }), expiresAtMs: host.nowMs() + untilMs });
  await showPage(input, url);
  input.onEvent({ event: "waiting" });
  for (let { handle, intervalSeconds } = page; ; ) {
    const leftMs = Math.max(0, untilMs - (host.monotonicMs() - startedMs));
    await host.wait(Math.min(leftMs, intervalSeconds * 1000), signal);
    if (leftMs <= intervalSeconds * 1000) throw loginExpired();
    const answer = await ask(input, program, handle);
    if (answer.kind === "page") throw answerInvalid(nameOf(program), "it names another page while somebody is at the first one");
    if (answer.kind === "credential") {
      input.onEvent({ event: "received" });
      return answer;
    }
    handle = answer.handle ?? handle;
    intervalSeconds = answer.intervalSeconds ?? intervalSeconds;
  }
}

/** One question. Its files are looked at each time: they may be changed while somebody is at the page. */
async function ask({ host, provider, signal }: LoginInput, program: AskedPlugin, handle: Secret | undefined): Promise<ProgramAnswer> {
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

interface Made {
  readonly host: Host;
  readonly method: LoginMethod;
  readonly pluginId: string;
  /** The program answers `refresh`. */
  readonly isRenewed: boolean;
}

/** The last minute of a token is not used: it may end on the way. */
const MARGIN_MS = 60_000;

function resultOf({ credential, email, lifetimeSeconds }: Given, { host, method, pluginId, isRenewed }: Made): LoginResult {
  if (credential.kind === "oauth" && !isRenewed)
    throw answerInvalid(nameOf({ id: pluginId }), "it gives a login that has to be renewed, and does not answer refresh");
  const account = email === undefined ? {} : { email };
  if (credential.kind === "api_key") return { kind: "credential", credential, ...account };
  const expiresAtMs = lifetimeSeconds === undefined ? undefined : host.nowMs() + lifetimeSeconds * 1000 - MARGIN_MS;
  const login: StoredLogin = {
    ...{ method: method.id, licence: method.licence, tokenUrl: "", clientId: "", program: pluginId, scopes: [], generation: 1 },
    obtainedAtMs: host.nowMs(),
    ...(lifetimeSeconds !== undefined && { lifetimeSeconds }),
  };
  const whole = credential.kind === "oauth" ? { ...credential, expiresAtMs } : { ...credential, ...(expiresAtMs !== undefined && { expiresAtMs }) };
  return { kind: "credential", credential: whole, ...account, login };
}
