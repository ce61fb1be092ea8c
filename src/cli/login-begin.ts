import type { Broker } from "../broker.ts";
import { isoDay } from "../catalog/iso-day.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import { ownProvider, profileIdFor } from "./account-options.ts";
import { labelOf } from "./ask-credential.ts";
import { plannedDefault } from "./login-default.ts";
import { isOAuth, loginMethods, namedMethod, pickLoginProvider, pickMethod } from "./login-methods.ts";
import type { LoginCall } from "./login-run.ts";
import { clientFor, loginSettings, type LoginSettings, type LoginWish, settledMethod } from "./login-settings.ts";
import { tellLicence } from "./login-talk.ts";
import type { Talk } from "./talk.ts";

export interface BeginWish {
  readonly provider: string | undefined;
  readonly method: string | undefined;
  readonly profileId: string | undefined;
  readonly setDefault: boolean;
  readonly yes: boolean;
  readonly noBrowser: boolean;
  readonly clientId: string | undefined;
  readonly issuer: string | undefined;
  readonly scope: readonly string[];
  readonly host?: string | undefined;
  /** "models auth login" unless told. */
  readonly command?: string;
}

/** `models auth login` without a flag. */
export const NO_WISH = {
  ...{ provider: undefined, method: undefined, profileId: undefined, clientId: undefined, issuer: undefined },
  ...{ setDefault: false, yes: false, noBrowser: false, scope: [] },
} satisfies BeginWish;

/** Judges all that was asked for, says what the vendor permits, and asks whether to go on where that is not plainly yes. Nothing was begun yet. */
export async function beginLogin(broker: Broker, talk: Talk, given: BeginWish, args: readonly string[]): Promise<LoginCall> {
  const table = await broker.logins();
  const named = namedProvider(given.provider, args[0]);
  const provider = named === undefined ? await pickLoginProvider(broker, talk, table) : ownProvider(broker, named);
  const settings = loginSettings(broker, provider, wishOf(given));
  const method = await chosenMethod(broker, talk, { provider, settings, given });
  const settled = settledMethod(method, settings);
  const client = clientFor(broker, provider, method, settings);
  const command = given.command ?? "models auth login";
  const id = given.profileId === undefined ? undefined : profileIdFor(broker, provider, given.profileId, method.accountName ?? "default");
  const defaultModel = given.setDefault ? { ref: await plannedDefault(broker, talk, provider, method), command } : undefined;
  tellLicence(talk, labelOf(broker, provider), method);
  if (method.standing !== undefined && talk.isInteractive && !given.yes) await agree(talk);
  const clientIdToKeep = settings.clientIdFrom === "flag" && isOAuth(method) ? settings.clientId : undefined;
  return { broker, talk, command, provider, method: settled, client, id, yes: given.yes, defaultModel, clientIdToKeep };
}

function namedProvider(flag: string | undefined, argument: string | undefined): string | undefined {
  if (flag === undefined || argument === undefined || flag === argument) return flag ?? argument;
  throw new AppError("USAGE", "two providers are named, one as a word and one by --provider", { hint: "Give one of the two." });
}

function wishOf({ clientId, issuer, scope, host }: BeginWish): LoginWish {
  return { clientId, issuer, scopes: scope.flatMap((text) => text.split(/\s+/)).filter((text) => text !== ""), host };
}

interface Choosing {
  readonly provider: ProviderId;
  readonly settings: LoginSettings;
  readonly given: BeginWish;
}

async function chosenMethod(broker: Broker, talk: Talk, { provider, settings, given }: Choosing): Promise<LoginMethod> {
  const checkedOn = isoDay(broker.host.nowMs());
  const issuer = settings.issuer === undefined ? undefined : { url: settings.issuer, checkedOn };
  const methods = loginMethods(broker.registry().get(provider)?.provider, await broker.logins(), issuer);
  if (given.method !== undefined && methods.length > 0) return namedMethod(methods, given.method, provider);
  const canShowBrowser = !given.noBrowser && (await broker.host.login()).canShowBrowser;
  return pickMethod(methods, { broker, talk, provider, settings, canShowBrowser });
}

async function agree(talk: Talk): Promise<void> {
  if (await talk.confirm("Go on?", { instead: "Give --yes." })) return;
  throw new AppError("INTERRUPTED", "stopped before the login began", { hint: "Nothing was asked of the vendor, and nothing was stored." });
}
