import { ask, type ChatRequest, type OutputFormat } from "../chat/request.ts";
import { objectAt, parseJson } from "../kernel/json-value.ts";
import type { Heard } from "./hear-answer.ts";
import type { ServerKind } from "./server-kind.ts";

/** What a model is tested for, in the order in which it is asked. */
export const SCAN_TESTS = ["tool", "image", "json", "stream"] as const;
export type ScanTestName = (typeof SCAN_TESTS)[number];

/** What an answer shows. `error`: the end of a sentence that begins with the model. */
export type Judgement =
  | { readonly kind: "passed"; readonly answer?: string; readonly note?: string }
  | { readonly kind: "failed"; readonly error: string; readonly answer?: string };

export interface ScanTest {
  readonly request: (room: { readonly outputTokens: number; readonly server: ServerKind | undefined }) => ChatRequest;
  readonly judge: (heard: Heard) => Judgement;
}

/** A red square of 32 by 32 pixels, as PNG. */
const RED_SQUARE = "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJ0lEQVR42u3NsQkAAAjAsP7/tF7hIASyp6lTCQQCgUAgEAgEgi/BAjLD/C5w/SM9AAAAAElFTkSuQmCC";

/** One request each. Nothing but the question, so that nothing is refused which an agent would not ask for. */
export const scanTests: Readonly<Record<ScanTestName, ScanTest>> = {
  tool: {
    request: ({ outputTokens }) =>
      ask("Call the tool `ping`. It takes no arguments. Answer with nothing else.", {
        tools: [{ kind: "function", name: "ping", description: "Tells that you are there.", parameters: { type: "object", properties: {} } }],
        maxOutputTokens: outputTokens,
      }),
    judge: judgeTool,
  },
  image: {
    request: ({ outputTokens }) => ({
      messages: [
        {
          role: "user",
          content: [
            { kind: "text", text: "Which colour is this square? Answer with one word." },
            { kind: "image", source: { kind: "data", mediaType: "image/png", base64: RED_SQUARE } },
          ],
        },
      ],
      maxOutputTokens: outputTokens,
    }),
    judge: judgeImage,
  },
  json: {
    request: ({ outputTokens, server }) =>
      ask('Answer with a JSON object that has the one key "ok" with the value true.', { maxOutputTokens: outputTokens, output: jsonOutput(server) }),
    judge: judgeJson,
  },
  stream: {
    request: ({ outputTokens }) => ask("Count from 1 to 30, with spaces between the numbers.", { maxOutputTokens: outputTokens, stream: true }),
    judge: judgeStream,
  },
};

/** LM Studio knows JSON by a schema alone (https://lmstudio.ai/docs/developer/openai-compat/structured-output, read on 2026-11-21). */
function jsonOutput(server: ServerKind | undefined): OutputFormat {
  if (server !== "lmstudio") return { kind: "json" };
  return { kind: "json_schema", schema: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"], additionalProperties: false } };
}

function judgeTool({ calls, text, stop, outputTokens }: Heard): Judgement {
  const call = calls.find(({ name }) => name === "ping");
  if (call !== undefined) {
    if (objectAt(parseJson(call.arguments === "" ? "{}" : call.arguments)) !== undefined) return { kind: "passed" };
    return { kind: "failed", error: "called the tool with arguments that are no JSON object", answer: shown(call.arguments) };
  }
  const [other] = calls;
  if (other !== undefined) return { kind: "failed", error: "called a tool that it was not given", answer: shown(other.name) };
  if (stop === "length") return { kind: "failed", error: cutOff(outputTokens, "called the tool") };
  return text === "" ? { kind: "failed", error: NOTHING } : { kind: "failed", error: "answered with text and did not call the tool", answer: shown(text) };
}

/** A wrong answer is a note: it was given a picture and dealt with it. */
function judgeImage({ text, stop, outputTokens }: Heard): Judgement {
  if (text === "") return { kind: "failed", error: stop === "length" ? cutOff(outputTokens, "said what it sees") : NOTHING };
  const answer = shown(text);
  if (/\b(red|rot|rouge|rojo|crimson|scarlet)\b/i.test(text)) return { kind: "passed", answer };
  return { kind: "passed", answer, note: `was shown a red square and answered "${answer}"` };
}

function judgeJson({ text, stop, outputTokens }: Heard): Judgement {
  if (objectAt(parseJson(text)) !== undefined) return { kind: "passed" };
  if (text === "") return { kind: "failed", error: stop === "length" ? cutOff(outputTokens, "wrote its JSON") : NOTHING };
  const isFenced = text.startsWith("```");
  return { kind: "failed", error: isFenced ? "put its JSON into a code block" : "answered with something other than a JSON object", answer: shown(text) };
}

/** The first piece came as an event, before the end of the answer. */
function judgeStream({ isEventStream, pieceCount, chunkCount, text, stop, outputTokens }: Heard): Judgement {
  if (!isEventStream) return { kind: "failed", error: "answered in one piece although a stream was asked for" };
  if (pieceCount === 0) return { kind: "failed", error: stop === "length" ? cutOff(outputTokens, "said anything") : NOTHING };
  if (chunkCount < 2 && text.length > MOST_AT_ONCE)
    return { kind: "passed", note: "streams, but all of its events came at once: something on the way holds them back" };
  return { kind: "passed" };
}

/** Characters that a quick model may well say between two looks at the network. */
const MOST_AT_ONCE = 40;

const NOTHING = "answered with nothing";

function cutOff(outputTokens: number | undefined, before: string): string {
  return `was cut off${outputTokens === undefined ? "" : ` after ${outputTokens} tokens`}, before it ${before}`;
}

const SHOWN_CHARACTERS = 60;

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line;
}
