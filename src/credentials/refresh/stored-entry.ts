import type { Host } from "../../kernel/host.ts";
import { AppError } from "../../kernel/errors.ts";
import { readAuthStore } from "../auth-store.ts";
import { openFilesOf } from "../file-exposure.ts";
import { licensed } from "../licence.ts";
import type { AuthProfile } from "../profile.ts";
import { isSameLogin } from "../secret-text.ts";
import { editStore } from "../store-edit.ts";
import type { EntryContent } from "../store-entry.ts";
import { isOwnLogin, type OwnLogin, type RefreshInput } from "./refresh-input.ts";

/** What is stored now, without waiting for anybody. undefined when the account is gone. Throws what is wrong with the store. */
export function storedNow({ host, names, idOf, config }: RefreshInput, { origin, id }: OwnLogin): AuthProfile | undefined {
  const store = readAuthStore({ host, file: origin.file, called: "the auth store", openFiles: openFilesOf(host, names) }, idOf);
  const [problem] = store?.isUnread === true ? store.problems : [];
  if (problem === undefined) return asSeen(store?.profiles.get(id), origin, config);
  throw new AppError(problem.code, problem.message, { hint: problem.hint, ...(problem.place !== undefined && { place: problem.place }) });
}

function asSeen(profile: AuthProfile | undefined, origin: OwnLogin["origin"], config: RefreshInput["config"]): AuthProfile | undefined {
  return profile === undefined ? undefined : licensed({ ...profile, origin }, config);
}

/** `written`: it is on the disk to stay. `other`: somebody renewed it, logged in anew, or logged out; nothing was written. */
export type NotedAs = "written" | "other";

/**
 * Writes one entry, as long as it still has the tokens that the caller saw. Nothing else of the store is touched. The backup gets the new content too:
 * one with a spent refresh token in it would end the login when it is brought back.
 */
export async function noteAbout(seen: OwnLogin, after: OwnLogin, input: RefreshInput): Promise<NotedAs> {
  const edited = await editStore(
    {
      host: input.host,
      file: seen.origin.file,
      idOf: input.idOf,
      command: input.by,
      backup: "current",
      config: input.config,
      ...(input.names !== undefined && { names: input.names }),
      ...(input.agents !== undefined && { agents: input.agents }),
    },
    (draft): NotedAs => {
      const entry = draft.entry(seen.id);
      if (entry?.login === undefined || !isSameLogin(entry.credential, seen.credential)) return "other";
      draft.renew(seen.id, contentOf(after));
      return "written";
    },
  );
  return edited.result;
}

export function contentOf({ provider, credential, login, email }: OwnLogin): EntryContent {
  return { provider, credential, login, ...(email !== undefined && { email }) };
}

/** So many bytes that the store and its backup can be written anew. */
export function roomFor(host: Host, { origin }: OwnLogin): number {
  return 2 * (host.inspect(origin.file)?.sizeBytes ?? 0) + SPARE_BYTES;
}

const SPARE_BYTES = 8192;

/** An own login where the profile is one. */
export function asOwn(profile: AuthProfile | undefined): OwnLogin | undefined {
  return profile !== undefined && isOwnLogin(profile) ? profile : undefined;
}
