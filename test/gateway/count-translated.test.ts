import { describe, expect, test } from "vitest";
import { response } from "../support/fake-host.ts";
import { gatewayInMemory, type InMemory } from "./in-memory.ts";

const JSON_TYPE = { "content-type": "application/json" };
const COUNTS: Readonly<Record<string, object>> = {
  "https://google.example/v1/models/m:countTokens": { totalTokens: 31 },
  "https://responses.example/v1/responses/input_tokens": { object: "response.input_tokens", input_tokens: 32 },
  "https://bedrock.example/v1/model/m/count-tokens": { inputTokens: 33 },
  "https://claude.example/v1/messages/count_tokens": { input_tokens: 34 },
};

const open = (more: object = {}): Promise<InMemory> =>
  gatewayInMemory({
    providers: {
      google: "google-generative-ai",
      responses: "openai-responses",
      bedrock: "bedrock-converse-stream",
      claude: "anthropic-messages",
      chat: "openai-completions",
      broken: "google-generative-ai",
    },
    chain: ["chat/m"],
    gateway: more,
    vendor: ({ url }) => {
      const found = COUNTS[url];
      return found === undefined ? response(404, '{"error":{"message":"nothing here"}}', JSON_TYPE) : response(200, JSON.stringify(found), JSON_TYPE);
    },
  });

const QUESTION = {
  system: "Be brief.",
  messages: [{ role: "user", content: "How is the weather in Oslo?" }],
  tools: [{ name: "weather", input_schema: { type: "object", properties: { city: { type: "string" } } } }],
};
const count = (box: InMemory, model: string, more: object = {}) => box.ask("/v1/messages/count_tokens", { model, ...QUESTION, ...more });

describe("tokens of a request", () => {
  test.each([
    ["google/m", 31],
    ["responses/m", 32],
    ["bedrock/m", 33],
    ["claude/m", 34],
  ])("at %s are counted by its vendor", async (model, tokens) => {
    const box = await open();
    const { status, json, headers } = await count(box, model);
    expect([status, json, headers["x-signalbox-estimated"]]).toEqual([200, { input_tokens: tokens }, undefined]);
  });

  test("are asked for with all that counts, and nothing else", async () => {
    const box = await open();
    for (const model of ["google/m", "responses/m", "bedrock/m"]) await count(box, model);
    const parameters = { type: "object", properties: { city: { type: "string" } } };
    expect(box.asked.map(({ body }) => body)).toMatchObject([
      {
        generateContentRequest: {
          model: "models/m",
          systemInstruction: { parts: [{ text: "Be brief." }] },
          contents: [{ role: "user", parts: [{ text: "How is the weather in Oslo?" }] }],
          tools: [{}],
        },
      },
      { model: "m", input: [{ role: "system" }, { role: "user" }], tools: [{ type: "function", name: "weather", parameters }] },
      { input: { converse: { system: [{ text: "Be brief." }], messages: [{ role: "user" }], toolConfig: { tools: [{}] } } } },
    ]);
    expect(Object.keys(box.asked[1]?.body as object)).toEqual(["model", "input", "tools"]);
  });

  test.each(["chat/m", "broken/m"])("at %s, where nobody counts, are estimated, and the answer says so", async (model) => {
    const box = await open();
    const { status, json, headers } = await count(box, model);
    expect([status, headers["x-signalbox-estimated"]]).toEqual([200, "input_tokens"]);
    expect(json).toEqual({ input_tokens: 45 });
  });

  test("are counted without what the format cannot say, and the answer says so, or they are refused", async () => {
    const lossy = { messages: [{ role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] }] };
    const named = await count(await open(), "google/m", lossy);
    const refused = await count(await open({ translation: "refuse" }), "google/m", lossy);
    expect([named.status, named.headers["x-signalbox-lost"], refused.status]).toEqual([200, "messages[1].content[0].cache", 503]);
  });

  test("are refused where nothing may be lost", async () => {
    const box = await open({ translation: "refuse" });
    const { status, text } = await count(box, "chat/m");
    expect(status).toBe(503);
    expect(text).toContain("nobody counted");
  });

  test("are counted by models of the client's own format alone where nothing is translated", async () => {
    const box = await open({ translation: "off" });
    expect((await count(box, "chat/m")).status).toBe(400);
  });
});
