import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import type { ScanTestName } from "../../src/probe/scan-test.ts";
import { response } from "./fake-host.ts";

/** What a scan asked of a model, as Chat Completions write it. */
export interface AskedChat {
  readonly model: string;
  readonly test: ScanTestName;
  readonly body: Readonly<Record<string, unknown>>;
}

/** undefined for what is no chat. */
export function askedChat({ url, body = "" }: HttpRequest): AskedChat | undefined {
  if (!url.endsWith("/chat/completions")) return undefined;
  const asked = JSON.parse(body) as { model: string; tools?: unknown; response_format?: unknown; stream?: boolean };
  const test = asked.tools !== undefined ? "tool" : body.includes("image_url") ? "image" : asked.response_format !== undefined ? "json" : "stream";
  return { model: asked.model, test, body: asked as unknown as AskedChat["body"] };
}

export function said(content: string | null, more: object = {}): HttpResponse {
  const choices = [{ index: 0, message: { role: "assistant", content, ...more }, finish_reason: "stop" }];
  return jsonResponse(200, { id: "1", object: "chat.completion", model: "m", choices, usage: { prompt_tokens: 9, completion_tokens: 4 } });
}

export function refused(status: number, message: string, code: string | number = status): HttpResponse {
  return jsonResponse(status, { error: { message, code } });
}

/** A model that passes every test. */
export function goodAnswer({ test }: AskedChat): HttpResponse {
  if (test === "tool") return said(null, { tool_calls: [{ id: "c", type: "function", function: { name: "ping", arguments: "{}" } }] });
  if (test === "image") return said("Red");
  if (test === "json") return said('{"ok": true}');
  const event = (value: object): string => `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", model: "m", ...value })}\n\n`;
  const text = event({ choices: [{ index: 0, delta: { content: "1 2 3" }, finish_reason: "stop" }] });
  const usage = event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 30 } });
  return response(200, `${text}${usage}data: [DONE]\n\n`, { "content-type": "text/event-stream" });
}

export function jsonResponse(status: number, value: unknown): HttpResponse {
  return response(status, JSON.stringify(value), { "content-type": "application/json" });
}

/** One entry of OpenRouter's list. */
export function listedModel(id: string, more: Readonly<Record<string, unknown>> = {}, input: readonly string[] = ["text"]): object {
  return {
    ...{ id, name: id, created: 1_763_000_000, context_length: 1000, pricing: { prompt: "0", completion: "0" }, supported_parameters: ["tools"] },
    architecture: { modality: `${input.join("+")}->text`, input_modalities: input, output_modalities: ["text"] },
    top_provider: { max_completion_tokens: 500 },
    ...more,
  };
}
