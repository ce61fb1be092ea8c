import type { Generation } from "../gateway/generation.ts";
import type { Host } from "../kernel/host.ts";
import { accountToken, type AccountToken } from "./account-token.ts";
import { chat, stream, type StreamEvent } from "./conversation.ts";
import { atTheDoor } from "./door.ts";
import { type Engine, openEngine } from "./engine.ts";
import { givenMachine, withoutOwnFolders } from "./given-machine.ts";
import { models } from "./models.ts";
import { type BrandNames, namesFor } from "./names.ts";
import { checkOptions } from "./given-options.ts";
import { checkFields, invalid, type Shape } from "./given-value.ts";
import { explain, probe, status, usage } from "./reports.ts";
import type { SignalboxRequest } from "./request.ts";
import { resolve } from "./resolve.ts";
import type { CallOptions, LibraryOptions, Signalbox } from "./signalbox.ts";

/** Reads the files; nobody is asked. Throws CONFIG_…, AGENT_UNKNOWN, PROVIDER_UNKNOWN, CREDENTIAL_SHAPE. */
export async function openLibrary(host: Host, brand: BrandNames, options: LibraryOptions): Promise<Signalbox> {
  checkOptions(brand, options);
  const { profile, agent, env, stateDir, config, credentials = {}, state = "files", warn = () => undefined } = options;
  const isWhole = env !== undefined && config !== undefined && state !== "files" && stateDir === undefined;
  const own = isWhole ? withoutOwnFolders(host, env) : host;
  const machine = givenMachine({ ...own, ...options.host }, brand.envPrefix, { env, stateDir, config });
  const names = namesFor(brand, machine.env, profile);
  try {
    return signalboxOf(await openEngine({ host: machine, names, agent, credentials, state, warn }));
  } catch (thrown) {
    throw atTheDoor(thrown, names);
  }
}

function signalboxOf(engine: Engine): Signalbox {
  const { names } = engine;
  /** Reads what is known now, and lets nothing out that a caller should not see. */
  const call = async <T>(options: CallOptions | undefined, act: (generation: Generation, signal: AbortSignal) => T | Promise<T>): Promise<T> => {
    const signal = options?.signal;
    try {
      if (options !== undefined) checkFields(options, CALL, "options");
      const entered = engine.enter(signal);
      try {
        const generation = await engine.now();
        entered.signal.throwIfAborted();
        return await act(generation, entered.signal);
      } finally {
        entered.over();
      }
    } catch (thrown) {
      throw atTheDoor(thrown, names, signal);
    }
  };
  return {
    resolve: (name = "default") => call(undefined, (generation) => resolve(generation, named(name, "the name of a model"))),
    explain: (name) => call(undefined, (generation) => explain(engine, generation, name === undefined ? name : named(name, "the name of a model"))),
    models: (filter) => call(undefined, (generation) => models(generation, filter)),
    status: (options = {}) => call(undefined, (generation) => status(engine, generation, warnedOf(options))),
    probe: (options = {}) => call(options, (generation, signal) => probe(engine, generation, options, signal)),
    usage: (options = {}) => call(options, (generation, signal) => usage(engine, generation, options, signal)),
    token: (profileId, options) => call(options, (generation, signal) => orStopped(tokenOf(generation, named(profileId, "the id of an account")), signal)),
    chat: (request, options) => call(options, (_, signal) => chat(engine, request, signal)),
    stream: (request, options = {}) => leavable((left) => toldStream(engine, streamOf(engine, request, options, left), { caller: options?.signal, left })),
    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

const CALL: Readonly<Record<string, Shape>> = { signal: "an AbortSignal" };

function named(word: unknown, what: string): string {
  if (typeof word === "string") return word;
  throw invalid(what, "is no text");
}

function warnedOf(options: { readonly warnWithinMs?: number }): number | undefined {
  checkFields(options, { warnWithinMs: "a number" }, "options");
  return options.warnWithinMs;
}

async function* streamOf(engine: Engine, request: SignalboxRequest, options: CallOptions, left: AbortSignal): AsyncGenerator<StreamEvent, void, undefined> {
  checkFields(options, CALL, "options");
  yield* stream(engine, request, options.signal, left);
}

function tokenOf({ broker, refreshInputOf }: Generation, profileId: string): Promise<AccountToken> {
  return accountToken(broker, refreshInputOf(broker.agents().chosen.id), profileId);
}

/** Who waits is let go; a login that is being renewed is renewed all the same, for its refresh token may be spent. */
function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

interface Ending {
  readonly caller: AbortSignal | undefined;
  /** Fires when the reader has gone. */
  readonly left: AbortSignal;
}

async function* toldStream<T>({ names }: Engine, events: AsyncGenerator<T, void, undefined>, { caller, left }: Ending): AsyncGenerator<T, void, undefined> {
  try {
    yield* events;
  } catch (thrown) {
    if (!left.aborted) throw atTheDoor(thrown, names, caller);
  }
}

/** Who leaves while the next event is awaited does not wait for it: a generator alone would take its turn after a vendor that is silent. */
function leavable<T>(open: (left: AbortSignal) => AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  const events = open(controller.signal);
  const [next, end] = [events.next.bind(events), events.return.bind(events)];
  let awaited = 0;
  return Object.assign(events, {
    next: async () => {
      awaited++;
      return next().finally(() => awaited--);
    },
    return: async (value?: void) => {
      if (awaited > 0) controller.abort();
      return end(value);
    },
  });
}
