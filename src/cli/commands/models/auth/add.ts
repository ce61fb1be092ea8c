import type { Broker } from "../../../../broker.ts";
import type { Credential } from "../../../../credentials/profile.ts";
import { AppError, asAppError, assertNever } from "../../../../kernel/errors.ts";
import type { ProfileId, ProviderId } from "../../../../kernel/ids.ts";
import type { Secret } from "../../../../kernel/secret.ts";
import { modelsUrl } from "../../../../probe/models-url.ts";
import { ownProvider, profileIdFor, PROVIDER_FLAG } from "../../../account-options.ts";
import { askSetupToken, askToken, labelOf } from "../../../ask-credential.ts";
import { defineCommand } from "../../../command.ts";
import { hang } from "../../../hanging-text.ts";
import type { Given } from "../../../option.ts";
import type { KeySource } from "../../../secret-source.ts";
import { type NewAccount, storeCredential } from "../../../store-credential.ts";
import { type StoredReport, storedLines, type TestRow } from "../../../stored-account.ts";
import type { Style } from "../../../style.ts";
import type { Talk } from "../../../talk.ts";
import { testCredential } from "../../../test-credential.ts";
import { pickedSource } from "./add-place.ts";
import { unattendedHint } from "./add-unattended.ts";
import { pickProvider, pickWay, type Way } from "./add-vendor.ts";
import { agreeToLicence } from "./setup-token.ts";

export interface AccountAddReport {
  schemaVersion: 1;
  provider: string;
  /** What was stored; null when nothing was. */
  stored: StoredReport | null;
  /** Why nothing had to be stored, or could be, and what to do. */
  instead: { reason: string; hint: string } | null;
}

const COMMAND = "models auth add";
const options = { provider: PROVIDER_FLAG };
type SecretWay = Exclude<Way, { kind: "elsewhere" } | { kind: "login" }>;

export const modelsAuthAdd = defineCommand({
  summary: "Add an account, step by step",
  about:
    "Asks which provider, which of its ways, where to keep the secret and what to call it, and tests it once if you like. What is typed of a secret is not shown. Scripts use `{cli} models auth paste-api-key` or `paste-token`.",
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth add", does: "asks for everything" },
    { run: "models auth add --provider groq --agent work", does: "an account of one provider, for one agent" },
  ],
  run,
  human,
});

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<AccountAddReport> {
  const named = given.provider === undefined ? undefined : ownProvider(broker, given.provider);
  if (!talk.isInteractive) {
    throw new AppError("TERMINAL_NEEDED", "this command asks questions, and there is no terminal to ask them on", {
      hint: unattendedHint(broker, named),
    });
  }
  const provider = named ?? (await pickProvider(broker, talk));
  const way = await pickWay(broker, talk, provider);
  if (way.kind === "elsewhere" && hasOnlyLogins(broker, provider)) throw new AppError("USAGE", way.reason, { hint: way.hint });
  if (way.kind === "elsewhere") return { schemaVersion: 1, provider, stored: null, instead: { reason: way.reason, hint: way.hint } };
  if (way.kind === "login") return loggedIn(way.method, { broker, talk, provider });
  return { schemaVersion: 1, provider, stored: await addBy(way, { broker, talk, provider }), instead: null };
}

/** Of such a provider nothing could be added, which is a failure; where nothing has to be, it is none. */
function hasOnlyLogins(broker: Broker, provider: ProviderId): boolean {
  return (
    broker
      .registry()
      .get(provider)
      ?.provider.auth.every(({ kind }) => kind === "oauth") === true
  );
}

async function loggedIn(method: string, { broker, talk, provider }: Naming): Promise<AccountAddReport> {
  const { beginLogin, NO_WISH } = await import("../../../login-begin.ts");
  const { attendedLogin } = await import("../../../login-run.ts");
  const { stored, delegatedTo } = await attendedLogin(await beginLogin(broker, talk, { ...NO_WISH, provider, method, command: COMMAND }, []));
  const instead = stored === null ? { reason: `${delegatedTo} is logged in, and keeps the login`, hint: "`{cli} models status` shows it." } : null;
  return { schemaVersion: 1, provider, stored, instead };
}

interface Naming {
  readonly broker: Broker;
  readonly talk: Talk;
  readonly provider: ProviderId;
}

interface Adding extends Naming {
  readonly id: ProfileId;
}

