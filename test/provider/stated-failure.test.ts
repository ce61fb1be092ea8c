import { expect, test } from "vitest";
import { classifyBy } from "../../src/protocols/classify.ts";
import { rulesFor } from "../../src/protocols/failure-rules.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { StatedFailure } from "../../src/provider/stated-failure.ts";
import { response } from "../support/fake-host.ts";

const STATED: readonly StatedFailure[] = [
  { code: "no_credit", reason: "billing", detail: "balance" },
  { status: 429, message: "Model (busy)", reason: "overloaded" },
  { status: 418, reason: "usage_limit" },
];

function named(status: number, error: object, stated: readonly StatedFailure[] = STATED): readonly [string, string] {
  const { reason, rule } = classifyBy(rulesFor("openai-chat", "acme", stated), { status, headers: {}, body: JSON.stringify({ error }) });
  return [reason, rule];
}

test("what a plugin says of its provider's failures counts before what its protocol says", () => {
  expect(named(403, { code: "NO_CREDIT", message: "x" })).toEqual(["billing", "plugin:acme/1"]);
  expect(named(429, { message: "model (busy), try later" })).toEqual(["overloaded", "plugin:acme/2"]);
  expect(named(418, { message: "x" })).toEqual(["usage_limit", "plugin:acme/3"]);
});

test("what it does not name is named as ever, and a plugin says nothing of other providers", () => {
  expect(named(401, { message: "x" })[0]).toBe("auth");
  expect(named(429, { message: "slow down" })[0]).toBe("rate_limit");
  expect(named(403, { code: "no_credit", message: "x" }, [])[1]).not.toMatch(/^plugin/);
  expect(rulesFor("openai-chat", "other").some(({ id }) => id.startsWith("plugin:"))).toBe(false);
});

test("an answer is read with it", async () => {
  const answer = response(418, JSON.stringify({ error: { message: "teapot" } }), { "content-type": "application/json" });
  const events = [];
  for await (const event of protocols["openai-chat"].decode(answer, { providerId: "acme", failures: STATED })) events.push(event);
  expect(events).toEqual([expect.objectContaining({ kind: "failed", failure: expect.objectContaining({ reason: "usage_limit", rule: "plugin:acme/3" }) })]);
});
