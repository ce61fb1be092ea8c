import { asAppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Limits } from "../routing/limits.ts";
import { type Generation, type GenerationInput, loadGeneration } from "./generation.ts";

/** What the files say now. A change is seen within half a second; requests that run keep what they began with. */
export interface Current {
  get(): Soon<Generation>;
  /** The last one that was read. */
  readonly latest: Generation;
  /** Why the files as they are now are not used. */
  readonly fault: string | undefined;
}

const LOOK_EVERY_MS = 500;

/** Throws what is wrong with the config at the start; later a broken one is told, and the old one counts. */
export async function openCurrent(input: GenerationInput, tell: (kind: "notice" | "fault", message: string) => void): Promise<Current> {
  const { host } = input;
  let generation = await loadGeneration(input);
  let seen = stampsOf(host, generation.files);
  let lookedAtMs = host.monotonicMs();
  let loading: Promise<void> | undefined;
  let fault: string | undefined;

  const load = async (before: Stamps): Promise<void> => {
    seen = before;
    try {
      generation = await loadGeneration(input);
      // What changes while it is read is different from before, and so read again.
      seen = new Map([...stampsOf(host, generation.files), ...before]);
      fault = undefined;
      tell("notice", "the config or an auth store was changed and is read again");
    } catch (thrown) {
      const error = asAppError(thrown);
      fault = error.message;
      tell("fault", `the config was changed and cannot be used, so the old one counts: ${error.message}`);
    }
  };

  return {
    get: () => {
      const now = host.monotonicMs();
      if (now - lookedAtMs >= LOOK_EVERY_MS) {
        lookedAtMs = now;
        const stamps = stampsOf(host, generation.files);
        if ([...stamps].some(([file, stamp]) => seen.get(file) !== stamp)) {
          loading ??= load(stamps).finally(() => {
            loading = undefined;
          });
        }
      }
      return loading === undefined ? generation : loading.then(() => generation);
    },
    get latest() {
      return generation;
    },
    get fault() {
      return fault;
    },
  };
}

/** For who outlives a config: each reading of it gives the rests that count then. */
export function latestCooldowns(current: Pick<Current, "latest">): Pick<Limits, "cooldowns"> {
  return {
    get cooldowns() {
      return current.latest.limits.cooldowns;
    },
  };
}

/** By file: when it was changed, and how long it is. */
type Stamps = ReadonlyMap<string, string>;

function stampsOf(host: Host, files: readonly string[]): Stamps {
  return new Map(
    files.map((file) => {
      const facts = host.inspect(file);
      return [file, facts === undefined ? "-" : `${facts.modifiedMs} ${facts.sizeBytes}`];
    }),
  );
}
