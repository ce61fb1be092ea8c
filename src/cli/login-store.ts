import type { Broker } from "../broker.ts";
import type { LoginResult } from "../credentials/login/contract.ts";
import { checkIssuer } from "../credentials/login/setup.ts";
import { isSameLogin, isSameSecret } from "../credentials/secret-text.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import { readAgain } from "./commands/models/auth/read-again.ts";

/** What a login and its backup need besides what is stored already. */
const SPARE_BYTES = 16 * 1024;
const LOCK_TIMEOUT_MS = 30_000;

/** When the vendor has agreed and the store takes nothing. */
export const LOST_LOGIN = "What the vendor gave is kept nowhere: then log in again.";

interface StoringLogin {
  readonly broker: Broker;
  /** "models auth login". */
  readonly command: string;
  readonly method: LoginMethod;
}

/**
 * Throws what storing the login would throw, and what makes storing it idle. Asked before anybody is sent to the vendor: a consent, and the code that comes of it, are good for once.
 * Nothing is left behind, and what goes wrong later is not foreseen.
 */
export async function refuseUnstorable({ broker, command, method }: StoringLogin): Promise<void> {
  const { flow } = method;
  if (flow.kind === "delegate") return;
  if (flow.kind === "authorization-code" || flow.kind === "device-code") checkIssuer(flow);
  const { file } = await broker.editStore({ command, backup: "previous" }, () => undefined);
  const machine = await broker.host.refreshing();
  // The id of no account: it only names whose room it is.
  const place = { store: file, id: "login" };
  const bytes = 2 * (broker.host.inspect(file)?.sizeBytes ?? 0) + SPARE_BYTES;
  await machine.alone(place, { command, timeoutMs: LOCK_TIMEOUT_MS }, async () => machine.reserve(place, bytes).release());
}

/** Whether what the vendor gave is in the store, whatever went wrong afterwards. */
export async function isStored(call: Pick<StoringLogin, "broker">, result: LoginResult): Promise<boolean> {
  if (result.kind !== "credential") return false;
  const { profiles } = (await readAgain(call.broker)).credentials();
  return profiles.some(({ credential }) => isSameLogin(credential, result.credential) || isSameSecret(credential, result.credential));
}
