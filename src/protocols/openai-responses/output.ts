import type { ChatEvent } from "../../chat/event.ts";
import type { Signature } from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import { carriedHead, isCarriable } from "../carried-signature.ts";
import { parseJson } from "../../kernel/json-value.ts";
import type { Begun } from "../server-protocol.ts";
import { DIALECT } from "./items.ts";

export type Lost = (field: string, why: string) => void;
type Piece = Extract<ChatEvent, { readonly block: number }>;
type Sse = (type: string, fields: object) => string;

/** One item of the output that is being written. */
interface OpenItem {
  readonly block: number;
  readonly kind: "text" | "thinking" | "refusal" | "tool_call";
  readonly index: number;
  readonly id: string;
  readonly call?: { readonly id: string; readonly name: string };
  text: string;
  signature?: Signature;
}

/** The items of a response: each opens with its first piece, and closes when the next one begins or at the end. */
export class Output {
  /** Those that are closed. */
  readonly items: object[] = [];
  readonly #open: OpenItem[] = [];
  /** Of a block, what it began as. */
  readonly #kinds = new Map<number, OpenItem["kind"]>();
  readonly #responseId: string;
  readonly #sse: Sse;
  readonly #lost: Lost;
  #count = 0;

  constructor(responseId: string, sse: Sse, lost: Lost, begun?: Begun) {
    this.#responseId = responseId;
    this.#sse = sse;
    this.#lost = lost;
    if (begun === undefined) return;
    this.#count = begun.block + 1;
    this.#open.push({ block: 0, kind: "text", index: begun.block, id: begun.itemId, text: begun.text });
  }

  /** What is open when an answer was cut by its limit is not whole. */
  close(status: "completed" | "incomplete"): string {
    return this.#closeAll(() => true, status);
  }

  piece(piece: Piece): string {
    const field = `answer[${piece.block}]`;
    switch (piece.kind) {
      case "text":
      case "thinking":
      case "refusal":
        return this.#spoken(piece);
      case "tool_call":
        return this.#start(piece, "tool_call", { id: piece.id, name: piece.name }).text;
      case "tool_arguments":
        return this.#arguments(piece, field);
      case "signature":
        return this.#signature(piece, field);
      case "vendor":
        return piece.dialect === DIALECT ? this.#vendor(piece.value as object) : this.#nothing(field, NO_SUCH_PART);
      case "image":
      case "audio":
        return this.#nothing(field, NO_SUCH_PART);
      default:
        return assertNever(piece);
    }
  }

  #start(piece: Piece, kind: OpenItem["kind"], call?: OpenItem["call"]): { item: OpenItem; text: string } {
    const closed = this.#closeAll((item) => item.kind !== "tool_call" || parseJson(item.text) !== undefined);
    const index = this.#count++;
    const item: OpenItem = { block: piece.block, kind, index, id: `${PREFIXES[kind]}_${this.#responseId}_${this.#count}`, text: "", ...(call && { call }) };
    this.#open.push(item);
    if (!this.#kinds.has(piece.block)) this.#kinds.set(piece.block, kind);
    return { item, text: closed + openingOf(item, this.#sse) };
  }

  #at(piece: Piece, kind: OpenItem["kind"]): { item: OpenItem; text: string } {
    const item = this.#open.find(({ block, kind: known }) => block === piece.block && known === kind);
    return item === undefined ? this.#start(piece, kind) : { item, text: "" };
  }

  #closeAll(mayClose: (item: OpenItem) => boolean, status: "completed" | "incomplete" = "completed"): string {
    const closing = this.#open.filter(mayClose);
    for (const item of closing) {
      this.#open.splice(this.#open.indexOf(item), 1);
      this.items[item.index] = wholeOf(item, status);
    }
    return closing.map((item) => closingOf(item, status, this.#sse)).join("");
  }

  #spoken(piece: Extract<Piece, { text: string }>): string {
    const { item, text } = this.#at(piece, piece.kind);
    item.text += piece.text;
    return text + this.#sse(DELTAS[piece.kind], { ...placeOf(item), delta: piece.text, ...(piece.kind === "text" ? { logprobs: [] } : {}) });
  }

  #arguments({ block: wanted, json }: Extract<Piece, { kind: "tool_arguments" }>, field: string): string {
    const item = this.#open.find(({ block, kind }) => block === wanted && kind === "tool_call");
    if (item === undefined) return this.#nothing(field, "arguments go on after they were whole");
    item.text += json;
    return this.#sse("response.function_call_arguments.delta", { item_id: item.id, output_index: item.index, delta: json });
  }

