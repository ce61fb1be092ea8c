import { expect, test } from "vitest";
import { type LoginStartedReport, loginLines } from "../../src/cli/login-report.ts";
import { makeStyle } from "../../src/cli/style.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });

test("a login that was begun says until when it can be finished, also where a vendor says a day beyond the calendar", () => {
  const started: LoginStartedReport = {
    schemaVersion: 1,
    provider: "lab",
    method: "device",
    licence: "own-client",
    standing: null,
    url: "https://lab.example/device",
    urlWithCode: null,
    userCode: "AB-CD",
    expiresAt: 0,
    handle: "x",
    needs: "none",
    finish: "models auth login --finish x",
  };
  const until = (expiresAt: number): string | undefined =>
    loginLines({ ...started, expiresAt }, style)
      .split("\n")
      .at(-2);
  expect([Date.UTC(2026, 10, 21, 12), 9e15].map(until)).toEqual(["Then, until 2026-11-21 12:00 UTC:", "Then, until 9999-12-31 23:59 UTC:"]);
});
