import { expect, test } from "vitest";
import { readRequest } from "../../../src/protocols/openai-responses/read-request.ts";

test("fields of items that nobody reads are named, but for ids, states and what says nothing", () => {
  const reading = readRequest({
    model: "m",
    input: [
      { role: "user", content: [{ type: "input_text", text: "Hi", prompt_cache_breakpoint: {} }] },
      { type: "reasoning", id: "rs_1", status: "completed", summary: [], encrypted_content: "c2Vh" },
      {
        type: "message",
        id: "msg_1",
        status: "completed",
        role: "assistant",
        phase: "commentary",
        content: [{ type: "output_text", text: "I look.", annotations: [], logprobs: [] }],
      },
      { type: "function_call", id: "fc_1", status: "completed", call_id: "call_1", name: "look", arguments: "{}", namespace: "n" },
      { type: "function_call_output", id: "fco_1", status: "completed", call_id: "call_1", output: "x" },
    ],
  });
  expect(reading.kind === "request" && reading.losses.map(({ field }) => field)).toEqual([
    "input[0].content[0].prompt_cache_breakpoint",
    "input[2].phase",
    "input[3].namespace",
  ]);
});
