import { expect, test } from "vitest";
import { LOOK_EVERY_MS, openKnownWindows } from "../../src/usage/known-windows.ts";
import { fakeHost } from "../support/fake-host.ts";
import { cacheText, HOUR, keptUsage, NOW, windowOf } from "./kept.ts";

const FILE = "/home/me/.nemo/signalbox/usage.json";
const ACCOUNT = { profileId: "openrouter:a", provider: "openrouter", account: "…abc123" };
const text = (usedPercent: number): string => cacheText({ "openrouter:a": keptUsage({ windows: [windowOf("day", usedPercent, NOW + HOUR)] }) });
const open = () => {
  const host = fakeHost({ nowMs: NOW });
  let asked = 0;
  const known = openKnownWindows(host, "/home/me/.nemo", () => {
    asked++;
    return [ACCOUNT];
  });
  const left = (): unknown =>
    known
      .latest()
      .get("openrouter:a")
      ?.map(({ leftPercent }) => leftPercent);
  return { host, known, left, looked: () => asked };
};

test("nothing is known before the first look, and no account is looked at where nothing was told", () => {
  const { host, known, left, looked } = open();
  expect(left()).toBeUndefined();
  known.look();
  expect([left(), looked()]).toEqual([undefined, 0]);
  host.replaceFile(FILE, text(40));
  expect(left()).toBeUndefined();
  known.look();
  expect(left()).toEqual([60]);
});

test("a look that is due is taken each quarter of a minute", async () => {
  const { host, known, left } = open();
  known.lookIfDue();
  host.replaceFile(FILE, text(40));
  known.lookIfDue();
  expect(left()).toBeUndefined();
  await host.wait(LOOK_EVERY_MS);
  known.lookIfDue();
  expect(left()).toEqual([60]);
});
