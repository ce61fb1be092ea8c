import { at, listAt, objectAt, textAt } from "../kernel/json-value.ts";
import { elementsAt, fieldAt, type Span } from "../protocols/json-spans.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { ReasoningSetting } from "./limits.ts";

/** A client's own bytes, on their way to a model of the client's format. */
export interface SignedBody {
  readonly dialect: ProtocolId;
  readonly text: string;
  /** What the text says. */
  readonly value: Readonly<Record<string, unknown>>;
}

export interface BodyFitting {
  /** Empty: reasoning without a signature. */
  readonly isTaken: (signature: string) => boolean;
  readonly as: ReasoningSetting;
}

export interface FittedBody {
  readonly text: string;
  /** Where the reasoning stood, as the client wrote it. */
  readonly lost: readonly string[];
  readonly signatures: readonly string[];
}

/** Whether a body may hold signed reasoning: a look at the text, for requests of which most hold none. */
export function mayBeSigned({ dialect, text }: Pick<SignedBody, "dialect" | "text">): boolean {
  if (dialect === "openai-responses") return text.includes("encrypted_content");
  return dialect === "anthropic-messages" && (text.includes('signature"') || text.includes("redacted_thinking"));
}

/** The same text without the reasoning that is taken; undefined where nothing is. Everything else stays as it stands, character by character. */
export function fitBody(body: SignedBody, fitting: BodyFitting): FittedBody | undefined {
  if (body.dialect === "anthropic-messages") return fitMessages(body, fitting);
  return body.dialect === "openai-responses" ? fitItems(body, fitting) : undefined;
}

/** What stands in a list's place: another text, or nothing. */
type Rewritten = ReadonlyMap<number, string | undefined>;

function fitMessages({ text, value }: SignedBody, fitting: BodyFitting): FittedBody | undefined {
  const lost: string[] = [];
  const signatures: string[] = [];
  const messages = listAt(value, "messages");
  const touched = new Map<number, Rewritten>();
  for (const [i, message] of messages.entries()) {
    const blocks = new Map<number, string | undefined>();
    for (const [j, block] of listAt(message, "content").entries()) {
      const signature = textAt(message, "role") === "assistant" ? signatureOf(block) : undefined;
      if (signature === undefined || !fitting.isTaken(signature)) continue;
      lost.push(`messages[${i}].content[${j}]`);
      signatures.push(signature);
      blocks.set(
        j,
        asText(textAt(block, "thinking"), fitting, (thought) => ({ type: "text", text: thought })),
      );
    }
    if (blocks.size > 0) touched.set(i, blocks);
  }
  const list = lost.length === 0 ? undefined : fieldAt(text, text.indexOf("{"), "messages");
  if (list === undefined) return undefined;
  const written = rewriteList(text, list, (span, i) => rewriteContent(text, span, touched.get(i)));
  const fitted = text.slice(0, list.start) + written + text.slice(list.end);
  if (!isOpenTurn(messages, touched) || textAt(value, "thinking", "type") !== "enabled") return { text: fitted, lost, signatures };
  return { text: withoutThinking(fitted), lost: [...lost, "thinking"], signatures };
}

/** Of reasoning; undefined for everything else. */
function signatureOf(block: unknown): string | undefined {
  if (textAt(block, "type") === "redacted_thinking") return textAt(block, "data") ?? "";
  return textAt(block, "type") === "thinking" ? (textAt(block, "signature") ?? "") : undefined;
}

function asText(thought: string | undefined, { as }: BodyFitting, written: (thought: string) => object): string | undefined {
  return as === "text" && thought !== undefined && thought !== "" ? JSON.stringify(written(thought)) : undefined;
}

/** A message of which nothing is left goes too. */
function rewriteContent(text: string, message: Span, blocks: Rewritten | undefined): string | undefined {
  const content = blocks === undefined ? undefined : fieldAt(text, message.start, "content");
  if (blocks === undefined || content === undefined) return text.slice(message.start, message.end);
  const written = rewriteList(text, content, (span, j) => (blocks.has(j) ? blocks.get(j) : text.slice(span.start, span.end)));
  return written === "[]" ? undefined : text.slice(message.start, content.start) + written + text.slice(content.end, message.end);
}

function rewriteList(text: string, list: Span, write: (element: Span, index: number) => string | undefined): string {
  const written = elementsAt(text, list.start).map(write);
  return `[${written.filter((element) => element !== undefined).join(",")}]`;
}

/** A call still waits for what was answered to it, and its message has lost what it began with. */
function isOpenTurn(messages: readonly unknown[], touched: ReadonlyMap<number, Rewritten>): boolean {
  const last = messages.findLastIndex((message) => textAt(message, "role") === "assistant");
  return touched.has(last) && listAt(messages, last, "content").some((block) => textAt(block, "type") === "tool_use");
}

/** With a budget the vendor wants reasoning at the head of such a turn: without it there is none for this answer. */
export function withoutThinking(text: string): string {
  const field = fieldAt(text, text.indexOf("{"), "thinking");
  return field === undefined ? text : `${text.slice(0, field.start)}{"type":"disabled"}${text.slice(field.end)}`;
}

function fitItems({ text, value }: SignedBody, fitting: BodyFitting): FittedBody | undefined {
  const lost: string[] = [];
  const signatures: string[] = [];
  const items = listAt(value, "input");
  const rewritten = new Map<number, string | undefined>();
  let isParted = false;
  for (const [i, item] of items.entries()) {
    const type = textAt(item, "type");
    if (type === "reasoning") {
      const signature = textAt(item, "encrypted_content") ?? "";
      isParted = fitting.isTaken(signature);
      if (!isParted) continue;
      lost.push(`input[${i}]`);
      signatures.push(signature);
      rewritten.set(
        i,
        asText(summaryOf(item), fitting, (thought) => ({ role: "assistant", content: thought })),
      );
    } else if (isParted && isBoundToReasoning(item)) rewritten.set(i, JSON.stringify({ ...objectAt(item), id: undefined }));
    else if (textAt(item, "role") !== "assistant") isParted &&= type === "function_call";
  }
  const list = lost.length === 0 ? undefined : fieldAt(text, text.indexOf("{"), "input");
  if (list === undefined) return undefined;
  const written = rewriteList(text, list, (span, i) => (rewritten.has(i) ? rewritten.get(i) : text.slice(span.start, span.end)));
  return { text: text.slice(0, list.start) + written + text.slice(list.end), lost, signatures };
}

function summaryOf(item: unknown): string {
  return [...listAt(item, "summary"), ...listAt(item, "content")].flatMap((part) => textAt(part, "text") ?? []).join("\n\n");
}

/** By its id the vendor finds the reasoning that led to it, and refuses one without the other. */
function isBoundToReasoning(item: unknown): boolean {
  const type = textAt(item, "type");
  const isOwn = type === "function_call" || (textAt(item, "role") === "assistant" && (type === "message" || type === undefined));
  return isOwn && at(item, "id") !== undefined;
}
