import { expect, test } from "vitest";
import { readRequest } from "../../../src/protocols/anthropic-messages/read-request.ts";

const body = { model: "m", messages: [{ role: "user", content: "Hi" }] };

test.each([
  { output_config: { effort: "low" }, thinking: { type: "disabled" } },
  { output_config: { effort: "utmost" } },
  { output_config: { format: { type: "grammar" } } },
  { metadata: { user_id: "u", team: "t" } },
])("what the one language has no word for stays an extra: %j", (more) => {
  const reading = readRequest({ ...body, ...more });
  const { thinking: _, ...extra } = more;
  expect(reading.kind === "request" && reading.chat.extras).toEqual({ "anthropic-messages": extra });
});
