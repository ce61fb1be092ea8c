import { expect, test } from "vitest";
import { runOn } from "../../../status/run-command.ts";

test("the file names the port that was asked for, and none that TCP does not have", async () => {
  expect(await runOn({}, "gateway service --port 65535")).toMatchObject({ exit: 0, out: expect.stringContaining("gateway serve --port 65535 --log json") });
  const { exit, out, err } = await runOn({}, "gateway service --port 70000");
  expect([exit, out, err]).toEqual([64, "", expect.stringContaining("--port takes a whole number from 1 to 65535")]);
});

test("each profile has a file of its own", async () => {
  const { out } = await runOn({}, "--profile work gateway service --manager systemd --json");
  const unit = "nemo-work-gateway.service";
  expect(JSON.parse(out)).toMatchObject({
    path: `/home/me/.config/systemd/user/${unit}`,
    commands: [expect.anything(), `systemctl --user enable --now ${unit}`],
  });
  expect(JSON.parse((await runOn({}, "--profile work gateway service --manager launchd --json")).out)).toMatchObject({
    path: "/home/me/Library/LaunchAgents/nemo.work.gateway.plist",
  });
});
