import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/errors.ts";
import { fakeRefreshing } from "../support/fake-refreshing.ts";
import { pluginRig } from "../support/plugin-rig.ts";
import { DEVICE, ENDPOINTS, login, type LoginStage, STORE, TOKENS } from "./login-rig.ts";

const config = { signalbox: { logins: { huggingface: { clientId: "my-app", ...ENDPOINTS } } } };
const vendor = { "/device": DEVICE, "/token": TOKENS, "/userinfo": { sub: "1" } };
const COMMAND = "models auth login huggingface --method device";
const full = new AppError("FILE_WRITE_FAILED", "the disk is full", { hint: "Make room." });

describe("a store that takes no login is found out before anybody is asked for consent", () => {
  test.each<[string, string, LoginStage, number]>([
    ["others can read it", "STORE_PERMISSIONS", { files: { [STORE]: { text: '{"version":1,"profiles":{}}', mode: 0o644 } } }, 77],
    ["it is no JSON", "STORE_SYNTAX", { files: { [STORE]: '{"version":1,"profiles":{' } }, 65],
    ["a later version made it", "STORE_SHAPE", { store: { version: 2, profiles: {} } }, 65],
    ["its disk is full", "FILE_WRITE_FAILED", { refreshing: fakeRefreshing({ full }) }, 74],
    ["it may not be written", "FILE_WRITE_FAILED", { writeFailure: full }, 74],
  ])("%s: %s", async (_, code, stage, exitCode) => {
    for (const words of [COMMAND, `${COMMAND} --start`, `${COMMAND} --events --json`]) {
      const { exit, out, err, asked } = await login({ config, vendor, ...stage }, words);
      expect([exit, asked]).toEqual([exitCode, []]);
      expect(`${out}${err}`).toContain(code);
      expect(`${out}${err}`).not.toContain("ABCD-EFGH");
    }
  });

  test("but not where another program keeps the login", async () => {
    const run = () => ({ exitCode: 0, stdout: "" });
    const { exit } = await login({ run, refreshing: fakeRefreshing({ full }) }, "models auth login azure-openai");
    expect(exit).toBe(0);
  });

  test("and looking leaves nothing on a real disk, with a store and without one", async () => {
    const rig = pluginRig();
    const lying = () => readdirSync(join(rig.home, ".nemo"), { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("signalbox"));
    const start = () => rig.run("models", "auth", "login", "openrouter", "--start");
    expect([(await start()).exit, lying()]).toEqual([0, []]);
    const file = rig.write(".nemo/agents/main/agent/auth-profiles.json", '{"version":1,"profiles":{}}');
    const before = lying();
    expect([(await start()).exit, lying()]).toEqual([0, before]);
    chmodSync(file, 0o644);
    expect(await start()).toMatchObject({ exit: 77, err: expect.stringContaining("STORE_PERMISSIONS") });
  });

  test("and the room that was asked for is given back", async () => {
    const refreshing = fakeRefreshing();
    const { exit } = await login({ config, vendor, refreshing }, COMMAND);
    expect([exit, refreshing.did]).toEqual([0, ["reserve 16384", "release"]]);
  });
});

test("a login that was agreed to and could not be stored says so, and what to do", async () => {
  const meanwhile = (at: string, written: Map<string, string>): void => {
    if (at === "/token") written.set(STORE, '{"version":2,"profiles":{}}');
  };
  const { exit, err } = await login({ config, vendor, meanwhile }, COMMAND);
  expect(exit).toBe(65);
  expect(err.replace(/\s+/g, " ")).toContain("change it with that one. What the vendor gave is kept nowhere: then log in again.");
});
