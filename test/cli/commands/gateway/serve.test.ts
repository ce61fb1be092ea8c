import { expect, test } from "vitest";
import { runOn } from "../../../status/run-command.ts";

test("a port that TCP does not have is refused before anything is opened", async () => {
  const { exit, out, err } = await runOn({}, "gateway serve --port 70000");
  expect([exit, out, err]).toEqual([64, "", expect.stringContaining("--port takes a whole number from 0 to 65535")]);
});