  #signature(piece: Extract<Piece, { kind: "signature" }>, field: string): string {
    const { signature } = piece;
    if (signature.dialect !== DIALECT && !isCarriable(signature, this.#kinds.get(piece.block) ?? "thinking"))
      return this.#nothing(field, "a signature is of worth only to who made it");
    const { item, text } = this.#at(piece, "thinking");
    item.signature = { ...item.signature, ...signature, value: `${item.signature?.value ?? ""}${signature.value}` };
    return text;
  }

  #vendor(item: object): string {
    const index = this.#count++;
    this.items[index] = item;
    return this.#sse("response.output_item.added", { output_index: index, item }) + this.#sse("response.output_item.done", { output_index: index, item });
  }

  #nothing(field: string, why: string): string {
    this.#lost(field, why);
    return "";
  }
}

const NO_SUCH_PART = "the format has no such part of an answer";
const PREFIXES = { text: "msg", refusal: "msg", thinking: "rs", tool_call: "fc" } as const;
const DELTAS = { text: "response.output_text.delta", refusal: "response.refusal.delta", thinking: "response.reasoning_summary_text.delta" } as const;

function placeOf({ id, index, kind }: OpenItem): object {
  return { item_id: id, output_index: index, ...(kind === "thinking" ? { summary_index: 0 } : { content_index: 0 }) };
}

function partOf({ kind, text }: Pick<OpenItem, "kind" | "text">): object {
  if (kind === "refusal") return { type: "refusal", refusal: text };
  return kind === "thinking" ? { type: "summary_text", text } : { type: "output_text", text, annotations: [], logprobs: [] };
}

function wholeOf(item: OpenItem, status: "in_progress" | "completed" | "incomplete"): object {
  const { id, kind, text, call, signature } = item;
  if (kind === "tool_call") return { id, type: "function_call", status, call_id: call?.id ?? "", name: call?.name ?? "", arguments: argumentsOf(text, status) };
  const parts = status === "in_progress" || (kind === "thinking" && text === "") ? [] : [partOf(item)];
  if (kind !== "thinking") return { id, type: "message", status, role: "assistant", content: parts };
  if (signature === undefined) return { id, type: "reasoning", summary: parts };
  if (signature.dialect === DIALECT) return { id: signature.id ?? id, type: "reasoning", summary: parts, encrypted_content: signature.value };
  return { id, type: "reasoning", summary: parts, encrypted_content: `${carriedHead(signature)}${signature.value}` };
}

/** A call that is whole has an object, if only an empty one. */
function argumentsOf(text: string, status: string): string {
  return text === "" && status === "completed" ? "{}" : text;
}

function openingOf(item: OpenItem, sse: Sse): string {
  const added = sse("response.output_item.added", { output_index: item.index, item: wholeOf(item, "in_progress") });
  if (item.kind === "tool_call") return added;
  const type = item.kind === "thinking" ? "response.reasoning_summary_part.added" : "response.content_part.added";
  return added + sse(type, { ...placeOf(item), part: partOf({ kind: item.kind, text: "" }) });
}

function closingOf(item: OpenItem, status: "completed" | "incomplete", sse: Sse): string {
  const whole = wholeOf(item, status);
  // Each event is numbered when it is written: they are written in their order.
  const done = (): string => sse("response.output_item.done", { output_index: item.index, item: whole });
  if (item.kind === "tool_call") {
    const fields = { item_id: item.id, output_index: item.index, name: item.call?.name ?? "", arguments: argumentsOf(item.text, status) };
    return sse("response.function_call_arguments.done", fields) + done();
  }
  const place = placeOf(item);
  const said = item.kind === "refusal" ? { refusal: item.text } : { text: item.text };
  const type = { text: "response.output_text.done", refusal: "response.refusal.done", thinking: "response.reasoning_summary_text.done" }[item.kind];
  const partDone = item.kind === "thinking" ? "response.reasoning_summary_part.done" : "response.content_part.done";
  return sse(type, { ...place, ...said, ...(item.kind === "text" ? { logprobs: [] } : {}) }) + sse(partDone, { ...place, part: partOf(item) }) + done();
}
