import type { Broker } from "../../../../broker.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { defineCommand } from "../../../command.ts";
import { choice, type Given, type Option, text } from "../../../option.ts";
import type { Talk } from "../../../talk.ts";
import { TOKEN_FORMATS, tokenLine } from "../../../token-formats.ts";
import { tokenOf } from "../../../token-of.ts";
import { unknownAccount } from "./own-account.ts";

/** A token that is good now: the one answer with a secret in it. */
export interface AuthTokenReport {
  schemaVersion: 1;
  profileId: string;
  provider: string;
  type: "api_key" | "token" | "oauth";
  token: string;
  /** As its vendor takes it. */
  header: { name: string; value: string };
  /** When it stops being good, milliseconds since 1970; null where it does not, or nobody says. */
  expiresAt: number | null;
  /** What `--format` asks for. */
  line: string;
}

/** Everywhere else `--profile` names a state folder. What is parsed here is no text, so that nobody takes it for that name. */
const account: Option<{ readonly id: string } | undefined> = {
  takes: "one",
  placeholder: "<id>",
  help: "the account whose token is wanted (required); the state folder is chosen by {PFX}_PROFILE here",
  default: undefined,
  names: "profile",
  parse: (texts, flag) => {
    const [id = "", ...more] = texts.map((each) => each.trim());
    if (id !== "" && more.length === 0) return { id };
    throw new AppError("USAGE", `${flag} names one account here`, { hint: "Give it once. To choose the state folder as well, set {PFX}_PROFILE to its name." });
  },
};

const options = {
  profile: account,
  format: choice(
    TOKEN_FORMATS,
    "how it is printed: alone, as an HTTP header, as NAME=value, for kubectl-style exec plugins, for AWS credential_process",
    "raw",
  ),
  envName: text("<NAME>", "the variable's name for --format env, in place of the vendor's own"),
};

export const modelsAuthToken = defineCommand({
  summary: "Hand a fresh token to another program",
  about:
    "Prints one line on stdout, and nothing but it: for key helpers, exec plugins and scripts. A login that is due is renewed first, by one program at a time, so any number of them may ask. A secret that a program or the keychain holds is fetched. What the licence allows in its vendor's own program only is refused (exit 77). The contract, with examples: docs/tokens.md.",
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth token --profile xai:me@example.com", does: "the token alone" },
    { run: "models auth token --profile anthropic:work --format header", does: "the HTTP header that carries it" },
    { run: "models auth token --profile chutes:me@example.com --format exec-json", does: "an ExecCredential, as kubectl's plugins print it" },
  ],
  reveals: true,
  raw: true,
  run,
  human: ({ line }) => line,
  plain: ({ line }) => line,
});

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<AuthTokenReport> {
  const { format = "raw", envName } = given;
  const id = given.profile?.id;
  if (id === undefined) throw new AppError("USAGE", "no account is named", { hint: "Give --profile; `{cli} models auth list` shows all accounts." });
  if (envName !== undefined && !/^[A-Za-z_]\w*$/.test(envName))
    throw new AppError("USAGE", "--env-name takes the name of a variable", { hint: "Letters, digits and _, for example MY_TOKEN." });
  const profile = broker.credentials().profiles.find((each) => each.id === id);
  if (profile === undefined) throw unknownAccount(id, broker.credentials());
  const handed = await tokenOf(broker, profile, "models auth token", talk);
  const [name, value] = handed.header;
  return {
    schemaVersion: 1,
    profileId: profile.id,
    provider: profile.provider,
    type: profile.credential.kind,
    token: handed.token,
    header: { name, value },
    expiresAt: handed.expiresAtMs ?? null,
    line: tokenLine({ ...handed, variable: envName ?? handed.variable }, format, broker.host.env["KUBERNETES_EXEC_INFO"]),
  };
}
