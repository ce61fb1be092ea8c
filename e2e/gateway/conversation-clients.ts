import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import { generateText, jsonSchema, type LanguageModel, type ModelMessage, stepCountIs, streamText, tool } from "ai";
import OpenAI from "openai";
import type { VendorFormat } from "../../test/support/vendor-words.ts";

/** The vendors' own packages and what people build on, unmodified: each holds the same conversation of three turns, with a tool in the second. */
export interface Client {
  readonly name: string;
  readonly format: VendorFormat;
  readonly hold: (at: Gateway, model: string, how: "streamed" | "whole") => Promise<Conversation>;
}

export interface Gateway {
  readonly url: string;
  readonly key: string;
}

export interface Conversation {
  /** What the model said to the user, turn by turn. */
  readonly said: readonly string[];
  /** What it had the tool asked. */
  readonly called: readonly unknown[];
  /** The pieces in which the last turn arrived. */
  readonly pieces: readonly string[];
}

export const TURNS = ["Hello", "How is the weather in Oslo?", "Thank you"] as const;
export const WEATHER_IS = "4 degrees, rain";
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false } as const;
const ABOUT = "The weather of a city, now";
const BE_BRIEF = "You are brief.";

const openaiChat: Client = {
  name: "openai, chat completions",
  format: "openai-chat",
  hold: async ({ url, key }, model, how) => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
    const tools = [{ type: "function" as const, function: { name: "weather", description: ABOUT, parameters: SCHEMA } }];
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "system", content: BE_BRIEF }];
    const talk = notes();
    for (const content of TURNS) {
      messages.push({ role: "user", content });
      talk.turn();
      for (;;) {
        const asked = { model, messages, tools, max_completion_tokens: 500 };
        const stream = how === "streamed" ? client.chat.completions.stream(asked).on("content", talk.piece) : undefined;
        const { choices } = await (stream?.finalChatCompletion() ?? client.chat.completions.create(asked));
        const message = choices[0]!.message;
        messages.push(message);
        talk.said(message.content);
        const calls = message.tool_calls ?? [];
        if (calls.length === 0) break;
        for (const call of calls) {
          if (!("function" in call)) continue;
          talk.called(JSON.parse(call.function.arguments));
          messages.push({ role: "tool", tool_call_id: call.id, content: WEATHER_IS });
        }
      }
    }
    return talk.all;
  },
};

const openaiResponses: Client = {
  name: "openai, responses",
  format: "openai-responses",
  hold: async ({ url, key }, model, how) => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
    const tools = [{ type: "function" as const, name: "weather", description: ABOUT, parameters: SCHEMA, strict: false }];
    const input: OpenAI.Responses.ResponseInput = [];
    const talk = notes();
    for (const content of TURNS) {
      input.push({ role: "user", content });
      talk.turn();
      for (;;) {
        const asked = { model, input, tools, instructions: BE_BRIEF, max_output_tokens: 500 };
        const stream = how === "streamed" ? client.responses.stream(asked) : undefined;
        stream?.on("response.output_text.delta", ({ delta }) => talk.piece(delta));
        const { output, output_text } = await (stream?.finalResponse() ?? client.responses.create(asked));
        input.push(...(output as OpenAI.Responses.ResponseInput));
        talk.said(output_text);
        const calls = output.flatMap((item) => (item.type === "function_call" ? [item] : []));
        if (calls.length === 0) break;
        for (const call of calls) {
          talk.called(JSON.parse(call.arguments));
          input.push({ type: "function_call_output", call_id: call.call_id, output: WEATHER_IS });
        }
      }
    }
    return talk.all;
  },
};

const anthropicMessages: Client = {
  name: "@anthropic-ai/sdk",
  format: "anthropic-messages",
  hold: async ({ url, key }, model, how) => {
    const client = new Anthropic({ baseURL: url, apiKey: key });
    const tools = [{ name: "weather", description: ABOUT, input_schema: { ...SCHEMA, required: [...SCHEMA.required] } }];
    const messages: Anthropic.MessageParam[] = [];
    const talk = notes();
    for (const content of TURNS) {
      messages.push({ role: "user", content });
      talk.turn();
      for (;;) {
        const asked = { model, messages, tools, system: BE_BRIEF, max_tokens: 500 };
        const stream = how === "streamed" ? client.messages.stream(asked).on("text", talk.piece) : undefined;
        const message = await (stream?.finalMessage() ?? client.messages.create(asked));
        messages.push({ role: "assistant", content: message.content });
        talk.said(message.content.map((block) => (block.type === "text" ? block.text : "")).join(""));
        if (message.stop_reason !== "tool_use") break;
        const calls = message.content.filter((block) => block.type === "tool_use");
        for (const call of calls) talk.called(call.input);
        messages.push({ role: "user", content: calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: WEATHER_IS })) });
      }
    }
    return talk.all;
  },
};

/** The AI SDK runs tools by itself. */
async function holdWithAi(model: LanguageModel, how: "streamed" | "whole"): Promise<Conversation> {
  const talk = notes();
  const weather = tool({
    description: ABOUT,
    inputSchema: jsonSchema<{ city: string }>({ ...SCHEMA, required: [...SCHEMA.required] }),
    execute: (input) => {
      talk.called(input);
      return WEATHER_IS;
    },
  });
  const messages: ModelMessage[] = [];
  for (const content of TURNS) {
    messages.push({ role: "user", content });
    talk.turn();
    const asked = { model, system: BE_BRIEF, messages, tools: { weather }, stopWhen: stepCountIs(3), maxOutputTokens: 500 };
    const result = how === "streamed" ? streamText(asked) : await generateText(asked);
    if ("textStream" in result) for await (const piece of result.textStream) talk.piece(piece);
    talk.said(await result.text);
    messages.push(...(await result.response).messages);
  }
  return talk.all;
}

const aiCompatible: Client = {
  name: "ai with @ai-sdk/openai-compatible",
  format: "openai-chat",
  hold: ({ url, key }, model, how) => holdWithAi(createOpenAICompatible({ name: "gateway", baseURL: `${url}/v1`, apiKey: key })(model), how),
};

const aiAnthropic: Client = {
  name: "ai with @ai-sdk/anthropic",
  format: "anthropic-messages",
  hold: ({ url, key }, model, how) => holdWithAi(createAnthropic({ baseURL: `${url}/v1`, apiKey: key })(model), how),
};

export const CLIENTS: readonly Client[] = [openaiChat, openaiResponses, anthropicMessages, aiCompatible, aiAnthropic];

function notes() {
  const all = { said: [] as string[], called: [] as unknown[], pieces: [] as string[] };
  return {
    all,
    turn: () => {
      all.said.push("");
      all.pieces = [];
    },
    said: (text: string | null) => {
      all.said[all.said.length - 1] += text ?? "";
    },
    called: (input: unknown) => void all.called.push(input),
    piece: (text: string) => void all.pieces.push(text),
  };
}
