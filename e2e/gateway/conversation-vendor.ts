import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { busy, type Said, streamed, type VendorFormat, whole } from "../../test/support/vendor-words.ts";

/**
 * A vendor of every format on loopback that holds a conversation: what it says follows from what it was told last. The first segment of the path
 * is its temper: `good` answers, `down` never does, `quits` is down from the moment that a tool has answered.
 */
export interface ConversationVendor {
  readonly url: string;
  readonly asked: Heard[];
  /** What this temper was asked. */
  of(temper: string): Heard[];
  close(): Promise<void>;
}

export interface Heard {
  readonly temper: string;
  readonly format: VendorFormat;
  readonly path: string;
  readonly streams: boolean;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
}

/** What is answered to the first of these that fits what was said since the model spoke last. */
export type Script = readonly (readonly [hears: RegExp, says: Said])[];

export const WEATHER: Script = [
  [/4 degrees/, { text: "It is 4 degrees in Oslo, with rain." }],
  [/weather/, { call: { name: "weather", input: { city: "Oslo" } } }],
  [/Thank you/, { text: "You are welcome, with wörds." }],
  [/Hello/, { text: "Hello to you, with wörds." }],
];

const COUNTS = /count_tokens$|:countTokens$|\/count-tokens$|\/input_tokens$/;
/** What Anthropic answers with 400. */
const ODD_ID = /"type":"tool_use","id":"[^"]*[^a-zA-Z0-9_"-]|"tool_use_id":"[^"]*[^a-zA-Z0-9_"-]/;
const TOOL_HAS_ANSWERED = /"role":"tool"|"tool_result"|function_call_output|functionResponse|toolResult/;

export async function startConversationVendor(script: Script): Promise<ConversationVendor> {
  const asked: Heard[] = [];
  const server = createServer((request, answer) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const [, temper = "", ...rest] = (request.url ?? "").split("/");
      const path = `/${rest.join("/")}`;
      const text = Buffer.concat(pieces).toString("utf8");
      const body = JSON.parse(text) as Record<string, unknown>;
      const format = formatOf(path);
      const last = lastTurn(body);
      const isDown = temper.startsWith("down") || (temper.startsWith("quits") && TOOL_HAS_ANSWERED.test(text));
      const isRefused = format === "anthropic-messages" && ODD_ID.test(text);
      const streams = body["stream"] === true || /stream/i.test(path);
      asked.push({ temper, format, path, streams, body, status: isDown ? 503 : isRefused ? 400 : 200 });
      if (isDown) return json(answer, 503, busy(format));
      if (isRefused) return json(answer, 400, { type: "error", error: { type: "invalid_request_error", message: "tool_use.id: String should match pattern" } });
      if (COUNTS.test(path)) return json(answer, 200, { input_tokens: 42, totalTokens: 42, inputTokens: 42 });
      const said = script.find(([hears]) => hears.test(last))?.[1] ?? { text: `Nobody told me what to say to ${last}` };
      return streams ? stream(answer, format, said) : json(answer, 200, whole(format, said));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    of: (temper) => asked.filter((heard) => heard.temper === temper),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => void server.close(() => done()));
    },
  };
}

function formatOf(path: string): VendorFormat {
  if (path.includes("/messages")) return "anthropic-messages";
  if (path.includes("/responses")) return "openai-responses";
  if (/:(streamGenerateContent|generateContent|countTokens)/.test(path)) return "google-generate";
  return path.includes("/model/") ? "bedrock-converse" : "openai-chat";
}

/** Everything after what the model said last, as text. */
function lastTurn(body: Readonly<Record<string, unknown>>): string {
  const turns = [body["messages"] ?? body["contents"] ?? body["input"] ?? []].flat() as { role?: string; type?: string }[];
  const spoke = turns.findLastIndex(({ role, type }) => role === "assistant" || role === "model" || type === "function_call");
  return JSON.stringify(turns.slice(spoke + 1));
}

function json(answer: ServerResponse, status: number, value: object): void {
  answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Piece by piece, so that it arrives as it does in the world. */
function stream(answer: ServerResponse, format: VendorFormat, said: Said): void {
  const { contentType, pieces } = streamed(format, said);
  answer.writeHead(200, { "content-type": contentType });
  const next = (at: number): void => {
    if (at >= pieces.length) answer.end();
    else answer.write(pieces[at], () => setImmediate(next, at + 1));
  };
  next(0);
}
