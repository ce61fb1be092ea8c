import type { LoginEvent } from "../credentials/login/contract.ts";
import { assertNever } from "../kernel/errors.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import { LICENCES } from "./login-methods.ts";
import type { Talk } from "./talk.ts";

/** Who is told what: on a terminal as notes; where only warnings are shown, as these, for without the page nobody gets on. */
export interface LoginVoice {
  readonly talk: Talk;
  readonly json: boolean;
  readonly method: LoginMethod;
}

/** What the credential may be used for and what the vendor thinks of it, before anything begins. */
export function tellLicence(talk: Talk, label: string, method: LoginMethod): void {
  talk.note(`${label}: ${method.label}. Licence of use: ${LICENCES[method.licence]} (${method.licence}).`);
  if (method.standing !== undefined) talk.warn(method.standing);
}

/** What happens meanwhile, for a person. An address stands on a line of its own, to be copied whole. */
export function tellEvent(event: LoginEvent, { talk, json, method }: LoginVoice): void {
  const tell = json && !talk.isInteractive ? talk.warn : talk.note;
  switch (event.event) {
    case "page":
      return tellPage(event, method, tell);
    case "browser_opened":
      return talk.note("It was opened in your browser.");
    case "waiting":
      return talk.note("Waiting until you have agreed there. Ctrl-C stops, and leaves nothing behind.");
    case "retry":
      return talk.note(`Asked again in ${event.inSeconds} s: ${event.why}.`);
    case "paste_refused":
      return talk.warn(`${event.why}. ${event.hint}`);
    case "browser_not_opened":
    case "received":
    case "exchanged":
    case "slow_down":
      return undefined;
    default:
      return assertNever(event);
  }
}

function tellPage({ url, userCode }: Extract<LoginEvent, { event: "page" }>, { flow }: LoginMethod, tell: (text: string) => void): void {
  const asks = userCode === undefined ? "Open this page, and log in:" : "Open this page on any device:";
  tell(flow.kind === "api-key-page" ? "Keys are made on this page:" : asks);
  tell(url);
  if (userCode !== undefined) tell(`and enter this code there:  ${userCode}`);
}
