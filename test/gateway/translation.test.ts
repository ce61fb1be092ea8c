import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { at, listAt } from "../../src/kernel/json-value.ts";
import type { ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import { response } from "../support/fake-host.ts";
import { breaches } from "../support/published-schemas.ts";
import { streamed, type VendorFormat, whole } from "../support/vendor-words.ts";
import { gatewayInMemory, type InMemory } from "./in-memory.ts";

const JSON_TYPE = { "content-type": "application/json" };
const PATHS: Readonly<Record<ServedDialect, string>> = {
  "openai-chat": "/v1/chat/completions",
  "openai-responses": "/v1/responses",
  "anthropic-messages": "/v1/messages",
};
const APIS: Readonly<Record<VendorFormat, string>> = {
  "openai-chat": "openai-completions",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generate": "google-generative-ai",
  "bedrock-converse": "bedrock-converse-stream",
};
const VENDORS = Object.keys(APIS) as VendorFormat[];
const SAID = { text: "In the garden, as always." };

/** The same conversation as each client sends it: two system blocks with marks for caching, an image, signed reasoning, two calls at once, their results, one of them an error with an image. */
const conversationIn = (dialect: ServedDialect): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../fixtures/conversations/${dialect}.json`, import.meta.url), "utf8"));

const open = (gateway: object = {}): Promise<InMemory> =>
  gatewayInMemory({
    providers: APIS_BY_NAME,
    chain: ["openai-chat/m"],
    gateway,
    vendor: ({ url, body = "" }) => {
      const format = new URL(url).hostname.split(".")[0] as VendorFormat;
      const isStream = /stream/i.test(new URL(url).pathname) || body.includes('"stream":true');
      if (!isStream) return response(200, JSON.stringify(whole(format, SAID)), JSON_TYPE);
      const { contentType, pieces } = streamed(format, SAID);
      return { status: 200, headers: { "content-type": contentType }, body: inBytes(pieces) };
    },
  });
const APIS_BY_NAME = Object.fromEntries(VENDORS.map((format) => [format, APIS[format]]));

async function* inBytes(pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
}

/** What does not stand in a request as a word of its own. */
const STRUCTURE = new Set(["role", "kind", "dialect", "mediaType", "detail", "stream"]);
/** Words of the one language, and what each format makes of them. */
const WORDS: Readonly<Record<string, RegExp>> = {
  "toolChoice.kind": /"(?:any|ANY|required)"|"any":\{\}/,
  "messages[].content[].isError": /"is_error":true|"status":"error"|"error":"The camera|"Error: The camera/,
  "messages[].content[].cache": /"cache_control":\{"type":"ephemeral"|"cachePoint":\{"type":"default"/,
  parallelToolCalls: /./,
  "tools[].strict": /"strict":true/,
};

/** Every word of a request that neither stands in what is sent nor is named. */
function silentlyLost(chat: object, sent: string, named: readonly string[]): string[] {
  const plain = sent.toLowerCase().replaceAll("\\", "");
  const isNamed = (path: string): boolean => named.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
  const missing = (value: unknown, path: string): string[] => {
    if (value === undefined || isNamed(path)) return [];
    const words = WORDS[path.replace(/\[\d+\]/g, "[]")];
    if (words !== undefined) return words.test(sent) ? [] : [path];
    if (typeof value !== "object" || value === null)
      return plain.includes(
        JSON.stringify(value)
          .toLowerCase()
          .replace(/^"|"$|\\/g, ""),
      )
        ? []
        : [path];
    return Object.entries(value).flatMap(([name, inner]) =>
      STRUCTURE.has(name) ? [] : missing(inner, Array.isArray(value) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`),
    );
  };
  return missing(chat, "");
}

const CLIENTS = Object.keys(PATHS) as ServedDialect[];
const PAIRS = CLIENTS.flatMap((from) => VENDORS.flatMap((to) => [false, true].map((stream) => [from, to, stream] as const)));

