import type { Broker } from "../../../../broker.ts";
import { anyProvider, EMAIL_FLAG, EXPIRES_IN_FLAG, PROVIDER_FLAG, profileIdFor, REPLACE_FLAG } from "../../../account-options.ts";
import { askToken } from "../../../ask-credential.ts";
import { defineCommand } from "../../../command.ts";
import { type Given, text } from "../../../option.ts";
import { storeCredential } from "../../../store-credential.ts";
import { type StoredReport, storedLines } from "../../../stored-account.ts";
import type { Talk } from "../../../talk.ts";

const COMMAND = "models auth paste-token";

const options = {
  provider: PROVIDER_FLAG,
  profileId: text("<id>", "the name to store it under (default <provider>:manual)", { names: "profile" }),
  expiresIn: EXPIRES_IN_FLAG,
  email: EMAIL_FLAG,
  replace: REPLACE_FLAG,
};

export const modelsAuthPasteToken = defineCommand({
  summary: "Store a token of any provider, typed hidden or read from stdin",
  about:
    "The token is never an argument and never shown. At a terminal it is asked for; otherwise all of stdin is the token. Any token that is not empty is taken, for any provider. With --expires-in its end is stored, and `{cli} models status --check` warns before it.",
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth paste-token --provider github-copilot", does: "asks for the token, and stores it as github-copilot:manual" },
    { run: "models auth paste-token --provider zai --expires-in 30d < token.txt", does: "from a file, with its end" },
  ],
  run,
  human: storedLines,
});

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<StoredReport> {
  const provider = anyProvider(broker, talk, given.provider);
  const id = profileIdFor(broker, provider, given.profileId, "manual");
  const token = await askToken({ broker, talk, provider });
  const end = given.expiresIn === undefined ? {} : { expiresAtMs: broker.host.nowMs() + given.expiresIn };
  const account = { id, provider, credential: { kind: "token", token, ...end } as const, email: given.email };
  return storeCredential(account, { broker, talk, command: COMMAND, replace: given.replace ? "yes" : "ask", test: null });
}
