import { assertNever } from "../kernel/errors.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../kernel/json-value.ts";
import type { Begun, ServedDialect } from "../protocols/server-protocol.ts";

/** Names and numbers of a stream that goes by, as far as who goes on with it must know them. */
export interface BegunReader {
  see(value: unknown): void;
  /** undefined where no text can follow. */
  begun(text: string): Begun | undefined;
}

export function createBegunReader(dialect: ServedDialect): BegunReader {
  switch (dialect) {
    case "openai-chat":
      return chatReader();
    case "anthropic-messages":
      return messagesReader();
    case "openai-responses":
      return responsesReader();
    default:
      return assertNever(dialect);
  }
}

const NOTHING: Begun = { id: "", model: "", createdSeconds: 0, text: "", block: -1, isOpen: false, lastEvent: -1, itemId: "", announced: {} };

function chatReader(): BegunReader {
  let head: Pick<Begun, "id" | "model" | "createdSeconds"> | undefined;
  let isOneAnswer = true;
  return {
    see: (value) => {
      const choices = listAt(value, "choices");
      if (choices.some((choice) => (numberAt(choice, "index") ?? 0) !== 0)) isOneAnswer = false;
      // Every chunk repeats them.
      if (choices.length > 0) head ??= { id: textAt(value, "id") ?? "", model: textAt(value, "model") ?? "", createdSeconds: numberAt(value, "created") ?? 0 };
    },
    begun: (text) => (head === undefined || !isOneAnswer ? undefined : { ...NOTHING, ...head, text }),
  };
}

function messagesReader(): BegunReader {
  let head: Pick<Begun, "id" | "model"> | undefined;
  let [block, isOpen] = [-1, false];
  return {
    see: (value) => {
      const type = textAt(value, "type");
      if (type === "message_start") head = { id: textAt(value, "message", "id") ?? "", model: textAt(value, "message", "model") ?? "" };
      else if (type === "content_block_start") [block, isOpen] = [numberAt(value, "index") ?? block + 1, textAt(value, "content_block", "type") === "text"];
      else if (type === "content_block_stop") isOpen = false;
    },
    begun: (text) => (head === undefined ? undefined : { ...NOTHING, ...head, text, block, isOpen }),
  };
}

/** Goes on where there is one message with one text, and it is open: its end has to say all of it again. */
function responsesReader(): BegunReader {
  let announced: Begun["announced"] | undefined;
  let [items, parts, block, lastEvent] = [0, 0, -1, -1];
  let isOpen = false;
  let itemId = "";
  return {
    see: (value) => {
      lastEvent = numberAt(value, "sequence_number") ?? lastEvent;
      switch (textAt(value, "type")) {
        case "response.created":
          announced = objectAt(value, "response");
          break;
        case "response.output_item.added":
          [items, block, itemId] = [items + 1, numberAt(value, "output_index") ?? 0, textAt(value, "item", "id") ?? ""];
          break;
        case "response.content_part.added":
          [parts, isOpen] = [parts + 1, at(value, "part", "type") === "output_text"];
          break;
        case "response.output_text.done":
        case "response.content_part.done":
        case "response.output_item.done":
          isOpen = false;
          break;
        case undefined:
        default:
      }
    },
    begun: (text) => {
      if (announced === undefined || items !== 1 || parts !== 1 || !isOpen) return undefined;
      const head = { id: textAt(announced, "id") ?? "", model: textAt(announced, "model") ?? "", createdSeconds: numberAt(announced, "created_at") ?? 0 };
      return { ...head, text, block, isOpen, lastEvent, itemId, announced };
    },
  };
}
