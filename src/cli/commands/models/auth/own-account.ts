import type { Broker } from "../../../../broker.ts";
import { looksSecret, secretRefused } from "../../../../config/secret-looks.ts";
import type { CredentialFacts } from "../../../../credentials/collect.ts";
import type { AuthProfile } from "../../../../credentials/profile.ts";
import { AppError, assertNever, type ErrorCode } from "../../../../kernel/errors.ts";
import { didYouMean, nearest } from "../../../../kernel/nearest.ts";
import { placeText } from "../../../../kernel/place.ts";

/** An account of the chosen agent's own store. Throws PROFILE_UNKNOWN with the nearest ids, or PROFILE_ELSEWHERE with what to do. */
export function ownAccount(broker: Broker, written: string, purpose: "rename" | "logout"): AuthProfile {
  const id = written.trim();
  const seen = broker.credentials();
  const found = seen.profiles.find((profile) => profile.id === id);
  if (found === undefined) throw unknownAccount(id, seen);
  if (found.origin.kind === "store" && !found.origin.inherited) return found;
  throw new AppError("PROFILE_ELSEWHERE", `${found.id} is not kept in the store of agent ${broker.agents().chosen.id}: ${whereItIs(found)}`, {
    hint: purpose === "rename" ? toRename(found, broker) : toRemove(found, broker),
  });
}

/** Where a store could not be read, that is what is wrong: the account may well be in it. */
export function unknownAccount(id: string, { profiles, problems }: Pick<CredentialFacts, "profiles" | "problems">): AppError {
  const unread = problems.find(({ code, severity }) => severity === "error" && UNREAD_STORE.has(code));
  if (unread !== undefined) {
    const { code, message, hint, place } = unread;
    return new AppError(code, message, { hint, ...(place !== undefined && { place }) });
  }
  const ids = profiles.map((profile) => profile.id);
  const near = nearest(id, ids);
  const hint = near.length > 0 ? didYouMean(id, ids).trim() : "`{cli} models auth list` shows all accounts.";
  if (looksSecret(id)) return secretRefused("PROFILE_UNKNOWN", "the id of an account");
  return new AppError("PROFILE_UNKNOWN", `no account is called "${id.slice(0, 100)}"`, { hint, suggestions: near });
}

const UNREAD_STORE: ReadonlySet<ErrorCode> = new Set(["STORE_UNREADABLE", "STORE_SYNTAX", "STORE_SHAPE", "STORE_PERMISSIONS"]);

function whereItIs({ origin }: AuthProfile): string {
  switch (origin.kind) {
    case "store":
      return "it is the main agent's";
    case "env":
      return origin.file === undefined ? `it is the variable ${origin.variable}` : `it is the variable ${origin.variable} in ${origin.file}`;
    case "config":
      return `it is the apiKey of an entry in ${origin.file}`;
    case "models.json":
      return `it is in ${origin.file}, which the agent writes`;
    case "given":
      return "the program that opened the library gave it";
    default:
      return assertNever(origin);
  }
}

function toRename({ origin, id }: AuthProfile, broker: Broker): string {
  switch (origin.kind) {
    case "store":
      return `Run it for that agent: ${ofMainAgent(broker)}.`;
    case "env":
      return "It is called after its variable. `{cli} models auth import --from environment` stores it under an id of its own.";
    case "config":
    case "models.json":
      return `It is called after its entry. \`{cli} models auth audit\` shows how to move ${id} into the store.`;
    case "given":
      return "Give it under another name where the library is opened.";
    default:
      return assertNever(origin);
  }
}

function toRemove({ origin }: AuthProfile, broker: Broker): string {
  switch (origin.kind) {
    case "store":
      return `Run it for that agent: ${ofMainAgent(broker)}. All agents that read through to it lose it.`;
    case "env":
      return origin.file === undefined ? `Unset ${origin.variable} where it is set.` : `Delete ${origin.variable} in ${origin.file}.`;
    case "config":
      return `Delete the apiKey at ${origin.place === undefined ? origin.file : placeText(origin.place)}.`;
    case "models.json":
      return `Delete it in ${origin.file} while the agent is not running.`;
    case "given":
      return "Leave it out where the library is opened.";
    default:
      return assertNever(origin);
  }
}

/** All agents read through to the folder of `main`, also where the config does not list it: then only the variable leads there. */
function ofMainAgent({ agents, names }: Broker): string {
  const { all, mainDir, variable } = agents();
  const main = all.find(({ dir }) => dir === mainDir);
  if (main !== undefined) return `with --agent ${main.id}`;
  return variable === undefined ? `with ${names.envPrefix}_AGENT_DIR=${mainDir} in its environment, as the config lists no agent there` : "without --agent";
}
