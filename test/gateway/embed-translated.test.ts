import { describe, expect, test } from "vitest";
import type { StopSignal } from "../../src/kernel/stop-signal.ts";
import { response } from "../support/fake-host.ts";
import { gatewayInMemory, type InMemory } from "./in-memory.ts";

const JSON_TYPE = { "content-type": "application/json" };
const [ONE, TWO] = [
  [0.5, -0.25],
  [1, 0],
];
const OPENAI = { object: "list", data: [{ object: "embedding", index: 0, embedding: ONE }], model: "m", usage: { prompt_tokens: 2, total_tokens: 2 } };

const open = (gateway: object = {}): Promise<InMemory> =>
  gatewayInMemory({
    providers: {
      google: "google-generative-ai",
      counting: "google-generative-ai",
      short: "google-generative-ai",
      down: "google-generative-ai",
      responses: "openai-responses",
      claude: "anthropic-messages",
    },
    chain: ["down/m", "google/m"],
    gateway,
    vendor: ({ url, body = "" }) => {
      const { hostname, pathname } = new URL(url);
      if (hostname === "down.example") return response(503, '{"error":{"code":503,"status":"UNAVAILABLE","message":"The model is overloaded."}}', JSON_TYPE);
      if (pathname.endsWith("/embeddings")) return response(200, JSON.stringify(OPENAI), JSON_TYPE);
      const usageMetadata = hostname === "counting.example" ? { promptTokenCount: 7 } : undefined;
      const count = hostname === "short.example" ? 1 : ((JSON.parse(body) as { requests?: unknown[] }).requests?.length ?? 1);
      const vectors = [{ values: ONE }, { values: TWO }].slice(0, count);
      const answer = pathname.endsWith(":embedContent") ? { embedding: vectors[0], usageMetadata } : { embeddings: vectors, usageMetadata };
      return response(200, JSON.stringify(answer), JSON_TYPE);
    },
  });
const ask = (box: InMemory, more: object) => box.ask("/v1/embeddings", { model: "google/m", input: "hello", ...more });

