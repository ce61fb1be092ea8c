import type { ChatEvent } from "../../chat/event.ts";
import { parseJson } from "../../kernel/json-value.ts";
import type { Begun } from "../server-protocol.ts";

export type Piece = Extract<ChatEvent, { readonly block: number }>;

/** The block that is being written, as its format numbers it: they open and close one after the other. */
export interface OpenBlock {
  close(): string;
  /** The events before a delta of this block: none when it is the one that is open. */
  at(block: number, kind: string, empty: object): string;
  isAt(block: number): boolean;
  /** Another one is open, and it is a call whose arguments are not whole: this block cannot begin yet. */
  isBefore(block: number): boolean;
  delta(delta: object): string;
  /** The next characters of the open call's arguments. */
  arguments(json: string): string;
}

export function createOpenBlock(begun?: Pick<Begun, "block" | "isOpen">): OpenBlock {
  let index = begun?.block ?? -1;
  let current: { readonly block: number; readonly kind: string; json: string } | undefined =
    begun?.isOpen === true ? { block: 0, kind: "text", json: "" } : undefined;
  const close = (): string => {
    if (current === undefined) return "";
    current = undefined;
    return sse({ type: "content_block_stop", index });
  };
  const delta = (value: object): string => sse({ type: "content_block_delta", index, delta: value });
  return {
    close,
    at: (block, kind, empty) => {
      if (current?.block === block && current.kind === kind) return "";
      const closed = close();
      index++;
      current = { block, kind, json: "" };
      return `${closed}${sse({ type: "content_block_start", index, content_block: empty })}`;
    },
    isAt: (block) => current?.block === block,
    isBefore: (block) => current !== undefined && current.block !== block && current.kind === "tool_use" && parseJson(current.json) === undefined,
    delta,
    arguments: (json) => {
      if (current !== undefined) current.json += json;
      return delta({ type: "input_json_delta", partial_json: json });
    },
  };
}

/** Pieces that have to wait for the open block. */
export function createQueue(open: OpenBlock) {
  let waiting: Piece[] = [];
  return {
    /** This piece, when it need not wait. */
    next(piece: Piece): Piece[] {
      if (!open.isBefore(piece.block)) return [piece];
      waiting.push(piece);
      return [];
    },
    /** Those that the piece before has set free, one at a time: writing one may hold up the others again. */
    *released(): Generator<Piece> {
      for (let i = waiting.findIndex(({ block }) => !open.isBefore(block)); i >= 0; i = waiting.findIndex(({ block }) => !open.isBefore(block))) {
        yield* waiting.splice(i, 1);
      }
    },
    /** All that are left, block after block: nothing more follows. */
    all(): Piece[] {
      const order = [...new Set(waiting.map(({ block }) => block))];
      const sorted = order.flatMap((block) => waiting.filter((piece) => piece.block === block));
      waiting = [];
      return sorted;
    },
  };
}

export function sse(value: Readonly<Record<string, unknown>>): string {
  return `event: ${String(value["type"])}\ndata: ${JSON.stringify(value)}\n\n`;
}