const [CACHE_1, CACHE_2] = ["messages[0].content[1].cache", "messages[1].content[1].cache"];
/** What each way of the conversation loses or changes. */
const NAMED: Readonly<Record<ServedDialect, Readonly<Partial<Record<VendorFormat, readonly string[]>>>>> = {
  "openai-chat": {
    "openai-responses": ["stopSequences", CACHE_1, CACHE_2, "messages[2].content[0]"],
    "anthropic-messages": ["messages[2].content[0]"],
    "google-generate": [CACHE_1, CACHE_2, "messages[2].content[0]"],
    "bedrock-converse": ["reasoning", "messages[2].content[0]"],
  },
  "openai-responses": {
    "openai-chat": ["messages[3].content[0]", "messages[4].content[1].content[1]"],
    "anthropic-messages": ["messages[3].content[0]"],
    "google-generate": ["messages[3].content[0]", "messages[4].content[1].content[1]", "tools[0].strict"],
    "bedrock-converse": ["reasoning", "messages[3].content[0]", "tools[0].strict"],
  },
  "anthropic-messages": {
    "openai-chat": [CACHE_1, CACHE_2, "messages[2].content[0]", "messages[3].content[1].content[1]", "messages[3].content[1].isError"],
    "openai-responses": ["stopSequences", CACHE_1, CACHE_2, "messages[2].content[0]", "messages[3].content[1].isError"],
    "google-generate": [CACHE_1, CACHE_2, "messages[2].content[0]", "messages[3].content[1].content[1]"],
    "bedrock-converse": ["messages[2].content[0]"],
  },
};

test("as each client sends it, it is what its format's vendor publishes", () => {
  const { messages, ...chat } = conversationIn("openai-chat");
  // What several vendors know beside OpenAI's own: reasoning that is shown, and marks for caching.
  const plain = listAt(messages).map((message) =>
    JSON.parse(JSON.stringify(message, (name, value: unknown) => (/^(?:reasoning_content|cache_control)$/.test(name) ? undefined : value))),
  );
  expect(breaches("openai-chat request", { ...chat, messages: plain })).toEqual([]);
  expect(breaches("openai-responses request", conversationIn("openai-responses"))).toEqual([]);
  expect(breaches("anthropic-messages request", conversationIn("anthropic-messages"))).toEqual([]);
});

test("what is neither sent nor named is found", () => {
  const chat = { messages: [{ content: [{ kind: "text", text: "Hello", cache: {} }] }], stopSequences: ["END"] };
  expect(silentlyLost(chat, '{"text":"Bye"}', ["messages[0].content[0].cache"])).toEqual(["messages[0].content[0].text", "stopSequences[0]"]);
});

describe("a conversation with everything in it", () => {
  test.each(PAIRS)("from %s to %s (streamed: %s) loses nothing in silence", async (from, to, stream) => {
    const box = await open();
    const asked = { ...conversationIn(from), model: `${to}/m`, stream };
    const { status, headers, text } = await box.ask(PATHS[from], asked);
    expect([status, text.includes("garden")]).toEqual([200, true]);
    const [sent] = box.asked;
    const named = (headers["x-signalbox-lost"] ?? "").split(", ").filter((field) => field !== "");
    if (from === to) {
      expect([sent?.body, named]).toEqual([{ ...asked, model: "m" }, []]);
      return;
    }
    const reading = serverProtocols[from].readRequest(asked);
    if (reading.kind !== "request") throw new Error(`${reading.field} ${reading.why}`);
    expect(silentlyLost(reading.chat, sent?.text ?? "", named)).toEqual([]);
    const isInBody = to !== "google-generate" && to !== "bedrock-converse";
    expect(breaches(isInBody && stream ? `${to} streamed request` : `${to} request`, sent?.body)).toEqual([]);
    expect(named).toEqual(NAMED[from][to]);
  });
});

test("reasoning goes on as text where the config says so", async () => {
  const box = await open({ reasoning: "text" });
  for (const to of VENDORS) await box.ask("/v1/messages", { ...conversationIn("anthropic-messages"), model: `${to}/m` });
  const isThere = box.asked.map(({ text }) => text.includes("I look in both rooms at once."));
  expect(isThere).toEqual([true, true, true, true, true]);
});

