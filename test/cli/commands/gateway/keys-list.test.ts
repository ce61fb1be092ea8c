import { expect, test } from "vitest";
import { NOW } from "../../../credentials/open-facts.ts";
import { runOn } from "../../../status/run-command.ts";

const FILE = "/home/me/.nemo/signalbox/gateway-keys.json";
const key = (name: string, expiresAtMs: number | undefined) => ({
  name,
  digest: "0".repeat(64),
  createdAtMs: NOW,
  ...(expiresAtMs !== undefined && { expiresAtMs }),
});

test("every key is listed with its end, also one that lies beyond the calendar", async () => {
  const keys = [key("always", undefined), key("ci", NOW + 86_400_000), key("far", 8.64e18), key("old", NOW - 86_400_000)];
  const { exit, out } = await runOn({ nowMs: NOW, files: { [FILE]: JSON.stringify({ version: 1, keys }) } }, "gateway keys list");
  expect([exit, out.trimEnd().split("\n")]).toEqual([
    0,
    [
      "Name    May ask     Limits  Ends",
      "always  everything  none    never",
      "ci      everything  none    2026-11-22",
      "far     everything  none    9999-12-31",
      "old     everything  none    ended 2026-11-20",
    ],
  ]);
});
