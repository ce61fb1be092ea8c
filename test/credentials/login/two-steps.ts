import type { LoginEvent } from "../../../src/credentials/login/contract.ts";
import type { FinishInput } from "../../../src/credentials/login/finish-login.ts";
import type { PendingPlace } from "../../../src/credentials/login/pending-file.ts";
import { type StartedLogin, type StartInput, startLogin } from "../../../src/credentials/login/start-login.ts";
import type { LoginFlow } from "../../../src/provider/login-method.ts";
import { given, json, methodOf, provider, type Stage, TOKEN_ANSWER } from "./stage.ts";

const stateDir = "/home/me/.nemo";
export const folder = `${stateDir}/signalbox/logins`;
export const tokens = { "/token": [json(200, TOKEN_ANSWER)] };

export function start({ host, machine }: Stage, flow: LoginFlow, more: Partial<StartInput> = {}): Promise<StartedLogin> {
  const signal = new AbortController().signal;
  return startLogin({ host, machine, stateDir, provider, method: methodOf(flow), client: given, notes: { profileId: "lab:me" }, signal, ...more });
}

export function finishing({ host, machine }: Stage, more: Partial<FinishInput> = {}): FinishInput & { readonly events: LoginEvent[] } {
  const events: LoginEvent[] = [];
  const signal = new AbortController().signal;
  return { host, machine, stateDir, client: given, onEvent: (event) => void events.push(event), signal, ...more, events };
}

export const place = ({ host, machine }: Stage): PendingPlace => ({ host, machine, stateDir });
export const kept = ({ host }: Stage): string[] => [...host.written.keys()].filter((path) => path.startsWith(folder));
