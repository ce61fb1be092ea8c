import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chaos, startChaos } from "../../test/support/chaos-vendor.mjs";
import { runProgram } from "../program.ts";
import { root } from "../stage.ts";

/** The package `ai`, unmodified, over the built provider: three turns with a tool call and a streamed answer, each through a failover into another format. */

const folder = mkdtempSync(join(tmpdir(), "signalbox-ai-"));
const vendors: Chaos[] = [];
beforeAll(async () => {
  // A server each: what rests at one address says nothing of another.
  for (let i = 0; i < 3; i++) vendors.push(await startChaos());
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/signalbox"));
  symlinkSync(join(root, "node_modules/ai"), join(folder, "node_modules/ai"));
});
afterAll(async () => {
  for (const vendor of vendors) await vendor.close();
  rmSync(folder, { recursive: true, force: true });
});

const SCRIPT = `
  import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
  import { openSignalbox } from "signalbox";
  import { createSignalboxProvider } from "signalbox/ai";

  const [first, second, third] = JSON.parse(process.env.VENDORS);
  const provider = (baseUrl, api) => ({ baseUrl, api, apiKey: "sk-0123456789abcdef", models: [{ id: "m", name: "m", input: ["text", "image"] }] });
  const box = await openSignalbox({
    state: "memory",
    env: {},
    config: {
      agents: { defaults: { model: { primary: "broken/m", fallbacks: ["tools/m", "good/m"] } } },
      models: { providers: {
        broken: provider(first + "/preamble_then_cut/v1", "openai-completions"),
        tools: provider(second + "/tools", "anthropic-messages"),
        good: provider(third + "/good/v1", "openai-responses"),
      } },
    },
  });
  const model = createSignalboxProvider({ signalbox: box });
  const weather = tool({
    inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
    execute: async ({ city }) => ({ city, says: "rain" }),
  });
  const messages = [{ role: "user", content: "Weather in Oslo?" }];

  const one = streamText({ model: model("default"), messages, tools: { weather }, stopWhen: stepCountIs(1) });
  await one.consumeStream();
  const [step] = await one.steps;
  console.log(JSON.stringify([step.toolCalls[0].input, step.toolResults[0].output, step.providerMetadata.signalbox.servedBy]));
  messages.push(...(await one.response).messages);

  const two = streamText({ model: model("broken/m"), messages: [...messages, { role: "user", content: "And?" }] });
  let said = "";
  for await (const piece of two.textStream) said += piece;
  console.log(JSON.stringify([said, (await two.finishReason)]));

  const three = await generateText({ model: model("good/m"), messages: [...messages, { role: "user", content: [{ type: "text", text: "Look." }, { type: "image", image: new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]) }] }] });
  console.log(JSON.stringify([three.text, three.response.modelId, three.usage.inputTokens > 0]));
  await box.close();
`;

test("a conversation of three turns with a tool call, through failovers into other formats", async () => {
  writeFileSync(join(folder, "program.mjs"), SCRIPT);
  const env = new Map([
    ["HOME", folder],
    ["PATH", process.env["PATH"] ?? ""],
    ["VENDORS", JSON.stringify(vendors.map(({ url }) => url))],
  ]);
  const { code, stdout, stderr } = await runProgram([process.execPath, join(folder, "program.mjs")], { env, cwd: folder, stdin: "" });
  expect([code, stderr]).toEqual([0, ""]);
  const [one, two, three] = stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(one).toEqual([{ city: "Oslo" }, { city: "Oslo", says: "rain" }, "tools/m"]);
  expect(two).toEqual([expect.any(String), expect.stringMatching(/stop|tool-calls/)]);
  expect(three).toEqual(["Hello wörld", "good/m", true]);
  const [, tools, good] = vendors;
  expect(JSON.parse(tools?.asked[0]?.body ?? "{}")).toMatchObject({ tools: [{ name: "weather" }], stream: true });
  expect(good?.asked.map(({ path }) => path)).toEqual(expect.arrayContaining(["/v1/responses"]));
});
