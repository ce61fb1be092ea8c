import type { Broker } from "../../../../broker.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { ProviderId } from "../../../../kernel/ids.ts";
import { EMAIL_FLAG, ownProvider, PROVIDER_FLAG, profileIdFor, REPLACE_FLAG } from "../../../account-options.ts";
import { labelOf } from "../../../ask-credential.ts";
import { defineCommand } from "../../../command.ts";
import { flag, type Given, text } from "../../../option.ts";
import { keySource } from "../../../secret-source.ts";
import { storeCredential } from "../../../store-credential.ts";
import { type StoredReport, storedLines } from "../../../stored-account.ts";
import type { Talk } from "../../../talk.ts";
import { refuseRejected, testCredential } from "../../../test-credential.ts";

const COMMAND = "models auth paste-api-key";

const options = {
  provider: PROVIDER_FLAG,
  profileId: text("<id>", "the name to store it under (default <provider>:default)", { names: "profile" }),
  email: EMAIL_FLAG,
  from: text("<reference>", "keep a reference instead of the key: env:NAME, file:/path, exec:command or keyring:service/account"),
  test: flag("ask the vendor once whether it works, and store nothing when it is rejected"),
  replace: REPLACE_FLAG,
  anyShape: flag("store it also when the vendor's keys look otherwise"),
};

export const modelsAuthPasteApiKey = defineCommand({
  summary: "Store an API key, typed hidden or read from stdin",
  about: [
    "The key is never an argument and never shown. At a terminal it is asked for; otherwise all of stdin is the key. It is written to the auth store of the chosen agent, which only you can read; with --from only the place where it rests is.",
    "Its shape is checked where the vendor publishes one. --test asks for the vendor's list of models, with the key and once more without it, which costs nothing.",
  ].join("\n\n"),
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth paste-api-key --provider groq", does: "asks for the key, and stores it as groq:default" },
    { run: "models auth paste-api-key --provider openai --test < key.txt", does: "from a file, tested before it is stored" },
    { run: "models auth paste-api-key --provider groq --from env:GROQ_KEY", does: "reads the variable whenever the key is needed" },
  ],
  run,
  human: storedLines,
});

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<StoredReport> {
  const provider = ownProvider(broker, given.provider);
  refuseOtherWays(broker, provider);
  const id = profileIdFor(broker, provider, given.profileId, "default");
  const wish = { from: given.from, anyShape: given.anyShape ? "take" : "ask", lookUp: given.test ? "now" : "later" } as const;
  const { key, ...rest } = await keySource({ broker, talk, provider }, wish);
  const credential = { kind: "api_key", key } as const;
  const test = given.test ? await testCredential(broker, talk, provider, credential) : null;
  if (test !== null) refuseRejected(broker, provider, test);
  const account = { id, provider, credential, ...rest, email: given.email };
  return storeCredential(account, { broker, talk, command: COMMAND, replace: given.replace ? "yes" : "ask", test });
}

/** A vendor that takes no key; one that its user defined may take anything. */
function refuseOtherWays(broker: Broker, provider: ProviderId): void {
  const registered = broker.registry().get(provider);
  if (registered === undefined || registered.custom.length > 0 || registered.isLocal) return;
  const { auth } = registered.provider;
  if (auth.some(({ kind }) => kind === "api_key")) return;
  const ways = auth.map(({ label }) => label).join(", ");
  const takesToken = auth.some(({ kind }) => kind === "token");
  throw new AppError("USAGE", `${labelOf(broker, provider)} takes no API key; its ways are: ${ways}`, {
    hint: takesToken ? `Run \`{cli} models auth paste-token --provider ${provider}\`.` : `\`{cli} plugins info ${provider}\` says more.`,
  });
}
