import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSignalboxProvider } from "../../src/ai.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { openLibrary } from "../../src/library/open-library.ts";
import type { Signalbox } from "../../src/library/signalbox.ts";
import { brands } from "../../src/brand.ts";
import { fakeHost, response } from "../support/fake-host.ts";

const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;
/** What no field of these takes, by what it is. */
const WRONG: Readonly<Record<string, unknown>> = {
  null: null,
  symbol: Symbol("s"),
  bigint: 5n,
  cycle,
  "no number": Number.NaN,
  function: () => 1,
  "a list of nothing": [null],
  "an object of its own kind": Object.create(null),
};

const provider = (api: string) => ({ baseUrl: "https://vendor.example/v1", api, apiKey: "sk-0123456789abcdef", models: [{ id: "m", name: "m" }] });
const APIS = {
  chat: "openai-completions",
  claude: "anthropic-messages",
  responses: "openai-responses",
  google: "google-generative-ai",
  bedrock: "bedrock-converse-stream",
};
const config = {
  agents: { defaults: { model: "chat/m" } },
  models: { providers: Object.fromEntries(Object.entries(APIS).map(([name, api]) => [name, provider(api)])) },
};
const host = fakeHost({ packaged: { "catalog/index.json": "[]" }, http: () => response(400, "{}", { "content-type": "application/json" }) });
const open = (more: object = {}): Promise<Signalbox> => openLibrary(host, brands.nemo, { env: {}, config, state: "memory", ...more });

let box: Signalbox;
beforeAll(async () => {
  box = await open();
});
afterAll(() => box.close());

/** The code, the field and whether a next step is named. Anything else is told as it was thrown. */
async function saidOf(act: () => unknown): Promise<unknown> {
  try {
    const given = (await act()) as AsyncIterable<unknown> | undefined;
    if (given !== undefined && Symbol.asyncIterator in given) for await (const _ of given);
    return "taken";
  } catch (thrown) {
    return thrown instanceof AppError && thrown.hint !== "" ? thrown.code : thrown;
  }
}

const any = (value: unknown): never => value as never;

describe.each(Object.entries(WRONG))("%s", (_, wrong) => {
  test.each<readonly [string, () => unknown]>([
    ["resolve", () => box.resolve(any(wrong))],
    ["explain", () => box.explain(any(wrong))],
    ["token", () => box.token(any(wrong))],
    ["status", () => box.status(any({ warnWithinMs: wrong }))],
    ["models of a provider", () => box.models(any({ provider: wrong }))],
    ["models by a word", () => box.models(any({ search: wrong }))],
    ["probe", () => box.probe(any({ provider: wrong }))],
    ["probe, so many at a time", () => box.probe(any({ concurrency: wrong }))],
    ["usage", () => box.usage(any({ timeoutMs: wrong }))],
    ["a signal", () => box.chat({ prompt: "hi" }, any({ signal: wrong }))],
    ["a signal of a stream", () => box.stream({ prompt: "hi" }, any({ signal: wrong }))],
  ])("%s says what is wrong with it", async (_name, act) => {
    expect(await saidOf(act)).toBe("REQUEST_INVALID");
  });

  test.each(Object.keys(APIS))("a request to a model of %s says which field it is", async (name) => {
    const ask = (more: object) => saidOf(() => box.chat(any({ model: `${name}/m`, prompt: "hi", strict: true, ...more })));
    const fields = ["prompt", "system", "sampling", "reasoning", "output", "toolChoice", "maxOutputTokens", "parallelToolCalls", "strict", "losses", "endUser"];
    const nested = [
      { sampling: { temperature: wrong } },
      { reasoning: { kind: "on", effort: wrong } },
      { output: { kind: "json_schema", schema: wrong } },
      { toolChoice: { kind: "tool", name: wrong } },
      { stopSequences: [wrong] },
      { messages: [{ role: "user", content: [{ kind: "text", text: "hi", cache: { ttl: wrong } }] }] },
      { messages: [{ role: "assistant", content: [{ kind: "thinking", text: "", signature: { dialect: wrong, value: wrong } }] }] },
      { messages: [{ role: "user", content: [{ kind: "document", source: { kind: "text", text: "hi" }, name: wrong }] }] },
      { tools: [{ name: "t", parameters: {}, description: wrong }] },
    ];
    const isObject = typeof wrong === "object" && wrong !== null && !Array.isArray(wrong);
    const asked = [...fields.map((field) => ({ [field]: wrong })), ...nested];
    const said = await Promise.all(asked.map(async (more) => [Object.keys(more)[0], await ask(more)]));
    // An object is a beginning of some, and what cannot be written of it is found when it is written.
    const isFine = ([field, code]: readonly unknown[]): boolean =>
      code === "REQUEST_INVALID" || (isObject && (field === "sampling" || field === "output") && code === "UPSTREAM_EXHAUSTED");
    expect(said.filter((one) => !isFine(one))).toEqual([]);
  });

  test("what a library is opened with is told as what is wrong with it", async () => {
    const isObject = typeof wrong === "object" && wrong !== null && !Array.isArray(wrong);
    const options = ["profile", "agent", "stateDir", ...(isObject ? [] : ["env", "host", "config", "credentials"])];
    const isFunction = typeof wrong === "function";
    const all = [...options, ...(isFunction ? [] : ["warn"]), ...(isObject ? [] : ["state"])];
    const said = await Promise.all(all.map(async (name) => [name, await saidOf(() => open({ [name]: wrong }))]));
    expect(said).toEqual(all.map((name) => [name, "USAGE"]));
  });

  test("it is no library for the SDK", async () => {
    const call = any({ prompt: [{ role: "user", content: [{ type: "text", text: "hi" }] }] });
    expect(await saidOf(() => createSignalboxProvider({ signalbox: any(wrong) })("chat/m").doGenerate(call))).toBe("USAGE");
  });
});

test("a cycle among what goes to the vendor as it is, is found when it is written, and named", async () => {
  const extras = { "openai-chat": { metadata: cycle } };
  for (const wrong of [extras, { "openai-chat": { count: 5n } }])
    await expect(box.chat({ prompt: "hi", extras: wrong })).rejects.toMatchObject({
      code: "REQUEST_INVALID",
      message: expect.stringMatching(/^extras cannot be written/),
    });
  await expect(open({ config: cycle })).rejects.toMatchObject({ code: "USAGE", message: expect.stringMatching(/^config cannot be written/) });
});

test("what is absent is in order", async () => {
  const said = await saidOf(() => box.chat(any({ prompt: "hi", sampling: undefined, reasoning: undefined, output: undefined, tools: undefined })));
  expect(said).toBe("UPSTREAM_EXHAUSTED");
});
