import { type Splice, spliced } from "../kernel/json5-trivia.ts";
import { nineLetters } from "../protocols/call-id.ts";
import { elementsAt, type FieldSpan, fieldsAt, type Span } from "../protocols/json-spans.ts";

/**
 * A body of Chat Completions with ids of calls as Mistral's models want them, in the calls and in what was answered to them; undefined where nothing
 * would be different. A client that began its conversation at another vendor's model has that one's ids. Everything else stays as it stands.
 */
export function withNineLetterIds(text: string): string | undefined {
  const messages = fieldsOf(text, text.indexOf("{"), "messages").flatMap((list) => elementsOf(text, list));
  const ids = messages.flatMap(({ start }) => [
    ...fieldsOf(text, start, "tool_call_id"),
    ...fieldsOf(text, start, "tool_calls")
      .flatMap((list) => elementsOf(text, list))
      .flatMap((call) => fieldsOf(text, call.start, "id")),
  ]);
  const changes = ids.flatMap((id) => changeOf(text, id));
  return changes.length === 0 ? undefined : spliced(text, changes);
}

/** What is no object has none. */
function fieldsOf(text: string, open: number, name: string): FieldSpan[] {
  return text[open] === "{" ? fieldsAt(text, open).filter((field) => field.name === name) : [];
}

function elementsOf(text: string, { start }: Span): Span[] {
  return text[start] === "[" ? elementsAt(text, start) : [];
}

function changeOf(text: string, { start, end }: Span): Splice[] {
  if (text[start] !== '"') return [];
  const id = JSON.parse(text.slice(start, end)) as string;
  const taken = nineLetters(id);
  return taken === id ? [] : [{ start, end, text: JSON.stringify(taken) }];
}
