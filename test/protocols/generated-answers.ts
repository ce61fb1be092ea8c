import fc from "fast-check";
import type { ChatPiece, StopReason } from "../../src/chat/event.ts";
import type { GoodEvent } from "../../src/protocols/server-protocol.ts";

/** What an answer says, block by block: pieces as they may arrive. */
type Block =
  | { readonly kind: "text" | "thinking" | "refusal"; readonly pieces: readonly string[] }
  | { readonly kind: "tool"; readonly id: string; readonly name: string; readonly pieces: readonly string[] };

const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const json = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(words, fc.integer(), fc.boolean()), { maxKeys: 3 })
  .map((value) => JSON.stringify(value));
const cutUp = (text: string, at: number): string[] => [text.slice(0, at % text.length), text.slice(at % text.length)].filter((piece) => piece !== "");

const said = (kind: "text" | "thinking" | "refusal") => fc.array(words, { minLength: 1, maxLength: 3 }).map((pieces): Block => ({ kind, pieces }));
const call = fc
  .record({ number: fc.integer({ min: 1, max: 1e6 }), name: fc.stringMatching(/^[a-z_]{1,12}$/), json, cut: fc.nat() })
  .map(({ number, name, json: text, cut }): Block => ({ kind: "tool", id: `call_${number}`, name, pieces: cutUp(text, cut) }));

const stops = fc.constantFrom<StopReason>("end", "length", "tool_calls");
const usage = fc.record({ inputTokens: fc.integer({ min: 1, max: 9999 }), outputTokens: fc.integer({ min: 1, max: 9999 }) });

/** At most one thought, one text, one refusal, and calls with different ids: what all formats can say. */
export const answers = fc
  .record({
    thinking: fc.option(said("thinking"), { nil: undefined }),
    text: fc.option(said("text"), { nil: undefined }),
    calls: fc.uniqueArray(call, { maxLength: 3, selector: (block) => (block.kind === "tool" ? block.id : "") }),
    stop: stops,
    usage,
  })
  .filter(({ text, calls }) => text !== undefined || calls.length > 0)
  .map(({ thinking, text, calls, stop, usage: counted }): GoodEvent[] => {
    const blocks = [thinking, text, ...calls].filter((block) => block !== undefined);
    const reason = calls.length > 0 ? "tool_calls" : stop === "tool_calls" ? "end" : stop;
    return [
      { kind: "start", id: "x", model: "m" },
      ...blocks.flatMap(piecesOf),
      { kind: "usage", usage: counted },
      { kind: "done", stop: reason, isEmpty: false, droppedCount: 0 },
    ];
  });

function piecesOf(block: Block, index: number): ChatPiece[] {
  if (block.kind !== "tool") return block.pieces.map((text) => ({ kind: block.kind, block: index, text }));
  const head: ChatPiece = { kind: "tool_call", block: index, id: block.id, name: block.name };
  return [head, ...block.pieces.map((part): ChatPiece => ({ kind: "tool_arguments", block: index, json: part }))];
}
