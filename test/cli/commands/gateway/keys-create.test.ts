import { expect, test } from "vitest";
import { NOW } from "../../../credentials/open-facts.ts";
import { runOn } from "../../../status/run-command.ts";

test.each(["0", "0s", "0.0001ms", "99999999999d"])("--expires %s makes no key", async (expires) => {
  const { exit, out, err } = await runOn({ nowMs: NOW }, `gateway keys create editor --expires ${expires}`);
  expect([exit, out, err]).toEqual([64, "", expect.stringContaining(`duration than "${expires}" [USAGE]`)]);
});
