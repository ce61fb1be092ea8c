import { utcMinute } from "../kernel/duration.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import { hang } from "./hanging-text.ts";
import { LICENCES } from "./login-methods.ts";
import { type StoredReport, storedLines } from "./stored-account.ts";
import type { Style } from "./style.ts";

/** Which login it was, and what may be done with what came of it. */
interface LoginFacts {
  provider: string;
  method: string;
  licence: LoginMethod["licence"];
  /** What the vendor thinks of it, where that is not plainly yes. */
  standing: string | null;
}

/** The end of a login. */
export interface LoggedInReport extends LoginFacts {
  schemaVersion: 1;
  /** `delegated`: another program is logged in, and keeps the login. */
  outcome: "stored" | "delegated";
  /** null where nothing is stored here. */
  stored: StoredReport | null;
  delegatedTo: string | null;
  /** What was asked for and granted; empty where the vendor does not say. */
  scopes: string[];
  /** The default model that `--set-default` chose. */
  defaultModel: string | null;
  /** A client id that was given with the command alone: which command keeps it. */
  keepClientId: string | null;
}

/** `--start`: what a person needs to go on. Nothing is left running. */
export interface LoginStartedReport extends LoginFacts {
  url: string;
  userCode: string | null;
  /** Milliseconds since 1970. */
  expiresAt: number;
  handle: string;
  schemaVersion: 1;
  /** The page with the code filled in. */
  urlWithCode: string | null;
  /** `paste`: finishing takes the address that the browser ended at, or the code, on stdin. `none`: only consent on the page. */
  needs: "paste" | "none";
  /** The command that finishes it, without the name of the program. */
  finish: string;
}

/** `--events`: one line each while the login goes on; the last one is `done`. */
export type LoginEventReport =
  | { event: "begin"; provider: string; method: string; licence: LoginMethod["licence"]; standing: string | null }
  | { event: "page"; url: string; userCode: string | null; urlWithCode: string | null; expiresAt: number | null }
  | { event: "browser_opened" | "browser_not_opened" | "waiting" | "received" | "exchanged" }
  | { event: "slow_down"; intervalSeconds: number }
  | { event: "retry"; why: string; inSeconds: number }
  | { event: "paste_refused"; why: string; hint: string }
  | ({ event: "done" } & LoggedInReport);

export type AccountLoginReport = LoggedInReport | LoginStartedReport | LoginEventReport;

export function loginLines(report: AccountLoginReport, style: Style): string {
  if ("handle" in report) return startedLines(report, style);
  return "outcome" in report ? loggedInLines(report, style) : "";
}

function loggedInLines(report: LoggedInReport, style: Style): string {
  const { stored, delegatedTo, licence, defaultModel, keepClientId } = report;
  if (stored === null) {
    const text = `${delegatedTo ?? "The program"} is logged in, and keeps the login. ${report.provider} is answered for by it; nothing was stored here.`;
    return [hang(style.good("✓ "), text, style.width), ...modelLine(defaultModel, style), `${style.accent("→")} ${style.cli} models status`].join("\n");
  }
  const renewal = stored.account.refreshable ? " It is renewed before it ends." : "";
  // Its note says what a login needs; this one has it.
  const lines = storedLines({ ...stored, account: { ...stored.account, note: null } }, style).split("\n");
  const next = lines.pop() ?? "";
  // A person's own word about it stands in those lines already.
  const said = stored.account.licence.saidBy === "config" ? "" : `Licence of use: ${LICENCES[licence]}.`;
  return [
    ...lines,
    hang("", `${said}${renewal}`.trim(), style.width),
    ...modelLine(defaultModel, style),
    next,
    ...(keepClientId === null ? [] : [`${style.accent("→")} ${style.cli} ${keepClientId}   ${style.dim("keeps the client id")}`]),
  ].join("\n");
}

function modelLine(model: string | null, style: Style): string[] {
  return model === null ? [] : [`Default model: ${style.accent(model)}`];
}

function startedLines({ url, userCode, expiresAt, needs, finish }: LoginStartedReport, style: Style): string {
  const until = utcMinute(expiresAt);
  return [
    userCode === null ? "Open this page, and log in:" : "Open this page on any device:",
    url,
    ...(userCode === null ? [] : [`and enter this code there:  ${style.bold(userCode)}`]),
    needs === "paste"
      ? hang("", `Then give the address that your browser ended at, or the code, on stdin of this command, until ${until}:`, style.width)
      : `Then, until ${until}:`,
    `${style.accent("→")} ${style.cli} ${finish}`,
  ].join("\n");
}
