import { isPiece } from "../chat/event.ts";
import { DONE } from "../protocols/answer.ts";
import { parseJson } from "../kernel/json-value.ts";
import { READ_LIMITS } from "../protocols/protocol.ts";
import type { Begun, ServedDialect } from "../protocols/server-protocol.ts";
import { createBegunReader } from "./continue-begun.ts";
import { createEventCutter } from "./sse-cutter.ts";
import { readerOf } from "./stream-tap.ts";

/** Reads along what a client gets. */
export interface Follower {
  see(bytes: Uint8Array): void;
  /** The same for an event that somebody has parsed already. */
  readonly event: (value: unknown, name: string) => void;
  /** What the client has, if it is a part of one plain text; undefined where it must not be gone on with. */
  begun(): Begun | undefined;
}

/** Of text that is remembered. No model says as much in one answer; who does is not gone on with. */
const MOST_CHARACTERS = 1_000_000;

export function createFollower(dialect: ServedDialect): Follower {
  const cutter = createEventCutter({ eventBytes: READ_LIMITS.eventBytes });
  const reader = readerOf(dialect);
  const numbers = createBegunReader(dialect);
  let pieces: string[] = [];
  let characters = 0;
  let isPlain = reader !== undefined;

  const look = (value: unknown, name: string): void => {
    if (!isPlain) return;
    numbers.see(value);
    for (const said of reader?.event(value, name) ?? []) {
      if (said.kind === "text") {
        pieces.push(said.text);
        characters += said.text.length;
      } else if (said.kind === "stop" || said.kind === "last" || said.kind === "error" || isPiece(said)) isPlain = false;
    }
    if (characters > MOST_CHARACTERS) isPlain = false;
    if (!isPlain) pieces = [];
  };

  return {
    event: look,
    see: (bytes) => {
      if (!isPlain) return;
      for (const { name, data } of cutter.push(bytes).events) {
        const value = data.trim() === DONE ? DONE : parseJson(data);
        if (data !== "" && value !== undefined) look(value, name);
      }
      if (cutter.isTooLarge) isPlain = false;
    },
    begun: () => (isPlain ? numbers.begun(pieces.join("")) : undefined),
  };
}
