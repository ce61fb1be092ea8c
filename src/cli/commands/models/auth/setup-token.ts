import type { Broker } from "../../../../broker.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { toProviderId } from "../../../../kernel/ids.ts";
import { EXPIRES_IN_FLAG, ownProvider, profileIdFor, REPLACE_FLAG } from "../../../account-options.ts";
import { askSetupToken } from "../../../ask-credential.ts";
import { defineCommand } from "../../../command.ts";
import { flag, type Given, text } from "../../../option.ts";
import { storeCredential } from "../../../store-credential.ts";
import { type StoredReport, storedLines } from "../../../stored-account.ts";
import type { Talk } from "../../../talk.ts";

const COMMAND = "models auth setup-token";
const ANTHROPIC = toProviderId("anthropic");

const options = {
  provider: text("<name>", "anthropic: nobody else has such tokens (default anthropic)", { names: "provider" }),
  profileId: text("<id>", "the name to store it under (default anthropic:manual)", { names: "profile" }),
  expiresIn: EXPIRES_IN_FLAG,
  yes: flag("do not ask whether to go on"),
  replace: REPLACE_FLAG,
};

export const modelsAuthSetupToken = defineCommand({
  summary: "Store the token that `claude setup-token` prints",
  about: [
    "Run `claude setup-token` first, in another window, and copy what it prints. The token is never an argument and never shown; without a terminal all of stdin is the token.",
    "Anthropic permits such a token in Claude Code alone. {name} keeps it, lists it and watches its end, and sends it to nobody. For calls of your own, store an API key: `{cli} models auth paste-api-key --provider anthropic`.",
  ].join("\n\n"),
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth setup-token", does: "asks for the token, and stores it as anthropic:manual" },
    { run: "models auth setup-token --expires-in 365d < token.txt", does: "from a file, with its end" },
  ],
  run,
  human: storedLines,
});

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<StoredReport> {
  const provider = given.provider === undefined ? ANTHROPIC : ownProvider(broker, given.provider);
  if (provider !== ANTHROPIC) {
    throw new AppError("USAGE", `${provider} has no setup-tokens; only Anthropic has`, {
      hint: `Perhaps \`{cli} models auth paste-token --provider ${provider}\`.`,
    });
  }
  const id = profileIdFor(broker, provider, given.profileId, "manual");
  if (talk.isInteractive && !given.yes) await agreeToLicence(talk);
  const token = await askSetupToken(talk);
  const end = given.expiresIn === undefined ? {} : { expiresAtMs: broker.host.nowMs() + given.expiresIn };
  const account = { id, provider, credential: { kind: "token", token, ...end } as const };
  return storeCredential(account, { broker, talk, command: COMMAND, replace: given.replace ? "yes" : "ask", test: null });
}

export async function agreeToLicence(talk: Talk): Promise<void> {
  talk.note("Anthropic permits this token in Claude Code alone. It is kept, listed and watched here, and sent to nobody.");
  if (await talk.confirm("Have you run `claude setup-token` and copied what it printed?", { instead: "Give --yes." })) return;
  throw new AppError("INTERRUPTED", "stopped before the token was asked for", {
    hint: "Nothing was stored. Run `claude setup-token` in another window, then this again.",
  });
}
