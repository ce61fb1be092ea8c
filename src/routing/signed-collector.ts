import type { ChatEvent } from "../chat/event.ts";

export type SignatureEvent = Extract<ChatEvent, { kind: "signature" }>;

/** Gathers what an answer signs: a signature may come in parts. */
export interface SignedCollector {
  see(event: SignatureEvent): void;
  readonly all: readonly string[];
}

export function createSignedCollector(): SignedCollector {
  return new Collector();
}

const NONE: readonly string[] = [];

/** Most answers sign nothing. */
class Collector implements SignedCollector {
  #whole: Map<number, string> | undefined;
  readonly see = ({ block, signature }: SignatureEvent): void => {
    this.#whole ??= new Map();
    this.#whole.set(block, (this.#whole.get(block) ?? "") + signature.value);
  };

  get all(): readonly string[] {
    return this.#whole === undefined ? NONE : [...this.#whole.values()];
  }
}
