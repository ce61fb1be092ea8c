import type { Host } from "../../kernel/host.ts";
import { AppError } from "../../kernel/errors.ts";
import type { StoredCredential } from "../../kernel/refresh-machine.ts";
import { readAuthStore } from "../auth-store.ts";
import { openFilesOf } from "../file-exposure.ts";
import { licensed } from "../licence.ts";
import type { AuthProfile } from "../profile.ts";
import { isSameLogin } from "../secret-text.ts";
import { editStore, type StoreDraft } from "../store-edit.ts";
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

/** undefined: somebody renewed it, logged in anew, or logged out; nothing was written. Otherwise it is on the disk to stay, under the id that it has now. */
export type Noted = OwnLogin | undefined;

/**
 * Writes one entry, as long as it still has the tokens that the caller saw. One that was given another id meanwhile is found by its tokens: what replaces
 * them must not be lost. Nothing else of the store is touched. The backup gets the new content too: one with a spent refresh token in it would end the
 * login when it is brought back.
 */
export async function noteAbout(seen: OwnLogin, after: OwnLogin, input: RefreshInput): Promise<Noted> {
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
    (draft): Noted => {
      const id = [seen.id, ...draft.ids].find((each) => isStillThere(draft.entry(each), seen));
      if (id === undefined) return undefined;
      draft.renew(id, contentOf(after));
      return { ...after, id };
    },
  );
  return edited.result;
}

function isStillThere(entry: ReturnType<StoreDraft["entry"]>, { credential }: OwnLogin): boolean {
  return entry?.login !== undefined && isSameLogin(entry.credential, credential);
}

export function contentOf({ provider, credential, login, email }: OwnLogin): EntryContent {
  return { provider, credential, login, ...(email !== undefined && { email }) };
}

/** So many bytes that the store and its backup can be written anew. */
export function roomFor(host: Host, { origin }: OwnLogin): number {
  return 2 * (host.inspect(origin.file)?.sizeBytes ?? 0) + SPARE_BYTES;
}

const SPARE_BYTES = 8192;

export function placeOf({ origin, id }: OwnLogin): StoredCredential {
  return { store: origin.file, id };
}

/** An own login where the profile is one. */
export function asOwn(profile: AuthProfile | undefined): OwnLogin | undefined {
  return profile !== undefined && isOwnLogin(profile) ? profile : undefined;
}
