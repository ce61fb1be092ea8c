import { type Agent, type buildConnector, Client, type Dispatcher, Pool } from "undici";

/** A call that can say whether its answer is still wanted. */
export interface WantedCall extends Dispatcher.DispatchOptions {
  readonly isWanted: () => boolean;
}

/**
 * Connections to one origin, one request at a time on each. A request that is given up closes its own; undici 7.30 opens another one in its place,
 * with a handshake, for nobody. Here a connection is made only for a request that is still wanted.
 */
export function patientPool(origin: string | URL, options: Agent.Options): Pool {
  return new Pool(origin, { ...options, factory: (to: URL, own: Client.Options) => new PatientClient(to, own) });
}

type Connect = Extract<Client.Options["connect"], (...given: never) => unknown>;

interface Newest {
  isWanted: WantedCall["isWanted"] | undefined;
}

class PatientClient extends Client {
  /** Nothing else of the call is held: it would stay until the next one. */
  readonly #newest: Newest;

  constructor(origin: URL, { connect, ...options }: Client.Options) {
    const newest: Newest = { isWanted: undefined };
    // The pool has made a function of it, whatever it was.
    const make = connect as Connect;
    const patient: buildConnector.connector = (to, done) => (newest.isWanted?.() === false ? done(NOBODY_WAITS, null) : make(to, done));
    super(origin, { ...options, connect: patient });
    this.#newest = newest;
  }

  override dispatch(call: Dispatcher.DispatchOptions & Partial<WantedCall>, handler: Dispatcher.DispatchHandler): boolean {
    this.#newest.isWanted = call.isWanted;
    return super.dispatch(call, handler);
  }
}

const NOBODY_WAITS = new Error("nobody waits for this connection");
