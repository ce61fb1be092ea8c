import type { Broker } from "../../../../broker.ts";
import { expiryOf } from "../../../../credentials/health.ts";
import type { AuthProfile } from "../../../../credentials/profile.ts";
import { freshCredential, renewNow } from "../../../../credentials/refresh/fresh-credential.ts";
import { type FreshCredential, isOwnLogin, type OwnLogin } from "../../../../credentials/refresh/refresh-input.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { defineCommand } from "../../../command.ts";
import { flag, type Given } from "../../../option.ts";
import { refreshText } from "../../../refresh-lines.ts";
import { refreshInputOf } from "../../../refresh-input.ts";
import type { Talk } from "../../../talk.ts";
import { unknownAccount } from "./own-account.ts";
import type { AuthRefreshReport, RefreshRow } from "./refresh-report.ts";

const options = { force: flag("also those that are not due, that failed a moment ago, or that need a new login") };

export const modelsAuthRefresh = defineCommand({
  summary: "Renew logins that are due, or those that are named",
  about:
    "Logins renew themselves when they are used; this does it now. However many programs do it at once, each login is renewed by one of them, and stored before anybody uses it. Exit code 1: a login cannot be used as it is; 2: one was not renewed, and still serves.",
  rooms: ["credentials"],
  args: [{ name: "profileId", help: "logins to renew; all without it", rest: true, optional: true, names: "profile" }],
  options,
  examples: [
    { run: "models auth refresh", does: "renews what is due" },
    { run: "models auth refresh xai:me@example.com --force", does: "renews one login in any case" },
  ],
  run,
  human: refreshText,
  plain: ({ logins }) => logins.map(({ profileId, outcome, expiresAt }) => [profileId, outcome, expiresAt ?? "-"].join("\t")).join("\n"),
  exitCode: ({ logins }) => (logins.some(({ usable }) => !usable) ? 1 : logins.some(({ problem }) => problem !== null) ? 2 : 0),
});

async function run(broker: Broker, given: Given<typeof options>, args: readonly string[], talk: Talk): Promise<AuthRefreshReport> {
  const { profiles } = broker.credentials();
  const named = [...new Set(args.map((word) => word.trim()))].map((id) => namedLogin(broker, id));
  const own = named.length > 0 ? named : profiles.filter(isOwnLogin);
  const input = refreshInputOf(broker, "models auth refresh", talk);
  const logins: RefreshRow[] = [];
  for (const login of own) logins.push(rowOf(login, given.force ? await renewNow(input, login) : await freshCredential(input, login)));
  const foreign = profiles.filter((profile) => profile.credential.kind === "oauth" && !isOwnLogin(profile));
  return {
    schemaVersion: 1,
    agentId: broker.agents().chosen.id,
    logins,
    leftAlone: named.length > 0 ? [] : foreign.map(({ id, provider }) => ({ profileId: id, provider })),
  };
}

function namedLogin(broker: Broker, id: string): OwnLogin {
  const found = broker.credentials().profiles.find((profile) => profile.id === id);
  if (found === undefined) throw unknownAccount(id, broker.credentials());
  if (isOwnLogin(found)) return found;
  throw new AppError("NOT_RENEWABLE", `${id} ${whyNot(found)}`, {
    hint: `\`{cli} models auth show ${id}\` tells what it is. A login of your own: \`{cli} models auth login --provider ${found.provider}\`.`,
  });
}

function whyNot({ credential, login }: AuthProfile): string {
  if (credential.kind === "api_key") return "is an API key: it does not end by itself";
  if (credential.kind === "token") return login === undefined ? "is a token, which nothing renews" : "is a login that its vendor lets nobody renew";
  return "belongs to the program that made it: only that one renews it";
}

function rowOf({ id, provider }: OwnLogin, fresh: FreshCredential): RefreshRow {
  const { problem } = fresh;
  return {
    profileId: id,
    provider,
    outcome: outcomeOf(fresh),
    usable: fresh.kind === "fresh",
    expiresAt: expiryOf(fresh.profile) ?? null,
    problem: problem === undefined ? null : { code: problem.code, message: problem.message, hint: problem.hint },
  };
}

function outcomeOf({ problem, ...fresh }: FreshCredential): RefreshRow["outcome"] {
  if (problem?.code === "NEEDS_LOGIN") return "needs login";
  if (fresh.kind === "unusable") return "failed";
  if (fresh.how !== "current") return fresh.how;
  return problem === undefined ? "not due" : "failed";
}
