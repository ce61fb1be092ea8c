import { expect, test } from "vitest";
import { FAILURE_DETAILS, FAILURE_REASONS, type FailureDetail } from "../../src/chat/failure.ts";
import { inWords } from "../../src/usage/usage-failure.ts";

test("every failure has a sentence", () => {
  const all = FAILURE_REASONS.flatMap((reason) => [undefined, ...(FAILURE_DETAILS[reason] as readonly FailureDetail[])].map((detail) => ({ reason, detail })));
  const said = all.map(({ reason, detail }) => inWords({ reason, ...(detail !== undefined && { detail }) }, 5000).why);
  expect(said.filter((why) => why === "" || why.includes("undefined"))).toEqual([]);
});

test("the status stands behind, and how long was waited", () => {
  expect(inWords({ reason: "auth", status: 401 }, 5000)).toEqual({
    reason: "auth",
    why: "does not accept the credential (401)",
    hint: "Check that it was not revoked, or put a new one in its place: `{cli} models auth add`.",
    status: 401,
  });
  expect(inWords({ reason: "timeout", detail: "first_byte" }, 1500).why).toBe("did not answer within 1.5 s");
  expect(inWords({ reason: "timeout" }, 120_000).why).toBe("did not answer within 2m");
});
