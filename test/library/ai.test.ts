import { getEventListeners } from "node:events";
import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSignalboxProvider } from "../../src/ai.ts";
import { type Rig, startRig } from "./rig.ts";

const SAID = "Hello wörld";
const weather = tool({
  description: "Weather of a city.",
  inputSchema: jsonSchema<{ city: string }>({ type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
  execute: async ({ city }) => ({ city, says: "rain" }),
});

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(["good", "auth", "tools", "preamble_then_cut", "content_then_cut", "content_then_silent"]);
});
afterAll(() => rig.stop());

async function modelOver(chain: readonly string[], modelId?: string) {
  return createSignalboxProvider({ signalbox: rig.open({ config: rig.config(chain) }) })(modelId);
}

/** What the last request of a vendor held. */
function lastBody(behaviour: string) {
  return JSON.parse(rig.vendors.get(behaviour)?.asked.at(-1)?.body ?? "{}");
}

test("a library that could not be opened is opened anew at the next call", async () => {
  const options = { env: { HOME: rig.home }, state: "memory" as const, config: { agents: 7 } as object };
  const call = { prompt: [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }] };
  const model = createSignalboxProvider(options)("nobody/m");
  await expect(model.doGenerate(call)).rejects.toMatchObject({ code: expect.stringMatching(/^CONFIG_/) });
  options.config = {};
  await expect(model.doGenerate(call)).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN" });
});

describe("generateText", () => {
  test("answers through a failover into another format, and says who it was", async () => {
    const { text, usage, finishReason, providerMetadata, response } = await generateText({
      model: await modelOver(["auth-chat/m", "good-ant/m"]),
      prompt: "hi",
    });
    expect([text, finishReason, response.modelId]).toEqual([SAID, "stop", "good-ant/m"]);
    expect(usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
    expect(providerMetadata?.["signalbox"]).toMatchObject({ servedBy: "good-ant/m", attempts: [{ model: "auth-chat/m", reason: "auth" }] });
  });

  test("calls a tool, and goes on with its result", async () => {
    const model = await modelOver(["auth-chat/m", "tools-ant/m"]);
    const { steps } = await generateText({ model, prompt: "Weather in Oslo?", tools: { weather }, stopWhen: stepCountIs(2) });
    expect(steps[0]?.toolResults).toMatchObject([{ toolName: "weather", input: { city: "Oslo" }, output: { city: "Oslo", says: "rain" } }]);
    const { messages, tools } = lastBody("tools");
    expect(messages.at(-1)).toMatchObject({ role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1" }] });
    expect(tools).toMatchObject([{ name: "weather", input_schema: { required: ["city"] } }]);
  });

  test("images, settings and structured output arrive", async () => {
    const png = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 0]);
    await generateText({
      model: await modelOver(["good-chat/m"]),
      temperature: 0.5,
      maxOutputTokens: 50,
      stopSequences: ["END"],
      system: "Be short.",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            { type: "image", image: png },
          ],
        },
      ],
    });
    expect(lastBody("good")).toMatchObject({
      temperature: 0.5,
      stop: ["END"],
      messages: [
        { role: "system", content: "Be short." },
        { role: "user", content: [{ type: "text" }, { type: "image_url", image_url: { url: expect.stringMatching(/^data:image\/png;base64,iVBORw0KGgo/) } }] },
      ],
    });
  });

  test("what a format cannot say is a warning", async () => {
    const { warnings } = await generateText({ model: await modelOver(["good-ant/m"]), prompt: "hi", seed: 7 });
    expect(warnings).toMatchObject([{ type: "unsupported", feature: "sampling.seed" }]);
  });

  test("where nobody answers, it fails with our error, once", async () => {
    const asked = rig.vendors.get("auth")?.asked.length ?? 0;
    await expect(generateText({ model: await modelOver(["auth-ant/m"]), prompt: "hi" })).rejects.toMatchObject({ code: "UPSTREAM_EXHAUSTED" });
    expect((rig.vendors.get("auth")?.asked.length ?? 0) - asked).toBe(1);
  });
});

describe("streamText", () => {
  test("streams through a failover into another format", async () => {
    const result = streamText({ model: await modelOver(["preamble-then-cut-chat/m", "good-ant/m"]), prompt: "hi" });
    const said: string[] = [];
    for await (const piece of result.textStream) said.push(piece);
    expect([said.join(""), await result.finishReason]).toEqual([SAID, "stop"]);
    expect((await result.providerMetadata)?.["signalbox"]).toMatchObject({ servedBy: "good-ant/m" });
  });

  test("calls a tool, and goes on with its result", async () => {
    const result = streamText({
      model: await modelOver(["auth-ant/m", "tools-chat/m"]),
      prompt: "Weather in Oslo?",
      tools: { weather },
      stopWhen: stepCountIs(2),
    });
    await result.consumeStream();
    const [first] = await result.steps;
    expect(first?.toolResults).toMatchObject([{ toolName: "weather", input: { city: "Oslo" }, output: { says: "rain" } }]);
    expect(lastBody("tools").messages.slice(-2)).toMatchObject([
      { role: "assistant", tool_calls: [{ id: "call_1" }] },
      { role: "tool", tool_call_id: "call_1" },
    ]);
  });

  test("who cancels it, or aborts the signal, ends the request at the vendor", async () => {
    const model = createSignalboxProvider({ signalbox: rig.open({ config: rig.config(["content-then-silent-chat/m"], { gateway: {} }) }) })();
    const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }];
    const isBusy = () => rig.vendors.get("content_then_silent")?.busy.size;
    const { stream } = await model.doStream({ prompt });
    const reader = stream.getReader();
    await reader.read();
    expect(isBusy()).toBe(1);
    await reader.cancel();
    await expect.poll(isBusy).toBe(0);
    const controller = new AbortController();
    const other = (await model.doStream({ prompt, abortSignal: controller.signal })).stream.getReader();
    await other.read();
    controller.abort();
    await expect(
      (async () => {
        while (!(await other.read()).done);
      })(),
    ).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(isBusy).toBe(0);
  });

  test.each<[how: string, chain: string, leave: (stream: ReadableStream) => Promise<unknown>]>([
    ["is read to its end", "good-chat/m", (stream) => stream.pipeTo(new WritableStream())],
    ["is cancelled", "content-then-silent-chat/m", (stream) => stream.cancel()],
    ["was answered by nobody", "auth-chat/m", async () => undefined],
  ])("a signal that outlives a stream is let go when it %s", async (_how, chain, leave) => {
    const { signal } = new AbortController();
    const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }];
    const asking = (await modelOver([chain])).doStream({ prompt, abortSignal: signal });
    await Promise.resolve(asking)
      .then(({ stream }) => leave(stream))
      .catch((thrown: unknown) => expect(thrown).toMatchObject({ code: "UPSTREAM_EXHAUSTED" }));
    await expect.poll(() => getEventListeners(signal, "abort").length).toBe(0);
  });

  test("an answer that breaks off is an error, and not the whole", async () => {
    const errors: unknown[] = [];
    const result = streamText({ model: await modelOver(["content-then-cut-chat/m"]), prompt: "hi", onError: ({ error }) => void errors.push(error) });
    await result.consumeStream();
    expect([await result.finishReason, errors]).toEqual(["error", [expect.objectContaining({ code: "UPSTREAM_CUT" })]]);
  });
});
