import { redactStrictly } from "../kernel/redact.ts";
import type { RestRow, StateStore } from "../state/state-store.ts";

/**
 * A store that a program made, as one that fails no request: what it cannot tell counts as empty, and what it cannot keep is kept in this process. `warn`
 * hears each fault when it is a new one. The store's own errors may hold anything: they are told without secrets.
 */
export function givenStore(store: StateStore, warn: (text: string) => void): StateStore {
  let fault: string | undefined;
  const failed = (what: string, thrown: unknown): void => {
    const said = redactStrictly(`the state store that was given failed at \`${what}\`: ${thrown instanceof Error ? thrown.message : "no error says why"}`);
    if (said !== fault) warn(said);
    fault = said;
  };
  const kept = async <T>(what: string, act: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await act();
    } catch (thrown) {
      failed(what, thrown);
      return otherwise;
    }
  };
  return {
    rests: () => kept("rests", async () => store.rests(), new Map<string, RestRow>()),
    changeRests: (keys, change) => kept("changeRests", async () => store.changeRests(keys, change), "failed"),
    append: (event) => kept("append", async () => store.append(event), undefined),
    flush: () => kept("flush", async () => store.flush(), undefined),
    async *events(fromMs, toMs, missed) {
      try {
        yield* store.events(fromMs, toMs, missed);
      } catch (thrown) {
        failed("events", thrown);
      }
    },
    get lastFault() {
      return fault ?? store.lastFault;
    },
  };
}
