import type { ChatEvent, Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { Host } from "../kernel/host.ts";
import type { AnswerWriter, Begun, ServedDialect } from "../protocols/server-protocol.ts";
import { createFollower, type Follower } from "./continue-follow.ts";
import type { Candidate } from "./failover-plan.ts";
import type { Ledger } from "./ledger.ts";
import type { RelayCall, Relayed, RelayEnd } from "./relay-call.ts";
import { endAfter, LEFT, openEnd } from "./relay-end.ts";
import { readOnce } from "./read-once.ts";
import type { Ran, Refusal } from "./run-types.ts";
import { LATE, within } from "./within.ts";

/** What follows behind the text that the client has: see `continue-match.ts`. */
export interface GoingOn {
  readonly events: AsyncIterable<ChatEvent>;
  /** Leaves it. */
  readonly close: () => void;
  /** Fields of the request that the other format could not say. */
  readonly lost: readonly string[];
}

export interface ContinueInput {
  readonly dialect: ServedDialect;
  /** Its body ends without a word where the answer was cut: `ends.error` of its call said nothing. */
  readonly ran: Extract<Ran<Relayed>, { kind: "opened" }>;
  readonly host: Pick<Host, "nowMs" | "monotonicMs">;
  readonly ledger: Pick<Ledger, "brokeOff">;
  readonly after: RelayCall["after"];
  /** Asks who comes next. undefined: nobody may. */
  readonly goOn: (begun: Begun, before: readonly Refusal[]) => Promise<Ran<GoingOn>> | undefined;
  readonly writerOf: (begun: Begun) => AnswerWriter;
  readonly tell: {
    readonly stillAsking: Uint8Array;
    readonly takenOver: (by: Candidate, lost: readonly string[]) => Uint8Array;
    /** `triedOthers`: somebody else was asked in vain. */
    readonly error: (failure: UpstreamFailure, more: { readonly triedOthers: boolean }) => Uint8Array;
  };
}

const BEAT_MS = 10_000;
const utf8 = new TextEncoder();

/** A stream that, where it breaks off, goes on at the next candidate with the very words that would have followed; else it ends in an error. */
export function continued(input: ContinueInput): Relayed {
  const { value } = input.ran;
  const { over, finish } = openEnd();
  const unread = (): void => {
    finish(LEFT);
    if (!(value.body instanceof Uint8Array)) void value.body[Symbol.asyncIterator]().return?.();
  };
  return { ...value, body: readOnce(new Continuing(input).bytes(finish), unread), over };
}

/** Who speaks, and since when. */
interface Speaking {
  readonly candidate: Candidate;
  readonly startedMs: number;
  readonly fromMs: number;
}

/** What it comes to where the client leaves. */
function left({ usage, droppedCount }: RelayEnd): RelayEnd {
  return { ...LEFT, usage, droppedCount };
}

/** Who goes on, and what with. */
interface Next extends GoingOn {
  readonly begun: Begun;
}

class Continuing {
  readonly #input: ContinueInput;
  readonly #follower: Follower;
  /** Those of the first who speaks were read along where they were parsed. */
  readonly #isFollowed: boolean;
  readonly #before: { candidate: Candidate; usage: Usage }[] = [];
  #refusals: readonly Refusal[];
  #attempts: number;
  #speaking: Speaking;
  /** What became of who speaks; as long as nothing has, what it comes to if the client leaves now. */
  #end = LEFT;
  #isTakenOver = false;
  /** Of those that broke off. */
  #droppedBefore = 0;

  constructor(input: ContinueInput) {
    this.#input = input;
    const { follower } = input.ran.value;
    this.#isFollowed = follower !== undefined;
    this.#follower = follower ?? createFollower(input.dialect);
    this.#refusals = input.ran.refusals;
    this.#attempts = input.ran.attempts;
    this.#speaking = this.#begins(input.ran.candidate);
  }

  async *bytes(finish: (end: RelayEnd) => void): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#first();
      while (this.#end.kind === "cut" && this.#end.failure !== undefined) {
        const next = yield* this.#next(this.#end, this.#end.failure);
        if (next === undefined) break;
        yield* this.#goOn(next);
      }
    } finally {
      finish(this.#told());
    }
  }

  #begins(candidate: Candidate): Speaking {
    const { host } = this.#input;
    return { candidate, startedMs: host.nowMs(), fromMs: host.monotonicMs() };
  }

  async *#first(): AsyncGenerator<Uint8Array, void> {
    const { value } = this.#input.ran;
    const body = value.body instanceof Uint8Array ? [value.body] : value.body;
    let isToItsEnd = false;
    try {
      for await (const bytes of body) {
        if (!this.#isFollowed) yield* this.#seen(bytes);
        else if (bytes.length > 0) yield bytes;
      }
      isToItsEnd = true;
    } finally {
      const end = await value.over;
      this.#end = isToItsEnd ? end : left(end);
    }
  }

  *#seen(bytes: Uint8Array): Generator<Uint8Array> {
    if (bytes.length === 0) return;
    this.#follower.see(bytes);
    yield bytes;
  }

  /** Who goes on, or undefined and an error in the stream. */
  async *#next(end: RelayEnd, failure: UpstreamFailure): AsyncGenerator<Uint8Array, Next | undefined> {
    const { goOn, ledger, host, tell, after } = this.#input;
    const { candidate, startedMs, fromMs } = this.#speaking;
    if (failure.reason !== "cancelled") ledger.brokeOff(candidate, failure, startedMs);
    const begun = this.#follower.begun();
    const cut: Refusal = { candidate, failure, startedMs, tookMs: host.monotonicMs() - fromMs, hadBegun: true };
    // Nobody waits for the rest, or it would be too much again.
    const isOver = failure.reason === "cancelled" || failure.detail === "answer_too_large";
    const asking = begun === undefined || isOver ? undefined : goOn(begun, [...this.#refusals, cut]);
    if (begun === undefined || asking === undefined) {
      yield tell.error(failure, { triedOthers: false });
      return undefined;
    }
    this.#end = left(end);
    for (;;) {
      const ran = await within(asking, BEAT_MS, after);
      if (ran === LATE) {
        yield tell.stillAsking;
        continue;
      }
      this.#isTakenOver = true;
      const triedOthers = ran.attempts > this.#attempts;
      this.#attempts = ran.attempts;
      if (ran.kind === "exhausted") {
        this.#refusals = ran.refusals.filter((refusal) => refusal !== cut);
        this.#end = end;
        yield tell.error(failure, { triedOthers });
        return undefined;
      }
      this.#refusals = ran.refusals;
      this.#before.push({ candidate, usage: end.usage });
      this.#droppedBefore += end.droppedCount;
      this.#speaking = this.#begins(ran.candidate);
      this.#end = LEFT;
      return { ...ran.value, begun };
    }
  }

  async *#goOn({ events, close, lost, begun }: Next): AsyncGenerator<Uint8Array, void> {
    const { writerOf, tell } = this.#input;
    const writer = writerOf(begun);
    try {
      yield tell.takenOver(this.#speaking.candidate, lost);
      for await (const event of events) {
        this.#end = endAfter(this.#end, event);
        if (event.kind === "failed") return;
        yield* this.#seen(utf8.encode(writer.event(event)));
      }
    } finally {
      close();
    }
  }

  #told(): RelayEnd {
    if (!this.#isTakenOver) return this.#end;
    const takenOver = { candidate: this.#speaking.candidate, attempts: this.#attempts, refusals: this.#refusals, before: this.#before };
    return { ...this.#end, droppedCount: this.#droppedBefore + this.#end.droppedCount, takenOver };
  }
}