describe("Gemini, which wants a signature with every call", () => {
  const REFUSAL = { error: { code: 400, message: "Function call is missing a thought_signature in functionCall parts.", status: "INVALID_ARGUMENT" } };
  const openStrict = (): Promise<InMemory> =>
    gatewayInMemory({
      providers: { gemini: "google-generative-ai" },
      chain: ["gemini/m"],
      vendor: ({ body = "" }) =>
        body.includes("thoughtSignature") || !body.includes("functionCall")
          ? response(200, JSON.stringify(whole("google-generate", SAID)), JSON_TYPE)
          : response(400, JSON.stringify(REFUSAL), JSON_TYPE),
    });

  test.each(CLIENTS)("gets its own stand-in for calls that it made for a client of %s, or that another model made", async (from) => {
    const box = await openStrict();
    const asked = { ...conversationIn(from), model: "gemini/m" };
    const { status, headers } = await box.ask(PATHS[from], asked);
    expect([status, headers["x-signalbox-attempts"], box.asked.length]).toEqual([200, "2", 2]);
    const calls = listAt(box.asked[1]?.body, "contents").flatMap((content) =>
      listAt(content, "parts").filter((part) => at(part, "functionCall") !== undefined),
    );
    expect(calls.map((call) => at(call, "thoughtSignature"))).toEqual(["skip_thought_signature_validator", undefined]);
    await box.ask(PATHS[from], asked);
    expect(box.asked.length).toBe(3);
    expect(box.log.filter(({ kind }) => kind === "notice")).toMatchObject([{ message: expect.stringContaining("did not accept calls that nobody signed") }]);
  });

  test("gets its own signatures back where the client's format has a place for them", async () => {
    const call = { functionCall: { id: "c1", name: "look", args: { place: "hall" } }, thoughtSignature: "c2lnbmVk" };
    const box = await gatewayInMemory({
      providers: { gemini: "google-generative-ai" },
      chain: ["gemini/m"],
      vendor: () => response(200, JSON.stringify({ candidates: [{ content: { role: "model", parts: [call] }, finishReason: "STOP" }] }), JSON_TYPE),
    });
    const question = { model: "gemini/m", max_tokens: 100, messages: [{ role: "user", content: "Where is it?" }] };
    const { json } = await box.ask("/v1/messages", question);
    const result = { type: "tool_result", tool_use_id: "c1", content: "A cat." };
    const messages = [...question.messages, { role: "assistant", content: at(json, "content") }, { role: "user", content: [result] }];
    const { headers } = await box.ask("/v1/messages", { ...question, messages });
    expect([at(box.asked[1]?.body, "contents", 1, "parts"), headers["x-signalbox-lost"]]).toEqual([[call], undefined]);
  });
});

