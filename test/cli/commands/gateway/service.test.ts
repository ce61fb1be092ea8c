import { expect, test } from "vitest";
import { runOn } from "../../../status/run-command.ts";

test("the file names the port that was asked for, and none that TCP does not have", async () => {
  expect(await runOn({}, "gateway service --port 65535")).toMatchObject({ exit: 0, out: expect.stringContaining("gateway serve --port 65535 --log json") });
  const { exit, out, err } = await runOn({}, "gateway service --port 70000");
  expect([exit, out, err]).toEqual([64, "", expect.stringContaining("--port takes a whole number from 1 to 65535")]);
});
