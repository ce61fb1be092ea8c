import { expect, test } from "vitest";
import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { isAmbiguous } from "../../src/gateway/maybe-billed.ts";

test.each<[boolean, Pick<UpstreamFailure, "reason" | "detail" | "status">]>([
  [true, { reason: "timeout", detail: "first_byte" }],
  [true, { reason: "timeout", detail: "idle" }],
  [false, { reason: "timeout", detail: "connect" }],
  [true, { reason: "network", detail: "reset" }],
  [true, { reason: "network", detail: "cut" }],
  [false, { reason: "network", detail: "refused" }],
  [false, { reason: "network", detail: "dns" }],
  [true, { reason: "unknown", status: 500 }],
  [true, { reason: "unknown", status: 200 }],
  [true, { reason: "unknown" }],
  [false, { reason: "unknown", status: 404 }],
  [false, { reason: "rate_limit", status: 429 }],
  [false, { reason: "auth", status: 401 }],
  [false, { reason: "format", status: 400 }],
])("%s: %j", (expected, failure) => {
  expect(isAmbiguous({ ...failure, rule: "test/rule" })).toBe(expected);
});
