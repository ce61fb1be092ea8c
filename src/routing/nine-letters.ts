import { nineLetters } from "../protocols/call-id.ts";
import { elementsAt, fieldsAt, type Span } from "../protocols/json-spans.ts";

/**
 * A body of Chat Completions with ids of calls as Mistral's models want them, in the calls and in what was answered to them; undefined where nothing
 * would be different. A client that began its conversation at another vendor's model has that one's ids. Everything else stays as it stands.
 */
export function withNineLetterIds(text: string): string | undefined {
  const written = rewritten(text, { start: text.indexOf("{"), end: text.lastIndexOf("}") + 1 }, (name, messages) =>
    name === "messages" ? eachOf(text, messages, messageIn) : undefined,
  );
  return written === undefined ? undefined : text.slice(0, text.indexOf("{")) + written + text.slice(text.lastIndexOf("}") + 1);
}

function messageIn(text: string, message: Span): string | undefined {
  return rewritten(text, message, (name, value) => {
    if (name === "tool_call_id") return idIn(text, value);
    return name === "tool_calls" ? eachOf(text, value, callIn) : undefined;
  });
}

function callIn(text: string, call: Span): string | undefined {
  return rewritten(text, call, (name, value) => (name === "id" ? idIn(text, value) : undefined));
}

function idIn(text: string, value: Span): string | undefined {
  if (text[value.start] !== '"') return undefined;
  const id = JSON.parse(text.slice(value.start, value.end)) as string;
  const taken = nineLetters(id);
  return taken === id ? undefined : JSON.stringify(taken);
}

/** The object at a span with other values for some of its fields; undefined where none is another. */
function rewritten(text: string, object: Span, write: (name: string, value: Span) => string | undefined): string | undefined {
  if (text[object.start] !== "{") return undefined;
  return spliced(text, object, fieldsAt(text, object.start), (field) => write(field.name, field));
}

function eachOf(text: string, list: Span, write: (text: string, element: Span) => string | undefined): string | undefined {
  return text[list.start] === "[" ? spliced(text, list, elementsAt(text, list.start), (element) => write(text, element)) : undefined;
}

function spliced<T extends Span>(text: string, whole: Span, parts: readonly T[], write: (part: T) => string | undefined): string | undefined {
  let written = "";
  let behind = whole.start;
  for (const part of parts) {
    const other = write(part);
    if (other === undefined) continue;
    written += text.slice(behind, part.start) + other;
    behind = part.end;
  }
  return behind === whole.start ? undefined : written + text.slice(behind, whole.end);
}
