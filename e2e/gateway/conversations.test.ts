import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { breaches, type Published } from "../../test/support/published-schemas.ts";
import type { VendorFormat } from "../../test/support/vendor-words.ts";
import { CLIENTS, type Conversation, TURNS, WEATHER_IS } from "./conversation-clients.ts";
import { type ConversationVendor, type Heard, startConversationVendor, WEATHER } from "./conversation-vendor.ts";
import { type Rig, startRig } from "./rig.ts";

/**
 * Each client holds a conversation of three turns, with a tool, whose first vendor fails: from the start, or in the middle, when the tool that it
 * had asked for has answered. Who takes over speaks another format.
 */
const APIS: Readonly<Record<VendorFormat, string>> = {
  "openai-chat": "openai-completions",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generate": "google-generative-ai",
  "bedrock-converse": "bedrock-converse-stream",
};
const FORMATS = Object.keys(APIS) as VendorFormat[];
const CASES = CLIENTS.flatMap((client, at) =>
  FORMATS.filter((to) => to !== client.format).flatMap((to) =>
    (["down", "quits"] as const).flatMap((temper) =>
      (["streamed", "whole"] as const).map((how) => ({ client, to, temper, how, id: `${at}-${to}-${how}-${temper}` })),
    ),
  ),
);

let vendor: ConversationVendor;
let rig: Rig;
beforeAll(async () => {
  vendor = await startConversationVendor(WEATHER);
  const providers = CASES.flatMap(({ client, to, temper, id }) => [provider(`${temper}-${id}`, client.format), provider(`good-${id}`, to)]);
  const agents = CASES.map(({ id, temper }) => ({ id, model: chain(`${temper}-${id}`, `good-${id}`) }));
  rig = await startRig({
    behaviours: [],
    gateway: { translation: "refuse" },
    config: { agents: { list: agents }, models: { providers: Object.fromEntries(providers) } },
  });
});
afterAll(async () => {
  await rig?.stop();
  await vendor.close();
});

const chain = (first: string, other: string): object => ({ primary: `${first}/${first}`, fallbacks: [`${other}/${other}`] });

/** Its model has its name: who rests is written down by address and model, and all are at one address. */
function provider(id: string, format: VendorFormat): [string, object] {
  const model = { id, name: id, contextWindow: 100_000, maxTokens: 1000, input: ["text"], reasoning: false, cost: { input: 0, output: 0 } };
  const version = format === "openai-chat" || format === "openai-responses" ? "/v1" : "";
  return [id, { baseUrl: `${vendor.url}/${id}${version}`, api: APIS[format], apiKey: `sk-canary-${id}`, models: [model] }];
}

const HELD: Conversation = {
  said: ["Hello to you, with wörds.", "It is 4 degrees in Oslo, with rain.", "You are welcome, with wörds."],
  called: [{ city: "Oslo" }],
  pieces: [],
};

describe.each(CLIENTS)("$name", (client) => {
  const own = CASES.filter((one) => one.client === client);

  test.each(own)("is answered by $to where the first is $temper, $how", async ({ id, to, temper, how }) => {
    const talked = await client.hold(rig, `agent:${id}`, how);
    expect({ ...talked, pieces: [] }).toEqual(HELD);
    expect(talked.pieces.join("")).toBe(how === "streamed" ? HELD.said[2] : "");
    if (how === "streamed") expect(talked.pieces.length).toBeGreaterThan(1);

    const first = vendor.of(`${temper}-${id}`);
    const other = vendor.of(`good-${id}`);
    const asked = new Set([...first, ...other].map(({ streams }) => streams));
    expect({ failed: first.some(({ status }) => status === 503), streams: [...asked] }).toEqual({ failed: true, streams: [how === "streamed"] });
    expect(first.filter(({ status }) => status === 200).map(({ format }) => format)).toEqual(temper === "down" ? [] : [client.format, client.format]);
    expect(other.map(({ format }) => format)).toEqual(Array.from({ length: temper === "down" ? 4 : 2 }, () => to));
    expect(other.flatMap(({ body, streams }) => breaches(publishedAs(to, streams), body))).toEqual([]);
    expect(heardIn(other.at(-1))).toEqual([...TURNS, WEATHER_IS, "You are brief.", "Oslo"].map((text) => [text, true]));
  });
});

/** In Google's and Bedrock's formats the address says whether to stream. */
function publishedAs(format: VendorFormat, streams: boolean): Published {
  const inBody = format !== "google-generate" && format !== "bedrock-converse";
  return `${format}${inBody && streams ? " streamed" : ""} request` as Published;
}

/** Whether the last turn still brings all that was said. */
function heardIn(heard: Heard | undefined): [string, boolean][] {
  const text = JSON.stringify(heard?.body);
  return [...TURNS, WEATHER_IS, "You are brief.", "Oslo"].map((said) => [said, text.includes(said)]);
}

/** Whoever has a call for it, as the Anthropic client is told; Chat Completions has none. */
const COUNTED: Readonly<Record<VendorFormat, { readonly path: string; readonly estimated: boolean }>> = {
  "openai-chat": { path: "", estimated: true },
  "openai-responses": { path: "/v1/responses/input_tokens", estimated: false },
  "anthropic-messages": { path: "/v1/messages/count_tokens", estimated: false },
  "google-generate": { path: "/models/good-counts-google-generate:countTokens", estimated: false },
  "bedrock-converse": { path: "/model/good-counts-bedrock-converse/count-tokens", estimated: false },
};

describe("@anthropic-ai/sdk", () => {
  let counting: Rig;
  beforeAll(async () => {
    const agents = FORMATS.map((to) => ({ id: `counts-${to}`, model: chain(`down-counts-${to}`, `good-counts-${to}`) }));
    const providers = FORMATS.flatMap((to) => [provider(`down-counts-${to}`, "anthropic-messages"), provider(`good-counts-${to}`, to)]);
    counting = await startRig({
      behaviours: [],
      gateway: { translation: "name" },
      config: { agents: { list: agents }, models: { providers: Object.fromEntries(providers) } },
    });
  });
  afterAll(() => counting?.stop());

  test.each(FORMATS)("has tokens counted where a model of Messages is down, and the next one speaks %s", async (to) => {
    const client = new Anthropic({ baseURL: counting.url, apiKey: counting.key });
    const asked = { model: `agent:counts-${to}`, messages: [{ role: "user" as const, content: "Hello" }] };
    const { data, response } = await client.messages.countTokens(asked).withResponse();
    const { path, estimated } = COUNTED[to];
    expect({ tokens: data.input_tokens, estimated: response.headers.get("x-signalbox-estimated") }).toEqual(
      estimated ? { tokens: expect.toSatisfy((count: number) => count > 0 && count < 20), estimated: "input_tokens" } : { tokens: 42, estimated: null },
    );
    expect(vendor.of(`down-counts-${to}`).map((heard) => [heard.path, heard.status])).toEqual([["/v1/messages/count_tokens", 503]]);
    expect(vendor.of(`good-counts-${to}`).map((heard) => heard.path)).toEqual(estimated ? [] : [path]);
  });
});