describe("what a request says about reasoning", () => {
  const ERRORS: Readonly<Record<string, string>> = {
    older: "adaptive thinking is not supported on this model",
    forced: "Thinking may not be enabled when tool_choice forces tool use.",
  };
  const openClaude = (): Promise<InMemory> =>
    gatewayInMemory({
      providers: { older: "anthropic-messages", forced: "anthropic-messages" },
      chain: ["older/m"],
      vendor: ({ url, body = "" }) => {
        const message = ERRORS[new URL(url).hostname.split(".")[0] ?? ""];
        const error = { type: "error", error: { type: "invalid_request_error", message } };
        return body.includes('"adaptive"')
          ? response(400, JSON.stringify(error), JSON_TYPE)
          : response(200, JSON.stringify(whole("anthropic-messages", SAID)), JSON_TYPE);
      },
    });
  const asked = { messages: [{ role: "user", content: "hi" }], reasoning_effort: "low", max_tokens: 3000 };

  test("becomes a budget for a model that knows no effort, at once from then on", async () => {
    const box = await openClaude();
    const first = await box.ask("/v1/chat/completions", { model: "older/m", ...asked });
    expect([first.status, first.headers["x-signalbox-lost"]]).toEqual([200, "reasoning.effort"]);
    await box.ask("/v1/chat/completions", { model: "older/m", ...asked });
    expect(box.asked.map(({ body }) => (body as { thinking: object }).thinking)).toEqual([
      { type: "adaptive" },
      { type: "enabled", budget_tokens: 2048 },
      { type: "enabled", budget_tokens: 2048 },
    ]);
  });

  test("is left out where a call is forced, and not where none is", async () => {
    const box = await openClaude();
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
    const { headers } = await box.ask("/v1/chat/completions", { model: "forced/m", ...asked, tools, tool_choice: "required" });
    expect(headers["x-signalbox-lost"]).toBe("reasoning");
    await box.ask("/v1/chat/completions", { model: "forced/m", ...asked });
    expect(box.asked.map(({ body }) => (body as { thinking?: object }).thinking)).toEqual([{ type: "adaptive" }, undefined, { type: "adaptive" }, undefined]);
  });

  test("is left out where a model does not reason, and the signed blocks of before stay", async () => {
    const box = await gatewayInMemory({
      providers: { plain: "openai-responses" },
      chain: ["plain/m"],
      vendor: ({ body = "" }) => {
        const error = { message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.", type: "invalid_request_error" };
        const isRefused = body.includes('"effort"');
        return response(isRefused ? 400 : 200, JSON.stringify(isRefused ? { error } : whole("openai-responses", SAID)), JSON_TYPE);
      },
    });
    const thought = { type: "thinking", thinking: "Hm.", signature: "signalbox:openai-responses:shown:rs_1:sealed" };
    const messages = [
      { role: "user", content: "hi" },
      { role: "assistant", content: [thought, { type: "text", text: "Yes?" }] },
      { role: "user", content: "Well?" },
    ];
    const { headers } = await box.ask("/v1/messages", { model: "plain/m", max_tokens: 3000, messages, output_config: { effort: "low" } });
    expect([headers["x-signalbox-lost"], at(box.asked[1]?.body, "input", 1, "encrypted_content")]).toEqual(["reasoning", "sealed"]);
  });
});

test("a setting that a model of the format does not have is left out at a second try, and named", async () => {
  const box = await gatewayInMemory({
    providers: { "openai-chat": "openai-completions" },
    chain: ["openai-chat/m"],
    vendor: ({ body = "" }) => {
      const message = "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.";
      const error = { message, type: "invalid_request_error", param: "temperature", code: "unsupported_value" };
      return body.includes('"temperature"')
        ? response(400, JSON.stringify({ error }), JSON_TYPE)
        : response(200, JSON.stringify(whole("openai-chat", SAID)), JSON_TYPE);
    },
  });
  const asked = { model: "openai-chat/m", max_tokens: 50, temperature: 0.2, messages: [{ role: "user", content: "Hi" }] };
  const answered = await box.ask("/v1/messages", asked);
  expect([answered.status, answered.headers["x-signalbox-lost"], answered.headers["x-signalbox-attempts"]]).toEqual([200, "sampling.temperature", "2"]);
  expect(box.asked.map(({ text }) => text.includes("temperature"))).toEqual([true, false]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(box.log.at(-1)).toMatchObject({ outcome: "answered", attempts: ["openai-chat/m: format (asked again without sampling.temperature)"] });
  expect(await box.used()).toMatchObject([{ attempts: [{ model: "openai-chat/m", reason: "format", without: ["sampling.temperature"] }] }]);
});

test("a refusal of what we translated is no verdict on the request: the next model is asked, and a refusal of the client's own bytes is one", async () => {
  const invalid = response(400, JSON.stringify({ error: { code: 400, message: "Invalid JSON payload received.", status: "INVALID_ARGUMENT" } }), JSON_TYPE);
  const open = (chain: readonly string[]): Promise<InMemory> =>
    gatewayInMemory({
      providers: APIS_BY_NAME,
      chain: [...chain],
      vendor: ({ url }) =>
        new URL(url).hostname.startsWith("anthropic") ? response(200, JSON.stringify(whole("anthropic-messages", SAID)), JSON_TYPE) : invalid,
    });
  const asked = { model: "default", messages: [{ role: "user", content: "Hi" }] };
  const translated = await open(["google-generate/m", "anthropic-messages/m"]);
  const rescued = await translated.ask(PATHS["openai-chat"], asked);
  expect([rescued.status, rescued.headers["x-signalbox-attempts"]]).toEqual([200, "2"]);
  const same = await open(["openai-chat/m", "anthropic-messages/m"]);
  const refused = await same.ask(PATHS["openai-chat"], asked);
  expect([refused.status, refused.headers["x-signalbox-attempts"]]).toEqual([400, "1"]);
});

test("a request that names no model is translated for the default one", async () => {
  const box = await open({});
  const { status, headers } = await box.ask("/v1/messages", { max_tokens: 50, messages: [{ role: "user", content: "Hi" }] });
  expect([status, headers["x-signalbox-served-by"]]).toEqual([200, "openai-chat/m; profile=config:openai-chat"]);
});

test.each([
  [{}, "messages is missing"],
  [{ messages: [{ role: "user", content: 7 }] }, "messages[0].content "],
])("a request that cannot be read for models of another format says what is wrong with it: %j", async (body, message) => {
  const box = await gatewayInMemory({ providers: { other: "anthropic-messages" }, chain: ["other/m"], vendor: () => response(500, "", {}) });
  const { status, json } = await box.ask("/v1/chat/completions", { model: "default", ...body });
  expect([status, at(json, "error", "message"), box.asked.length]).toEqual([400, expect.stringContaining(message), 0]);
});

test("and one that is bound to its format says by which field", async () => {
  const box = await gatewayInMemory({ providers: { other: "anthropic-messages" }, chain: ["other/m"], vendor: () => response(500, "", {}) });
  const { status, json } = await box.ask("/v1/responses", { model: "default", input: "Hi", previous_response_id: "resp_1" });
  const says = "previous_response_id means something to this format alone, and no model that could answer speaks it";
  expect([status, at(json, "error", "message")]).toEqual([400, says]);
});
