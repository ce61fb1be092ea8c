import { expect, test } from "vitest";
import { absolutePath, locate } from "../../src/config/locate.ts";
import { fakeHost } from "../support/fake-host.ts";
import { nemo, neuroion } from "./nemo.ts";

test("on a fresh machine the state folder and the config are the brand's own, below the home folder", () => {
  expect(locate(fakeHost(), nemo)).toEqual({ homeDir: "/home/me", stateDir: "/home/me/.nemo", legacyStateDir: false, configPath: "/home/me/.nemo/nemo.json" });
});

test("a legacy folder and file name of the same brand are found when the own ones are not there", () => {
  const host = fakeHost({ files: { "/home/me/.nemo-agent/nemo-agent.json": "{}" } });
  expect(locate(host, nemo)).toEqual({
    homeDir: "/home/me",
    stateDir: "/home/me/.nemo-agent",
    legacyStateDir: true,
    configPath: "/home/me/.nemo-agent/nemo-agent.json",
  });
});

test("the own folder wins over a legacy one, while a config that exists only there is still read", () => {
  const host = fakeHost({ files: { "/home/me/.nemo/agents/main/agent/auth-profiles.json": "{}", "/home/me/.nemo-agent/nemo.json": "{}" } });
  expect(locate(host, nemo)).toEqual({ homeDir: "/home/me", stateDir: "/home/me/.nemo", legacyStateDir: false, configPath: "/home/me/.nemo-agent/nemo.json" });
});

test("another product's folder is never adopted", () => {
  const host = fakeHost({
    files: { "/home/me/.openclaw/openclaw.json": "{}", "/home/me/.moldbot/moldbot.json": "{}", "/home/me/.neuroion/neuroion.json": "{}" },
  });
  expect(locate(host, nemo).configPath).toBe("/home/me/.nemo/nemo.json");
});

test("NEMO_STATE_DIR and NEMO_CONFIG_PATH count, with ~ and relative paths, and need not exist", () => {
  const files = { "/home/me/.nemo/nemo.json": "{}" };
  expect(locate(fakeHost({ files, env: { NEMO_STATE_DIR: "~/other" } }), nemo)).toMatchObject({
    stateDir: "/home/me/other",
    configPath: "/home/me/.nemo/nemo.json",
  });
  expect(locate(fakeHost({ env: { NEMO_STATE_DIR: "here" }, cwd: "/work" }), nemo)).toMatchObject({
    stateDir: "/work/here",
    configPath: "/work/here/nemo.json",
  });
  expect(locate(fakeHost({ files, env: { NEMO_CONFIG_PATH: "~/dot/nemo.json5" } }), nemo)).toMatchObject({
    stateDir: "/home/me/.nemo",
    configPath: "/home/me/dot/nemo.json5",
  });
  expect(locate(fakeHost({ env: { NEMO_STATE_DIR: "  " } }), nemo).stateDir).toBe("/home/me/.nemo");
});

test("legacy variables of the same brand count after the own ones", () => {
  expect(locate(fakeHost({ env: { NEUROIONBOT_STATE_DIR: "/old" } }), neuroion).stateDir).toBe("/old");
  expect(locate(fakeHost({ env: { NEUROIONBOT_STATE_DIR: "/old", NEUROION_STATE_DIR: "/new" } }), neuroion).stateDir).toBe("/new");
});

test("NEMO_HOME moves the home folder; neuroion has no such variable", () => {
  expect(locate(fakeHost({ env: { NEMO_HOME: "/elsewhere", HOME: "/home/me" } }), nemo).homeDir).toBe("/elsewhere");
  expect(locate(fakeHost({ env: { NEMO_HOME: "~/sub", HOME: "/home/me" } }), nemo).homeDir).toBe("/home/me/sub");
  expect(locate(fakeHost({ env: { USERPROFILE: "/users/me" }, osHome: "/root" }), nemo).homeDir).toBe("/users/me");
  expect(locate(fakeHost({ env: { NEUROION_HOME: "/elsewhere" } }), neuroion).homeDir).toBe("/home/me");
});

test("a profile has a folder of its own and no legacy one; the variables still win over it", () => {
  const host = fakeHost({ files: { "/home/me/.nemo/nemo.json": "{}", "/home/me/.nemo-agent/nemo.json": "{}" } });
  expect(locate(host, { ...nemo, profile: "work" })).toEqual({
    homeDir: "/home/me",
    stateDir: "/home/me/.nemo-work",
    legacyStateDir: false,
    configPath: "/home/me/.nemo-work/nemo.json",
  });
  expect(locate(fakeHost({ env: { NEMO_STATE_DIR: "/given" } }), { ...nemo, profile: "work" })).toMatchObject({
    stateDir: "/given",
    configPath: "/given/nemo.json",
  });
});

test.each([
  ["~", "/home/me"],
  ["~/x/../y", "/home/me/y"],
  ["~user/x", "/work/~user/x"],
  [" /a//b ", "/a/b"],
  ["../c", "/c"],
])("the path %j means %s", (written, meant) => {
  expect(absolutePath(fakeHost({ cwd: "/work" }), "/home/me", written)).toBe(meant);
});
