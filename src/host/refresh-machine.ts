import * as path from "node:path";
import type { RefreshMachine, Reserve, StoredCredential } from "../kernel/refresh-machine.ts";
import { AppError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/sha256.ts";
import { aloneWith } from "./alone.ts";
import { createWhole, removeQuietly } from "./atomic-file.ts";
import { beside } from "./beside.ts";
import { REFRESH_MARK } from "./break-lock.ts";
import { realTarget } from "./real-target.ts";
import { allRescued, forgetRescued, rescue, rescued, rescueNameOf } from "./rescue-file.ts";
import { sweep } from "./sweep.ts";
import { undisturbed } from "./undisturbed.ts";
import { fsyncSync } from "node:fs";
import { writeFailure } from "./write-failure.ts";

const MAX_ROUNDS = 10;

/** This machine, as renewing a login needs it. */
export const nodeRefreshing: RefreshMachine = {
  keyOf: (credential) => named(credential, () => lockedName(credential)),
  alone: async (credential, { command, timeoutMs }, act) => {
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const name = named(credential, () => lockedName(credential));
      const done = await aloneWith([name], { kept: "config", command, lockTimeoutMs: timeoutMs }, async () => ({ is: await act() }));
      if (done !== "again") return done.is;
    }
    throw new AppError("FILE_CHANGED", `the folder of ${credential.store} kept changing`, { hint: "Nothing was asked of anybody. Try again." });
  },
  reserve,
  undisturbed,
  rescue: (credential, text) => rescue(rescueName(credential), text),
  rescued: (credential) => rescued(rescueName(credential)),
  allRescued,
  forgetRescued: (credential) => forgetRescued(rescueName(credential)),
};

/** The one name whose lock stands for the credential: beside the store itself, wherever links lead to it from. There is no such file. */
function lockedName({ store, id }: StoredCredential): string {
  const { file } = realTarget(store);
  return path.join(path.dirname(file), `${path.basename(file)}${REFRESH_MARK}${sha256(id).slice(0, 16)}`);
}

/** Also takes away what killed holders left. */
function reserve(credential: StoredCredential, bytes: number): Reserve {
  return named(credential, () => {
    const name = lockedName(credential);
    sweep(name);
    const place = beside(name).temporary();
    createWhole(place, new Uint8Array(bytes), fsyncSync);
    return { release: () => removeQuietly(place) };
  });
}

function rescueName(credential: StoredCredential): string {
  return rescueNameOf(sha256(named(credential, () => lockedName(credential))).slice(0, 32));
}

function named<T>({ store }: StoredCredential, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw writeFailure(store, thrown);
  }
}
