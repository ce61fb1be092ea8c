import { at, listAt, textAt } from "../kernel/json-value.ts";
import { elementsAt, fieldAt, fieldsAt, type Span } from "../protocols/json-spans.ts";
import type { FittedBody, SignedBody } from "./signed-body.ts";

/** Where vendors of Chat Completions put reasoning, and what proves it: `reasoning_content`, OpenRouter's details, Gemini's `extra_content`. */
const OF_MESSAGES = ["reasoning_content", "reasoning", "reasoning_details", "extra_content"];
const OF_CALLS = ["extra_content"];

/**
 * A body of Chat Completions without reasoning in the model's messages: some vendors want it back, others refuse the field. undefined where there is
 * none. It is never text there: what it says stands beside the answer already.
 */
export function withoutReasoning({ text, value }: SignedBody): FittedBody | undefined {
  const lost: string[] = [];
  const holders = new Set<number>();
  for (const [i, message] of listAt(value, "messages").entries()) {
    if (textAt(message, "role") !== "assistant") continue;
    const own = OF_MESSAGES.filter((name) => at(message, name) !== undefined).map((name) => `messages[${i}].${name}`);
    const ofCalls = listAt(message, "tool_calls").flatMap((call, j) =>
      OF_CALLS.filter((name) => at(call, name) !== undefined).map((name) => `messages[${i}].tool_calls[${j}].${name}`),
    );
    if (own.length + ofCalls.length === 0) continue;
    lost.push(...own, ...ofCalls);
    holders.add(i);
  }
  const list = lost.length === 0 ? undefined : fieldAt(text, text.indexOf("{"), "messages");
  if (list === undefined) return undefined;
  const written = elementsAt(text, list.start).map((span, i) => (holders.has(i) ? bareMessage(text, span) : text.slice(span.start, span.end)));
  return { text: `${text.slice(0, list.start)}[${written.join(",")}]${text.slice(list.end)}`, lost, signatures: [] };
}

function bareMessage(text: string, message: Span): string {
  return withoutFields(text, message, OF_MESSAGES, (name, span) => {
    if (name !== "tool_calls" || text[span.start] !== "[") return text.slice(span.start, span.end);
    return `[${elementsAt(text, span.start)
      .map((call) => withoutFields(text, call, OF_CALLS))
      .join(",")}]`;
  });
}

function withoutFields(
  text: string,
  object: Span,
  names: readonly string[],
  write: (name: string, value: Span) => string = (_, { start, end }) => text.slice(start, end),
): string {
  const kept = fieldsAt(text, object.start).filter(({ name }) => !names.includes(name));
  return `{${kept.map((field) => text.slice(field.nameStart, field.start) + write(field.name, field)).join(",")}}`;
}
