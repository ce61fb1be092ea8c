import type { Broker } from "../broker.ts";
import type { GivenClient, LoginEvent, LoginResult } from "../credentials/login/contract.ts";
import { logIn } from "../credentials/login/log-in.ts";
import { AppError, asAppError, assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { type AskedPlugin, programFor } from "../plugins/program-for.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import { readAgain } from "./commands/models/auth/read-again.ts";
import { type Asking, askKey, askSetupToken, askToken, labelOf } from "./ask-credential.ts";
import { type DefaultModel, setDefaultModel } from "./login-default.ts";
import { freeId, loginProfileId } from "./login-account.ts";
import { LOST_LOGIN, refuseUnstorable } from "./login-store.ts";
import { settingPath } from "./login-settings.ts";
import { docsOf } from "./login-methods.ts";
import { askPasted } from "./login-paste.ts";
import type { LoggedInReport } from "./login-report.ts";
import { tellEvent } from "./login-talk.ts";
import { type NewAccount, storeCredential } from "./store-credential.ts";
import type { StoredReport } from "./stored-account.ts";
import type { Talk } from "./talk.ts";

/** All that one login needs to know, judged before it begins. */
export interface LoginCall {
  readonly broker: Broker;
  readonly talk: Talk;
  /** "models auth login". */
  readonly command: string;
  readonly provider: ProviderId;
  readonly method: LoginMethod;
  readonly client: GivenClient | undefined;
  readonly id: ProfileId | undefined;
  readonly yes: boolean;
  readonly defaultModel: DefaultModel | undefined;
  /** The client id, when only the command line says it. */
  readonly clientIdToKeep: string | undefined;
  /** What to do when the vendor has agreed and the store takes nothing, as a sentence; where it is absent, what came is kept nowhere. */
  readonly unstored?: () => string;
}

/** How long a person is waited for. */
export const PATIENCE_MS = 15 * 60_000;

export interface LoginTurn {
  readonly browser: "open" | "print";
  readonly timeoutMs: number;
  onEvent(event: LoginEvent): void;
}

/** Logs in, stores what came of it, and says so. */
export async function runLogin(call: LoginCall, turn: LoginTurn): Promise<LoggedInReport> {
  const { broker, talk, provider, method, client } = call;
  const { flow } = method;
  await refuseUnstorable(call);
  if (flow.kind === "api-key-page" && (flow.takes === "setup-token" || flow.page === "")) return finished(call, await pastedKey(call));
  const machine = await broker.host.login();
  const result = await inTime(broker.host, turn.timeoutMs, (signal) =>
    logIn({
      ...{ host: broker.host, machine, provider, method, client, signal },
      ...programFrom(call),
      patienceMs: turn.timeoutMs,
      browser: turn.browser,
      onEvent: (event) => turn.onEvent(event),
      paste: talk.isInteractive ? (taken) => askPasted(talk, taken) : undefined,
    }),
  );
  return finished(call, result);
}

/** For a login that a program makes, the plugin. Throws LOGIN_FAILED where the config has its own word on the provider: its address may be another one. */
export function programFrom({ broker, provider, method }: Pick<LoginCall, "broker" | "provider" | "method">): { readonly program?: AskedPlugin } {
  if (method.flow.kind !== "program") return {};
  const registered = broker.registry().get(provider);
  const plugin = registered === undefined ? undefined : programFor(registered, broker.plugins().plugins, "login");
  if (plugin !== undefined) return { program: plugin };
  throw new AppError("LOGIN_FAILED", `no plugin logs in to ${provider} as your config defines it`, {
    hint: `Take models.providers.${provider} out of the config, or store a key: \`{cli} models auth paste-api-key --provider ${provider}\`.`,
  });
}

/** With a person at the terminal, who is told what happens. */
export function attendedLogin(call: LoginCall): Promise<LoggedInReport> {
  const voice = { talk: call.talk, json: false, method: call.method };
  return runLogin(call, { browser: "open", timeoutMs: PATIENCE_MS, onEvent: (event) => tellEvent(event, voice) });
}

/** Stores what a login gave. */
export async function finished(call: LoginCall, result: LoginResult): Promise<LoggedInReport> {
  switch (result.kind) {
    case "credential":
      return stored(call, result);
    case "key_page":
      return stored(call, await pastedKey(call));
    case "delegated":
      if (!result.isChecked) refuseUnseen(call, result.program);
      return { ...factsOf(call), outcome: "delegated", stored: null, delegatedTo: result.program, scopes: [], defaultModel: await chosenDefault(call) };
    default:
      return assertNever(result);
  }
}

/** The program offers no way to ask: what it leaves on this machine tells. Throws LOGIN_FAILED. */
function refuseUnseen({ broker, provider, method: { flow } }: LoginCall, program: string): void {
  const standing = broker.credentials().standingOf(provider);
  if (standing?.found === true) return;
  const words = flow.kind === "delegate" ? [flow.program, ...flow.loginArguments].join(" ") : program;
  const seen = standing?.detail.replace(/\.$/, "") ?? `no login of ${program} was found`;
  throw new AppError("LOGIN_FAILED", seen, { hint: `Run \`${words}\` where that was not done, then this command again.` });
}

type Received = Extract<LoginResult, { kind: "credential" }>;

/** By what is stored now: somebody else may have logged in while this one was waited for. */
async function stored(call: LoginCall, received: Received): Promise<LoggedInReport> {
  const { talk, command, provider, method, unstored = () => LOST_LOGIN } = call;
  const broker = await readAgain(call.broker);
  const id = await loginProfileId(received, { ...call, broker });
  const { credential, email, login, grantedScopes = [] } = received;
  const unnamed = call.id === undefined ? { freeId: (isTaken: (id: ProfileId) => boolean) => freeId(isTaken, provider, method) } : {};
  const account: NewAccount = { id, provider, credential, email, login, ...unnamed };
  const report: StoredReport = await storeCredential(account, { broker, talk, command, replace: "yes", test: null, unstored });
  const defaultModel = await chosenDefault(call);
  return { ...factsOf(call), outcome: "stored", stored: report, delegatedTo: null, scopes: [...grantedScopes], defaultModel };
}

function factsOf({ provider, method, clientIdToKeep }: LoginCall): Omit<LoggedInReport, "outcome" | "stored" | "delegatedTo" | "scopes" | "defaultModel"> {
  return {
    schemaVersion: 1,
    provider,
    method: method.id,
    licence: method.licence,
    standing: method.standing ?? null,
    keepClientId: clientIdToKeep === undefined ? null : `config set ${settingPath(provider, "clientId")} ${quoted(clientIdToKeep)}`,
  };
}

/** A word of a shell. */
function quoted(word: string): string {
  return /^[\w.@:/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function chosenDefault({ broker, talk, defaultModel }: LoginCall): Promise<string | null> {
  return defaultModel === undefined ? Promise.resolve(null) : setDefaultModel(broker, talk, defaultModel);
}

/** What a person made on the vendor's page; hidden, or all of stdin. */
async function pastedKey({ broker, talk, provider, method: { flow } }: LoginCall): Promise<Received> {
  const asking = { broker, talk, provider };
  if (flow.kind === "api-key-page" && flow.page === "") talk.note(docsOf(broker, provider));
  const takes = flow.kind === "api-key-page" ? (flow.takes ?? "key") : "key";
  switch (takes) {
    case "key":
      return { kind: "credential", credential: { kind: "api_key", key: await askedKey(asking) } };
    case "token":
      return { kind: "credential", credential: { kind: "token", token: await askToken(asking) } };
    case "setup-token":
      talk.note(`\`claude setup-token\` makes one for ${labelOf(broker, provider)}, in another window.`);
      return { kind: "credential", credential: { kind: "token", token: await askSetupToken(talk) } };
    default:
      return assertNever(takes);
  }
}

/** One that looks like none is stored by the command that has a flag for it. */
async function askedKey(asking: Asking): Promise<Secret> {
  try {
    return await askKey(asking, "ask");
  } catch (thrown) {
    const { code, message, facts } = asAppError(thrown);
    if (code !== "CREDENTIAL_SHAPE") throw thrown;
    const instead = `\`{cli} models auth paste-api-key --provider ${asking.provider} --any-shape\` stores`;
    throw new AppError(code, message, { ...facts, hint: facts.hint.replace("--any-shape stores", instead) });
  }
}

function shortTime(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds >= 120) return `${Math.round(seconds / 60)} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

/** Throws LOGIN_EXPIRED when the time is over; nothing goes on afterwards. */
export async function inTime<T>(host: Host, timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const [over, done] = [new AbortController(), new AbortController()];
  const expired = new AppError("LOGIN_EXPIRED", `nobody finished the login within ${shortTime(timeoutMs)}`, {
    hint: "Nothing was stored. Run it again when you are ready; --timeout gives more time.",
  });
  void host.wait(timeoutMs, done.signal).then(
    () => over.abort(expired),
    () => undefined,
  );
  try {
    return await work(over.signal);
  } finally {
    done.abort();
  }
}
