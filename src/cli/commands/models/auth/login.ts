import type { Broker } from "../../../../broker.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { defineCommand } from "../../../command.ts";
import { beginLogin } from "../../../login-begin.ts";
import { loginEvents } from "../../../login-events.ts";
import { type AccountLoginReport, loginLines } from "../../../login-report.ts";
import { PATIENCE_MS, runLogin } from "../../../login-run.ts";
import { tellEvent } from "../../../login-talk.ts";
import { finishStarted, startOnly } from "../../../login-two-step.ts";
import { duration, flag, type Given, list, text } from "../../../option.ts";
import type { Talk } from "../../../talk.ts";

export const LOGIN_COMMAND = "models auth login";

const options = {
  provider: text("<id>", "the provider to log in to", { names: "provider" }),
  method: text("<id>", "the way, as `{cli} plugins info <provider>` names it: browser, device, api-key, …"),
  profileId: text("<id>", "the name to store it under (default <provider>:<its e-mail address>)", { names: "profile" }),
  setDefault: flag("make a model of the provider the default model"),
  yes: flag("do not ask whether to go on, or which account it is"),
  noBrowser: flag("do not open a browser; print the page's address"),
  clientId: text("<id>", "the id of your own registration with the vendor or issuer"),
  issuer: text("<url>", "any issuer of OpenID Connect, for a provider of your own"),
  scope: list("<scopes>", "what is asked for, in place of the usual; repeat the flag or separate with commas"),
  start: flag("begin, print the page and a handle, and end: for scripts"),
  finish: text("<handle>", "finish what --start began; an address or code to give goes to stdin"),
  events: flag("with --json: one line for each thing that happens"),
  timeout: duration("how long to wait for the person (default 15m)", PATIENCE_MS, "s"),
};

export type LoginFlags = Given<typeof options>;

export const modelsAuthLogin = defineCommand({
  summary: "Log in to a provider, in the browser, by device code or with another program",
  about: [
    "Shows the vendor's page in a browser where there is one. Over SSH, in a container or with --no-browser the address is printed: open it anywhere, and enter the code, or paste the address that the browser ended at. No terminal is needed; {PFX}_ALLOW_HEADLESS_AUTH is understood and changes nothing.",
    "What the vendor permits is said before anything begins. No client id of another product is used: where a vendor registers none for {name}, the id is yours, and the command says how to get one.",
    "Logging in again replaces that one account, and no other.",
  ].join("\n\n"),
  args: [{ name: "provider", help: "the same as --provider", optional: true, names: "provider" }],
  options,
  examples: [
    { run: "models auth login", does: "asks for the provider and the way" },
    { run: "models auth login openrouter", does: "in the browser; the result is a key of your own account" },
    { run: "models auth login huggingface --client-id my-client-id", does: "by device code, with an application of your own" },
    { run: "models auth login openrouter --start --json", does: "for scripts: prints url and handle, and ends" },
    { run: "models auth login --finish hZ3kExample < answer.txt", does: "with the address that the browser ended at" },
    { run: "models auth login lab --issuer https://id.example.com --client-id my-id", does: "with your own issuer" },
  ],
  run,
  follow: (broker, given, args, talk) => (given.events ? loginEvents(checked(given), args, { broker, talk }) : undefined),
  human: loginLines,
});

async function run(broker: Broker, given: LoginFlags, args: readonly string[], talk: Talk): Promise<AccountLoginReport> {
  if (given.finish !== undefined) return finishStarted(broker, talk, checked(given), args);
  const call = await beginLogin(broker, talk, given, args);
  if (given.start) return startOnly(call);
  const voice = { talk, json: isJson(given), method: call.method };
  return runLogin(call, { browser: given.noBrowser ? "print" : "open", timeoutMs: given.timeout, onEvent: (event) => tellEvent(event, voice) });
}

/** Flags that exclude each other. */
function checked(given: LoginFlags): LoginFlags {
  const rivals = [given.start && "--start", given.finish !== undefined && "--finish", given.events && "--events"].filter((name) => name !== false);
  const [one, other] = rivals;
  if (other !== undefined) throw new AppError("USAGE", `${one} and ${other} exclude each other`, { hint: "Give one of the two." });
  if (!given.events || isJson(given)) return given;
  throw new AppError("USAGE", "--events gives one line of JSON for each thing that happens", { hint: "Give --json too." });
}

/** `--json` is common to all commands, and so in no command's own type. */
function isJson(given: LoginFlags & { readonly json?: unknown }): boolean {
  return given.json === true;
}