async function addBy(way: SecretWay, adding: Naming): Promise<StoredReport> {
  const { broker, talk, provider } = adding;
  if (way.kind === "setup-token") await agreeToLicence(talk);
  const { id, replace } = await pickName(way, adding);
  const { source, test } = await testedSource(way, { ...adding, id });
  const { key, ...rest } = source;
  const account: NewAccount = { id, provider, credential: credentialOf(way, key), ...rest };
  return storeCredential(account, { broker, talk, command: COMMAND, replace, test });
}

/** A new name, or that of an account that is to be replaced. */
async function pickName(way: SecretWay, { broker, talk, provider }: Naming): Promise<{ readonly id: ProfileId; readonly replace: "ask" | "yes" }> {
  const { profiles, fingerprintOf } = broker.credentials();
  const stored = profiles.filter(({ provider: of, origin }) => of === provider && origin.kind === "store" && !origin.inherited);
  const instead = "Run `{cli} models auth paste-api-key --profile-id <id>`.";
  if (stored.length > 0) {
    const old = await talk.choose(
      `${labelOf(broker, provider)} has ${stored.length === 1 ? "an account" : `${stored.length} accounts`} here already`,
      [
        { value: undefined, label: "Add another one" },
        ...stored.map((profile) => ({ value: profile, label: `Replace ${profile.id}`, hint: `${profile.credential.kind}, ${fingerprintOf(profile)}` })),
      ],
      { instead },
    );
    if (old !== undefined) return { id: old.id, replace: "yes" };
  }
  const usual = way.kind === "api_key" ? "default" : "manual";
  const taken = new Set<string>(profiles.map(({ id }) => id));
  const free = [usual, ...Array.from({ length: profiles.length + 1 }, (_, i) => String(i + 2))].find((name) => !taken.has(`${provider}:${name}`)) ?? usual;
  const check = (text: string): string | undefined => (taken.has(text) ? "is stored already" : faultOf(() => profileIdFor(broker, provider, text, usual)));
  const written = await talk.ask("What should it be called?", { instead, initial: `${provider}:${free}`, check });
  return { id: profileIdFor(broker, provider, written, usual), replace: "ask" };
}

function faultOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (thrown) {
    return asAppError(thrown).message;
  }
}

/** Asks again when the vendor rejects what was given, and the person has another one. */
async function testedSource(way: SecretWay, adding: Adding): Promise<{ readonly source: KeySource; readonly test: TestRow | null }> {
  const { broker, talk, provider } = adding;
  for (;;) {
    const source = await sourceOf(way, adding);
    const test = source.key.isBlank ? null : await offeredTest(credentialOf(way, source.key), way, adding);
    if (test?.verdict !== "rejected") return { source, test };
    talk.warn(`${labelOf(broker, provider)} ${test.detail}${test.httpStatus === null ? "" : ` (${test.httpStatus})`}.`);
    const next = await talk.choose(
      "What now?",
      [
        { value: "again", label: "Give another one" },
        { value: "keep", label: "Store it all the same" },
      ] as const,
      { instead: "Run it at a terminal." },
    );
    if (next === "keep") return { source, test };
  }
}

function sourceOf(way: SecretWay, adding: Adding): Promise<KeySource> {
  switch (way.kind) {
    case "api_key":
      return pickedSource(adding, { id: adding.id, variable: way.env[0], page: way.page });
    case "token":
      if (way.page !== undefined) adding.talk.note(`Make one at ${way.page}`);
      return askToken(adding).then((key) => ({ key }));
    case "setup-token":
      return askSetupToken(adding.talk).then((key) => ({ key }));
    default:
      return assertNever(way.kind);
  }
}

async function offeredTest(credential: Credential, way: SecretWay, { broker, talk, provider }: Adding): Promise<TestRow | null> {
  const registered = broker.registry().get(provider);
  if (way.kind === "setup-token" || registered === undefined || modelsUrl(registered.provider) === undefined) return null;
  const wanted = await talk.confirm("Test it now? One request for the list of models; it costs nothing.", { instead: "Run it at a terminal." });
  return wanted ? testCredential(broker, talk, provider, credential) : null;
}

function credentialOf(way: SecretWay, secret: Secret): NewAccount["credential"] {
  return way.kind === "api_key" ? { kind: "api_key", key: secret } : { kind: "token", token: secret };
}

function human({ stored, instead }: AccountAddReport, style: Style): string {
  if (stored !== null) return storedLines(stored, style);
  return [hang("", `${instead?.reason ?? ""}.`, style.width), hang(`${style.accent("→")} `, instead?.hint ?? "", style.width)].join("\n");
}
