import { describe, expect, test } from "vitest";
import { brands } from "../../../../../src/brand.ts";
import { main } from "../../../../../src/cli/main.ts";
import { NOW, STORE } from "../../../../credentials/open-facts.ts";
import { type Answer, entryOf, tokens } from "../../../../credentials/refresh/rig.ts";
import { fakeHost, response } from "../../../../support/fake-host.ts";
import { fakeRefreshing } from "../../../../support/fake-refreshing.ts";
import { fakeTerminal } from "../../../../support/fake-terminal.ts";
import { packaged } from "../../../../support/packaged.ts";

const PROFILES = {
  "zai:due": entryOf(),
  "zai:later": entryOf({ obtainedAtMs: NOW }, { expires: NOW + 3_540_000 }),
  "zai:theirs": { type: "oauth", provider: "zai", access: "their-access", refresh: "their-refresh", expires: NOW - 1 },
  "zai:key": { type: "api_key", provider: "zai", key: "key-0123456789" },
};

async function run(words: string, answers: readonly Answer[] = []) {
  const left = [...answers];
  const host = fakeHost({
    packaged,
    nowMs: NOW,
    refreshing: fakeRefreshing(),
    files: { [STORE]: JSON.stringify({ version: 1, profiles: PROFILES }) },
    http: () => {
      const answer = left.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("asked once more than the test says");
      return response(answer.status ?? 200, JSON.stringify(answer.json), answer.headers);
    },
  });
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: words.split(" ") });
  return { exit, out: terminal.said.out, err: terminal.said.err, asked: host.asked.length };
}

describe("models auth refresh", () => {
  test("renews what is due, and leaves alone what others renew", async () => {
    const { exit, out, asked } = await run("models auth refresh", [tokens(5)]);
    expect([exit, asked]).toEqual([0, 1]);
    expect(out.trimEnd().split("\n")).toEqual([
      "  zai:due    ✓ renewed  ends in 59m",
      "  zai:later  - not due  ends in 59m",
      "Left alone, for the program that made it renews it: zai:theirs.",
    ]);
  });

  test("renews one that is named, and with --force also one that is not due", async () => {
    expect((await run("models auth refresh zai:later --plain")).out).toBe(`zai:later\tnot due\t${NOW + 3_540_000}\n`);
    expect((await run("models auth refresh zai:later --force --plain", [tokens(5)])).out).toBe(`zai:later\trenewed\t${NOW + 3_540_000}\n`);
  });

  test("ends with 1 where a login cannot be used, and with 2 where one was not renewed and still serves", async () => {
    const refused = await run("models auth refresh --json", [{ status: 400, json: { error: "invalid_grant" } }]);
    expect([refused.exit, JSON.parse(refused.out).logins[0]]).toEqual([
      1,
      {
        ...{ profileId: "zai:due", provider: "zai", outcome: "needs login", usable: false, expiresAt: NOW - 60_000 },
        problem: {
          code: "NEEDS_LOGIN",
          message: "zai:due needs a new login: id.example no longer accepts the refresh token (invalid_grant)",
          hint: "Log in again: `nemo models auth login --provider zai --profile-id zai:due`.",
        },
      },
    ]);
    const down = await run("models auth refresh zai:later --force", [{ status: 503, json: {} }]);
    expect([down.exit, down.out.split("\n")[0]]).toEqual([2, "! zai:later was not renewed: id.example is in trouble itself (503)."]);
  });

  test.each([
    ["zai:key", "is an API key"],
    ["zai:theirs", "belongs to the program that made it"],
    ["zai:nobody", "no account is called"],
  ])("refuses %s: it %s", async (id, why) => {
    const { exit, err, asked } = await run(`models auth refresh ${id}`);
    expect([exit, err.includes(why), asked]).toEqual([64, true, 0]);
  });
});
