import type { RefreshMachine, StoredCredential } from "../../src/kernel/refresh-machine.ts";

export interface FakeRefreshing extends RefreshMachine {
  /** What was rescued, by the credential's key. */
  readonly rescues: Map<string, string>;
  /** What happened to the machine, in order. */
  readonly did: string[];
}

export interface FakeTrouble {
  /** Thrown when space is asked for. */
  readonly full?: Error;
  /** Thrown by a rescue. */
  readonly noRescue?: Error;
}

/** Where rescued texts would lie. */
export const RESCUE_FILE = "/run/user/1000/signalbox-1.json";

/** Locks in memory, first come, first served; several hosts may share one. */
export function fakeRefreshing(trouble: FakeTrouble = {}): FakeRefreshing {
  const lines = new Map<string, Promise<unknown>>();
  const rescues = new Map<string, string>();
  const did: string[] = [];
  const keyOf = ({ store, id }: StoredCredential): string => `${store} ${id}`;
  return {
    keyOf,
    alone: async (credential, _request, act) => {
      const key = keyOf(credential);
      const turn = (lines.get(key) ?? Promise.resolve()).then(act, act);
      lines.set(
        key,
        turn.catch(() => undefined),
      );
      return turn;
    },
    reserve: (_credential, bytes) => {
      if (trouble.full !== undefined) throw trouble.full;
      did.push(`reserve ${bytes}`);
      return { release: () => void did.push("release") };
    },
    undisturbed: (act) => act(),
    rescue: (credential, text) => {
      if (trouble.noRescue !== undefined) throw trouble.noRescue;
      rescues.set(keyOf(credential), text);
      return RESCUE_FILE;
    },
    rescued: (credential) => {
      const text = rescues.get(keyOf(credential));
      return text === undefined ? [] : [{ file: RESCUE_FILE, text }];
    },
    allRescued: () => (rescues.size === 0 ? [] : [RESCUE_FILE]),
    forgetRescued: (credential) => void rescues.delete(keyOf(credential)),
    rescues,
    did,
  };
}
