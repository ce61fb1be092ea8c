import { expect, test } from "vitest";
import { withRescues } from "../../../src/credentials/refresh/rescue.ts";
import { editStore, type StoreDraft } from "../../../src/credentials/store-edit.ts";
import { toProfileId, toProviderId } from "../../../src/kernel/ids.ts";
import { Secret } from "../../../src/kernel/secret.ts";
import { AppError } from "../../../src/kernel/errors.ts";
import { STORE } from "../open-facts.ts";
import { ID, type Rig, rigOf, said, tokens } from "./rig.ts";

const id = toProfileId(ID);
const eve = toProfileId("zai:eve");
const provider = toProviderId("zai");
const RESCUED = `${STORE} ${ID}`;
const full = new AppError("FILE_WRITE_FAILED", "the disk is full", { hint: "Make room." });

const edit = (rig: Rig, change: (draft: StoreDraft) => void): Promise<unknown> =>
  editStore({ host: rig.host, file: STORE, idOf: toProviderId, command: "test", backup: "previous" }, change);

test("a rename that comes in the middle of a renewal waits for its end, and nothing is left under the old id", async () => {
  const did: string[] = [];
  let renaming: Promise<unknown> = Promise.resolve();
  const rig = rigOf({
    answers: [
      (own) => {
        renaming = withRescues(own.host, own.profile(), eve, async () => {
          did.push(`renames ${own.stored()?.["refresh"]}`);
          await edit(own, (draft) => draft.rename(id, eve));
        });
        did.push("answers");
        return tokens(5);
      },
    ],
  });
  expect(said(await rig.fresh())).toBe("renewed access-5");
  await renaming;
  expect(did).toEqual(["answers", "renames refresh-5"]);
  expect([Object.keys(rig.all()), rig.machine.rescues.size]).toEqual([["zai:eve"], 0]);
});

test("new tokens that were renewed once more before the rename, and wait for the store since, go with it", async () => {
  const rig = rigOf({ answers: [tokens(5), tokens(6)] });
  const seen = rig.profile();
  await rig.fresh();
  await rig.host.wait(3_600_000);
  const real = rig.host.changeFiles;
  let writes = 0;
  Object.assign(rig.host, { changeFiles: async (...given: Parameters<typeof real>) => (++writes > 1 ? Promise.reject(full) : real(...given)) });
  expect(said(await rig.fresh())).toBe("renewed access-6 TOKENS_UNSAVED");
  Object.assign(rig.host, { changeFiles: real });
  await withRescues(rig.host, seen, eve, () => edit(rig, (draft) => draft.rename(id, eve)));
  expect([...rig.machine.rescues].map(([key, text]) => [key, text.includes('"refresh-6"')])).toEqual([[`${STORE} zai:eve`, true]]);
});

test.each<[string, (draft: StoreDraft) => unknown, "kept" | "forgotten"]>([
  ["another login takes the account's place", (draft) => draft.put(id, { provider, credential: loginOf("other") }), "forgotten"],
  ["a key takes the account's place", (draft) => draft.put(id, { provider, credential: { kind: "api_key", key: new Secret("sk-new") } }), "forgotten"],
  ["the account is taken out", (draft) => draft.remove(id), "forgotten"],
  ["the account is noted about", (draft) => draft.put(id, { provider, credential: loginOf("refresh-4"), email: "ada@example.com" }), "kept"],
  ["another account is stored", (draft) => draft.put(eve, { provider, credential: loginOf("other") }), "kept"],
  ["an order is set", (draft) => draft.setOrder(provider, [id]), "kept"],
])("tokens that wait for the store, when %s, are %s", async (_, change, becomes) => {
  const rig = rigOf();
  rig.machine.rescue({ store: STORE, id: ID }, "new tokens");
  await edit(rig, change);
  expect([rig.host.written.size, [...rig.machine.rescues.keys()]]).toEqual([1, becomes === "kept" ? [RESCUED] : []]);
});

test("a change that is not written forgets nothing", async () => {
  const rig = rigOf();
  rig.machine.rescue({ store: STORE, id: ID }, "new tokens");
  Object.assign(rig.host, { changeFiles: () => Promise.reject(full) });
  await expect(edit(rig, (draft) => draft.remove(id))).rejects.toBe(full);
  expect([...rig.machine.rescues.keys()]).toEqual([RESCUED]);
});

function loginOf(refresh: string) {
  return { kind: "oauth" as const, access: new Secret(refresh.replace("refresh", "access")), refresh: new Secret(refresh), expiresAtMs: 1 };
}
