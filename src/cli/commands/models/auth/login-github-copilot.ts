import type { Broker } from "../../../../broker.ts";
import { profileIdFor } from "../../../account-options.ts";
import { toProviderId } from "../../../../kernel/ids.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { defineCommand } from "../../../command.ts";
import { beginLogin } from "../../../login-begin.ts";
import { type LoggedInReport, loginLines } from "../../../login-report.ts";
import { PATIENCE_MS, runLogin } from "../../../login-run.ts";
import { tellEvent } from "../../../login-talk.ts";
import { duration, flag, type Given, text } from "../../../option.ts";
import type { Talk } from "../../../talk.ts";

const COMMAND = "models auth login-github-copilot";
const COPILOT = toProviderId("github-copilot");

const options = {
  profileId: text("<id>", "the name to store it under (default github-copilot:github)", { names: "profile" }),
  yes: flag("do not ask whether to go on, or to replace what is stored"),
  clientId: text("<id>", "the client id of your own OAuth app on GitHub"),
  host: text("<name>", "a GitHub Enterprise host in place of github.com"),
  noBrowser: flag("do not open a browser; print the page's address"),
  timeout: duration("how long to wait for the person (default 15m)", PATIENCE_MS, "s"),
};

export const modelsAuthLoginGithubCopilot = defineCommand({
  summary: "Log in to GitHub Copilot by device code",
  about:
    "The same as `{cli} models auth login github-copilot --method device`. It needs an OAuth app of your own with its device flow enabled (https://github.com/settings/applications/new); the editors' own is not used.",
  options,
  examples: [
    { run: "models auth login-github-copilot --client-id my-client-id", does: "prints a page and a code, and waits" },
    { run: "models auth login-github-copilot --host ghe.example.com", does: "at your company's own GitHub" },
  ],
  run,
  human: loginLines,
});

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<LoggedInReport> {
  const id = profileIdFor(broker, COPILOT, given.profileId, "github");
  const wish = { ...given, provider: COPILOT, method: "device", profileId: id, setDefault: false, issuer: undefined, scope: [], command: COMMAND };
  const call = await beginLogin(broker, talk, wish, []);
  if (!given.yes && talk.isInteractive) await agreeToReplace(broker, talk, id);
  const voice = { talk, json: "json" in given && given.json === true, method: call.method };
  return runLogin(call, { browser: given.noBrowser ? "print" : "open", timeoutMs: given.timeout, onEvent: (event) => tellEvent(event, voice) });
}

async function agreeToReplace(broker: Broker, talk: Talk, id: string): Promise<void> {
  if (!broker.credentials().profiles.some((profile) => profile.id === id && profile.origin.kind === "store" && !profile.origin.inherited)) return;
  if (await talk.confirm(`${id} is stored already. Replace it?`, { instead: "Give --yes." })) return;
  throw new AppError("INTERRUPTED", "stopped before the login began", { hint: "Nothing was changed. --profile-id gives the new one another name." });
}