describe("vectors of a Google model, for a client of OpenAI's", () => {
  test("of one text", async () => {
    const box = await open();
    const { status, json, headers } = await ask(box, { dimensions: 2 });
    expect([status, json]).toEqual([
      200,
      { object: "list", data: [{ object: "embedding", index: 0, embedding: ONE }], model: "google/m", usage: { prompt_tokens: 2, total_tokens: 2 } },
    ]);
    expect([headers["x-signalbox-estimated"], headers["x-signalbox-lost"]]).toEqual(["usage", undefined]);
    expect(box.asked).toMatchObject([
      { url: "https://google.example/v1/models/m:embedContent", body: { content: { parts: [{ text: "hello" }] }, outputDimensionality: 2 } },
    ]);
  });

  test("of several, in base64 as OpenAI's own library asks for them", async () => {
    const box = await open();
    const { json } = await ask(box, { input: ["a", "b"], encoding_format: "base64" });
    const data = (json as { data: { embedding: string }[] }).data.map(({ embedding }) => [
      ...new Float32Array(new Uint8Array(Buffer.from(embedding, "base64")).buffer),
    ]);
    expect(data).toEqual([ONE, TWO]);
  });

  test("with the vendor's own count where it gives one", async () => {
    const { json, headers } = await ask(await open(), { model: "counting/m" });
    expect([(json as { usage: object }).usage, headers["x-signalbox-estimated"]]).toEqual([{ prompt_tokens: 7, total_tokens: 7 }, undefined]);
  });

  test("what it cannot say is named, or refused", async () => {
    expect((await ask(await open(), { user: "me" })).headers["x-signalbox-lost"]).toBe("user");
    const { status, text } = await ask(await open({ translation: "refuse" }), { user: "me" });
    expect([status, text.includes("cannot say user")]).toEqual([503, true]);
  });

  test("fewer vectors than texts are no answer, and the chain goes on", async () => {
    const box = await open();
    const { headers } = await ask(box, { model: "short/m", input: ["a", "b"] });
    expect(headers["x-signalbox-served-by"]).toMatch(/^google\/m/);
    expect((await ask(box, { model: "default" })).headers["x-signalbox-served-by"]).toMatch(/^google\/m/);
  });

  test.each([[[1, 2, 3]], [[]], [7]])("tokens of a model's own, and what is no text, go to nobody else, which is the caller's fault: %j", async (input) => {
    const box = await open();
    const { status, json, headers } = await ask(box, { input });
    expect([status, json, box.asked, headers["retry-after"]]).toMatchObject([
      400,
      { error: { type: "invalid_request_error", code: "input_not_translated", message: expect.stringContaining("tokens go to models of OpenAI's formats") } },
      [],
      undefined,
    ]);
  });

  test("where the config switches translation off, that is no fault of the caller", async () => {
    const { status, text } = await ask(await open({ translation: "off" }), { input: [1, 2, 3] });
    expect([status, text.includes("gateway.translation is off")]).toEqual([503, true]);
  });

  test("tokens that a model of the chain could take are told as what became of that model", async () => {
    const box = await gatewayInMemory({
      providers: { google: "google-generative-ai", openai: "openai-completions" },
      chain: ["google/m", "openai/m"],
      vendor: () => response(503, '{"error":{"message":"The model is overloaded."}}', JSON_TYPE),
    });
    expect((await ask(box, { input: [1, 2, 3] })).status).toBe(503);
  });

  test("tokens go to the model of the chain that takes them, whoever comes first", async () => {
    const mixed = { providers: { google: "google-generative-ai", openai: "openai-completions" }, chain: ["google/m", "openai/m"] };
    const vendor = () => response(200, JSON.stringify(OPENAI), JSON_TYPE);
    const box = await gatewayInMemory({ ...mixed, vendor });
    expect((await ask(box, { input: [1, 2, 3] })).headers["x-signalbox-served-by"]).toMatch(/^openai\/m/);
    const keyless = await gatewayInMemory({ ...mixed, vendor, keyless: ["openai"] });
    const { status, json } = await ask(keyless, { input: [1, 2, 3] });
    expect([status, json]).toMatchObject([
      400,
      {
        error: {
          code: "input_not_translated",
          passed_over: [
            { model: "openai/m", reason: "no_credential" },
            { model: "google/m", reason: "withheld" },
          ],
        },
      },
    ]);
  });

  test("who writes nothing but blanks is left when the time for the beginning is over", async () => {
    let pass: () => void = () => undefined;
    let blanks = 0;
    const box = await gatewayInMemory({
      providers: { slow: "google-generative-ai", google: "google-generative-ai" },
      chain: ["slow/m", "google/m"],
      after: (_ms, act) => {
        pass = act;
        return () => undefined;
      },
      vendor: ({ url }, signal) =>
        url.includes("slow.example")
          ? { status: 200, headers: JSON_TYPE, body: blank(signal) }
          : response(200, JSON.stringify({ embedding: { values: ONE } }), JSON_TYPE),
    });
    async function* blank(signal: StopSignal): AsyncGenerator<Uint8Array> {
      for (; blanks < 100; blanks++) {
        signal.throwIfAborted();
        yield new TextEncoder().encode(" ");
        if (blanks === 3) pass();
      }
    }
    const { headers } = await ask(box, { model: "default" });
    expect([headers["x-signalbox-served-by"], headers["x-signalbox-attempts"], blanks]).toEqual([expect.stringMatching(/^google\/m/), "2", 4]);
  });
});

test("a model of OpenAI's that is asked by Responses gets the client's own bytes", async () => {
  for (const gateway of [{}, { translation: "off" }]) {
    const box = await open(gateway);
    const { json } = await ask(box, { model: "responses/m", input: [1, 2], encoding_format: "float", user: "me" });
    expect([json, box.asked]).toMatchObject([
      OPENAI,
      [{ url: "https://responses.example/v1/embeddings", body: { model: "m", input: [1, 2], encoding_format: "float", user: "me" } }],
    ]);
  }
});

test("a format without vectors is passed over", async () => {
  const { headers } = await ask(await open(), { model: "claude/m" });
  expect(headers["x-signalbox-served-by"]).toMatch(/^google\/m/);
});
