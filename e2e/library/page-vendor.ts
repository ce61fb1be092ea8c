import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Two vendors on loopback for the blocks of docs/library.md: `/groq/…` in OpenAI's format, `/anthropic/…` in Anthropic's. An old key is refused. */
export interface PageVendor {
  readonly url: string;
  readonly asked: string[];
  close(): Promise<void>;
}

interface Said {
  readonly text: string;
  readonly call?: { readonly name: string; readonly input: object };
}

const WEATHER: Said = { text: "", call: { name: "weather", input: { city: "Oslo" } } };

export async function startPageVendor(): Promise<PageVendor> {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      asked.push(`${request.method} ${request.url}`);
      const isAnthropic = request.url?.startsWith("/anthropic") === true;
      const key = `${request.headers.authorization ?? ""}${request.headers["x-api-key"] ?? ""}`;
      const json = (status: number, value: unknown) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (key.includes("old")) return json(401, { error: { message: `no such key: ${key}`, type: "authentication_error" } });
      const { stream } = JSON.parse(body) as { stream?: boolean };
      const said = saidTo(body);
      if (stream !== true) return json(200, isAnthropic ? anthropic(said) : openai(said));
      answer.writeHead(200, { "content-type": "text/event-stream" }).end(openaiStream(said));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => void server.close(() => done()));
    },
  };
}

function saidTo(body: string): Said {
  if (body.includes("Rain")) return { text: "It rains in Oslo, 4 °C." };
  if (body.includes("weather in Oslo")) return WEATHER;
  if (body.includes("Count to three")) return { text: "One two three" };
  return { text: body.includes("capital") ? "Oslo." : "OK" };
}

const USAGE = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };

function openai({ text, call }: Said): object {
  const calls =
    call === undefined ? {} : { tool_calls: [{ id: "call_1", type: "function", function: { name: call.name, arguments: JSON.stringify(call.input) } }] };
  const message = { role: "assistant", content: call === undefined ? text : null, ...calls };
  return {
    id: "1",
    object: "chat.completion",
    model: "m",
    choices: [{ index: 0, message, finish_reason: call === undefined ? "stop" : "tool_calls" }],
    usage: USAGE,
  };
}

function openaiStream({ text }: Said): string {
  const chunk = (delta: object, finish: string | null) => ({ id: "1", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] });
  const chunks = [...text.split(/(?= )/).map((word) => chunk({ content: word }, null)), chunk({}, "stop"), { id: "1", choices: [], usage: USAGE }];
  return `${chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join("")}data: [DONE]\n\n`;
}

function anthropic({ text }: Said): object {
  const usage = { input_tokens: 12, output_tokens: 3 };
  return { id: "msg_1", type: "message", role: "assistant", model: "m", content: [{ type: "text", text }], stop_reason: "end_turn", usage };
}
