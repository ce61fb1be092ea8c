import { expect, test } from "vitest";
import { at } from "../../src/kernel/json-value.ts";
import { response } from "../support/fake-host.ts";
import { whole } from "../support/vendor-words.ts";
import { gatewayInMemory, type InMemory } from "./in-memory.ts";

const JSON_TYPE = { "content-type": "application/json" };
const ID = "call_Lq8YV5mYt1a2b3c4";

/** As Mistral's API answers: error 3280, invalid_function_call. */
const REFUSAL = {
  object: "error",
  message: `Tool call id was ${ID} but must be a-z, A-Z, 0-9, with a length of 9.`,
  type: "invalid_function_call",
  param: null,
  code: "3280",
};

const open = (refusal: object = REFUSAL): Promise<InMemory> =>
  gatewayInMemory({
    providers: { nine: "openai-completions" },
    chain: ["nine/m"],
    vendor: ({ body = "" }) =>
      /"(?:id|tool_call_id)" ?: ?"call_/.test(body)
        ? response(400, JSON.stringify(refusal), JSON_TYPE)
        : response(200, JSON.stringify(whole("openai-chat", { text: "A cat." })), JSON_TYPE),
  });

const CALL = `{"id":"${ID}","type":"function","function":{"name":"look","arguments":"{}"}}`;
const BODY = `{ "model":"nine/m", "big":12345678901234567890, "messages":[{"role":"user","content":"Look, ${ID}."},
  {"role":"assistant","content":null,"tool_calls":[ ${CALL}, {"id":"aB3dE6gH9","type":"function","function":{"name":"see","arguments":"{}"}} ]},
  {"role":"tool","tool_call_id" : "${ID}","content":"A cat."}, {"role":"tool","tool_call_id":"aB3dE6gH9","content":"A cat."}] }`;

test("a conversation that another vendor began goes on at a model that wants ids of its own form, and the next time at once", async () => {
  const box = await open();
  const first = await box.ask("/v1/chat/completions", BODY);
  expect([first.status, first.headers["x-signalbox-attempts"], box.asked.length]).toEqual([200, "2", 2]);
  const id = String(at(box.asked[1]?.body, "messages", 2, "tool_call_id"));
  expect(id).toMatch(/^[a-z0-9]{9}$/);
  const ids = (text: string): string =>
    text.replace('"nine/m"', '"m"').replace(`"id":"${ID}"`, `"id":"${id}"`).replace(`"tool_call_id" : "${ID}"`, `"tool_call_id" : "${id}"`);
  expect(box.asked[1]?.text).toBe(ids(BODY));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await box.used()).toMatchObject([{ outcome: "answered", attempts: [{ reason: "format", without: ["ids of tool calls"] }] }]);
  await box.ask("/v1/chat/completions", BODY);
  expect([box.asked.length, box.asked[2]?.text]).toEqual([3, ids(BODY)]);
});

test("another refusal is the client's to know", async () => {
  const box = await open({ ...REFUSAL, message: "Expected last role User or Tool" });
  const { status, text } = await box.ask("/v1/chat/completions", BODY);
  expect([status, box.asked.length]).toEqual([400, 1]);
  expect(text).toContain("Expected last role User or Tool");
});
