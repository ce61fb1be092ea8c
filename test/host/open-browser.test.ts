import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isBrowserWithin, openBrowser, openers, type Surroundings } from "../../src/host/open-browser.ts";
import { withhold } from "../../src/kernel/withheld-variables.ts";
import { scratchFolder } from "./scratch.ts";

const URL_TO_SHOW = "https://issuer.example/authorize?a=b&c=d";
const linux = (env: Surroundings["env"]): Surroundings => ({ env, platform: "linux" });
const nowhere = (): boolean => false;

describe("whether somebody could see a page", () => {
  test.each([
    ["a desktop", { DISPLAY: ":0" }, true],
    ["Wayland", { WAYLAND_DISPLAY: "wayland-0" }, true],
    ["no display", {}, false],
    ["an empty display", { DISPLAY: "" }, false],
    ["SSH", { DISPLAY: ":0", SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" }, false],
    ["a terminal of SSH", { DISPLAY: ":0", SSH_TTY: "/dev/pts/1" }, false],
    ["a container that says so", { DISPLAY: ":0", container: "podman" }, false],
    ["SSH with a program that shows pages elsewhere", { BROWSER: "/srv/show", SSH_CONNECTION: "x" }, true],
    ["none wanted", { DISPLAY: ":0", BROWSER: "none" }, false],
  ])("%s", (_, env, expected) => expect(isBrowserWithin(linux(env), nowhere)).toBe(expected));

  test("a container that left its mark has none", () => {
    expect(isBrowserWithin(linux({ DISPLAY: ":0" }), (path) => path === "/.dockerenv")).toBe(false);
    expect(isBrowserWithin(linux({ DISPLAY: ":0" }), (path) => path === "/run/.containerenv")).toBe(false);
  });

  test("macOS and Windows have one, but not over SSH", () => {
    for (const platform of ["darwin", "win32"]) {
      expect(isBrowserWithin({ env: {}, platform }, nowhere)).toBe(true);
      expect(isBrowserWithin({ env: { SSH_CONNECTION: "x" }, platform }, nowhere)).toBe(false);
    }
  });
});

describe("what shows a page", () => {
  test("is the system's own opener, or what BROWSER names in its place", () => {
    expect(openers(URL_TO_SHOW, linux({}))).toEqual([["xdg-open", URL_TO_SHOW]]);
    expect(openers(URL_TO_SHOW, { env: {}, platform: "darwin" })).toEqual([["open", URL_TO_SHOW]]);
    expect(openers(URL_TO_SHOW, { env: {}, platform: "win32" })).toEqual([["rundll32", "url.dll,FileProtocolHandler", URL_TO_SHOW]]);
    expect(openers(URL_TO_SHOW, linux({ BROWSER: "firefox --new-tab %s:w3m" }))).toEqual([
      ["firefox", "--new-tab", URL_TO_SHOW],
      ["w3m", URL_TO_SHOW],
    ]);
    expect(openers(URL_TO_SHOW, linux({ BROWSER: "none" }))).toEqual([]);
  });
});

describe("asking for a page", () => {
  const scratch = scratchFolder();
  /** Writes what it was given to a file. */
  const recorder = (exitCode: number): string => {
    writeFileSync(scratch("show"), `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > ${scratch("seen")}\nexit ${exitCode}\n`, { mode: 0o755 });
    return scratch("show");
  };

  test("gives the address as one argument, without a shell", async () => {
    const url = "https://issuer.example/a?b=$(id);c&d=%20|x".replace("|", "%7C");
    expect(await openBrowser(url, linux({ BROWSER: recorder(0) }))).toBe(true);
    expect(readFileSync(scratch("seen"), "utf8")).toBe(`1\n${url}\n`);
  });

  test("shows no secret to what shows it", async () => {
    withhold(["OPENAI_API_KEY"]);
    writeFileSync(scratch("show"), `#!/bin/sh\nenv > ${scratch("seen")}\n`, { mode: 0o755 });
    const env = { BROWSER: scratch("show"), PATH: process.env["PATH"], DISPLAY: ":7", OPENAI_API_KEY: "canary" };
    expect(await openBrowser(URL_TO_SHOW, linux(env))).toBe(true);
    const seen = readFileSync(scratch("seen"), "utf8");
    expect([seen.includes("DISPLAY=:7\n"), seen.includes("canary")]).toEqual([true, false]);
  });

  test("says when nothing could show it", async () => {
    expect(await openBrowser(URL_TO_SHOW, linux({ BROWSER: recorder(3) }))).toBe(false);
    expect(await openBrowser(URL_TO_SHOW, linux({ BROWSER: scratch("absent") }))).toBe(false);
    expect(await openBrowser(URL_TO_SHOW, linux({ BROWSER: `${scratch("absent")}:${recorder(0)}` }))).toBe(true);
  });

  test.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "--help",
    "https://a b",
    'https://a"b',
    "https://a\nb",
    "https://a`id`",
    "",
    "vscode://x",
    "https://a\\b",
  ])("%j is not shown", async (url) => {
    expect(await openBrowser(url, linux({ BROWSER: recorder(0) }))).toBe(false);
    expect(() => readFileSync(scratch("seen"))).toThrow("ENOENT");
  });
});
