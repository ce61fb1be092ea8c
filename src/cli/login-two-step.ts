import { type Broker, openBroker } from "../broker.ts";
import { finishLogin } from "../credentials/login/finish-login.ts";
import { forgetPending, keepReceived, type PendingLogin, pendingLogin } from "../credentials/login/pending-file.ts";
import { startLogin } from "../credentials/login/start-login.ts";
import { AppError } from "../kernel/errors.ts";
import { remembered } from "../kernel/remember.ts";
import { profileIdFor } from "./account-options.ts";
import { docsOf } from "./login-methods.ts";
import { askPasted } from "./login-paste.ts";
import type { LoggedInReport, LoginStartedReport } from "./login-report.ts";
import { finished, inTime, type LoginCall, programFrom } from "./login-run.ts";
import { isStored, LOST_LOGIN, refuseUnstorable } from "./login-store.ts";
import { secretOf } from "./login-settings.ts";
import { tellEvent } from "./login-talk.ts";
import type { Talk } from "./talk.ts";

/** Asking for a code takes one request. */
const START_TIMEOUT_MS = 60_000;

/** A question that is under way when the patience ends is waited for: the vendor may answer it with the tokens, and gives them once. */
const LAST_ANSWER_MS = 20_000;
const FINISH_AGAIN = "What the vendor gave is kept: then finish the login again with the same handle.";

/** Begins, and leaves nothing running. */
export async function startOnly(call: LoginCall): Promise<LoginStartedReport> {
  const { broker, provider, method, client } = call;
  await refuseUnstorable(call);
  refusePageless(call);
  const machine = await broker.host.login();
  const { stateDir } = broker.config();
  const program = programFrom(call);
  const begun = await inTime(broker.host, START_TIMEOUT_MS, (signal) =>
    startLogin({ host: broker.host, machine, stateDir, provider, method, client, notes: notesOf(call), signal, ...program }),
  );
  return {
    url: begun.url,
    userCode: begun.userCode ?? null,
    expiresAt: begun.expiresAtMs,
    handle: begun.handle,
    schemaVersion: 1,
    urlWithCode: begun.verificationUrlComplete ?? null,
    needs: begun.needs,
    provider,
    method: method.id,
    licence: method.licence,
    standing: method.standing ?? null,
    finish: `${call.command} --finish ${begun.handle}`,
  };
}

function refusePageless({ broker, provider, method: { flow, label } }: LoginCall): void {
  if (flow.kind !== "api-key-page" || flow.page !== "") return;
  throw new AppError("USAGE", `"${label}" has no two steps`, {
    hint: `${docsOf(broker, provider)} \`{cli} models auth paste-api-key --provider ${provider}\` stores one.`,
  });
}

/** What is decided at the start and done at the end. */
function notesOf({ broker, id, defaultModel, clientIdToKeep }: LoginCall): Readonly<Record<string, string>> {
  return {
    agentId: broker.agents().chosen.id,
    ...(id !== undefined && { profileId: id }),
    ...(defaultModel !== undefined && { defaultModel: defaultModel.ref }),
    ...(clientIdToKeep !== undefined && { clientIdToKeep }),
  };
}

export interface FinishWish {
  readonly finish: string | undefined;
  readonly provider: string | undefined;
  readonly method: string | undefined;
  readonly clientId: string | undefined;
  readonly issuer: string | undefined;
  readonly profileId: string | undefined;
  readonly yes: boolean;
  readonly timeout: number;
}

/** Finishes what `--start` began, for the agent that it was begun for. */
export async function finishStarted(broker: Broker, talk: Talk, wish: FinishWish, args: readonly string[]): Promise<LoggedInReport> {
  refuseOthers(wish, args);
  const machine = await broker.host.login();
  const { stateDir } = broker.config();
  const at = { host: broker.host, machine, stateDir };
  const pending = pendingLogin(at, wish.finish ?? "");
  const call = await callOf(broker, talk, pending, wish);
  await refuseUnstorable(call);
  const { kind } = pending.step;
  const pasted = kind === "code" || kind === "key" ? await askPasted(talk) : undefined;
  const voice = { talk, json: false, method: pending.method };
  const program = programFrom(call);
  const result = await inTime(broker.host, wish.timeout + LAST_ANSWER_MS, (signal) =>
    finishLogin({ ...at, client: call.client, ...program, onEvent: (event) => tellEvent(event, voice), patienceMs: wish.timeout, signal }, pending, pasted),
  );
  const unstored = remembered(() => (keepReceived(at, pending, result) === "kept" ? FINISH_AGAIN : LOST_LOGIN));
  try {
    const report = await finished({ ...call, unstored }, result);
    forgetPending(at, pending.handle);
    return report;
  } catch (thrown) {
    // Tokens that were stored may be renewed at any time, and must not come back from here after that.
    if (await isStored(call, result)) forgetPending(at, pending.handle);
    else unstored();
    throw thrown;
  }
}

async function callOf(broker: Broker, talk: Talk, pending: PendingLogin, { yes, profileId }: FinishWish): Promise<LoginCall> {
  const { provider, method, clientId, clientSecretVariable, notes } = pending;
  const { agentId, profileId: noted, defaultModel, clientIdToKeep } = notes;
  const own =
    agentId === undefined || agentId === broker.agents().chosen.id ? broker : await openBroker({ host: broker.host, names: broker.names, agent: agentId });
  const written = profileId ?? noted;
  return {
    broker: own,
    talk,
    command: "models auth login",
    provider,
    method,
    client: clientId === undefined ? undefined : { clientId, ...(clientSecretVariable !== undefined && secretOf(broker, clientSecretVariable)) },
    id: written === undefined ? undefined : profileIdFor(own, provider, written, method.accountName ?? "default"),
    yes,
    defaultModel: defaultModel === undefined ? undefined : { ref: defaultModel, command: "models auth login" },
    clientIdToKeep,
  };
}

/** All of that was decided at the start. */
function refuseOthers(wish: FinishWish, args: readonly string[]): void {
  const given = { "--provider": wish.provider ?? args[0], "--method": wish.method, "--client-id": wish.clientId, "--issuer": wish.issuer };
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return;
  throw new AppError("USAGE", `--finish goes on with what --start began, and takes no ${name}`, { hint: "Leave it away, or begin again with --start." });
}
