import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ENV, got, gotLast, impatientRig, installed, MISDEEDS, OTHER_KEY, OWN_KEY } from "../../support/evil-plugin.ts";
import { harmfulIn } from "../../support/hostile.ts";
import { pluginRig, type PluginRig } from "../../support/plugin-rig.ts";

const ACCESS = "evil-access-0001";
const REFRESH = "evil-refresh-0001";
const wait = (ms: number) => (ms >= 60_000 ? new Promise<void>(() => undefined) : Promise.resolve());
const login = (n: number) => `{ credential: { kind: "oauth", value: "evil-access-000${n}", refresh: "evil-refresh-000${n}", expiresInSeconds: 3600 } }`;

type Entry = Record<string, unknown> & { readonly signalbox: Record<string, unknown> };

function stored(rig: PluginRig): Entry | undefined {
  const text = readFileSync(join(rig.home, ".nemo", "agents", "main", "agent", "auth-profiles.json"), "utf8");
  return (JSON.parse(text) as { profiles: Record<string, Entry> }).profiles["evil:default"];
}

/** A login that the program made, which does this when it is asked to renew it. */
async function loggedIn(rig: PluginRig, doing: string): Promise<void> {
  await installed(rig, `if (request.verb === "login") answer(${login(1)}); else { ${doing} }`);
  expect(await rig.run("models", "auth", "login", "evil", "--method", "program", "--yes")).toMatchObject({ exit: 0 });
}

const FORCED = ["models", "auth", "refresh", "evil:default", "--force"];

describe("a login that a plugin's program renews", () => {
  test("is kept with who renews it, and its program gets that login alone", async () => {
    const rig = pluginRig({ wait }, ENV);
    await loggedIn(rig, `answer(${login(2)});`);
    expect(stored(rig)).toMatchObject({ type: "oauth", access: ACCESS, refresh: REFRESH, signalbox: { program: "evil", tokenUrl: "", generation: 1 } });
    const { exit, out, err } = await rig.run(...FORCED, "--json");
    expect([exit, err]).toEqual([0, ""]);
    expect(out).not.toMatch(/evil-(?:access|refresh)-000/);
    expect(gotLast(rig)).toEqual({
      asked: { signalbox: 1, verb: "refresh", provider: "evil", credential: { kind: "oauth", value: ACCESS, refresh: REFRESH } },
      env: {},
    });
    expect(got(rig)).not.toMatch(new RegExp(`${OWN_KEY}|${OTHER_KEY}`));
    expect(stored(rig)).toMatchObject({
      ...{ access: "evil-access-0002", refresh: "evil-refresh-0002" },
      signalbox: { program: "evil", generation: 2, lastRefresh: { outcome: "renewed", by: "models auth refresh" } },
    });
    expect(stored(rig)?.signalbox["intent"]).toBeUndefined();
    expect((await rig.run("models", "auth", "show", "evil:default")).out).toMatch(/renewed .* ago by models auth refresh/);
  });

  test("is asked while the intent is on disk, before the token is spent", async () => {
    const rig = pluginRig({ wait }, ENV);
    const file = join(rig.home, ".nemo", "agents", "main", "agent", "auth-profiles.json");
    const seen = join(rig.home, "seen");
    await loggedIn(
      rig,
      `const { copyFileSync } = await import("node:fs"); copyFileSync(${JSON.stringify(file)}, ${JSON.stringify(seen)}); answer(${login(2)});`,
    );
    await rig.run(...FORCED);
    expect(JSON.parse(readFileSync(seen, "utf8"))).toMatchObject({
      profiles: { "evil:default": { refresh: REFRESH, signalbox: { intent: { generation: 1, by: "models auth refresh" } } } },
    });
  });

  test("keeps its old refresh token where the program gives no new one, and a new one whatever else is wrong", async () => {
    const [without, broken] = [pluginRig({ wait }, ENV), pluginRig({ wait }, ENV)];
    await loggedIn(without, `answer({ credential: { kind: "oauth", value: "evil-access-0002" } });`);
    await without.run(...FORCED);
    expect(stored(without)).toMatchObject({ access: "evil-access-0002", refresh: REFRESH });
    await loggedIn(broken, `answer({ credential: { kind: "oauth", value: "two\\nlines", refresh: "evil-refresh-0002" } });`);
    await broken.run(...FORCED);
    expect(stored(broken)).toMatchObject({ access: ACCESS, refresh: "evil-refresh-0002", signalbox: { lastRefresh: { outcome: "failed" } } });
  });

  test("needs a new login only when the program says so plainly, and keeps its tokens then", async () => {
    const rig = pluginRig({ wait }, ENV);
    await loggedIn(rig, "answer({ refused: true });");
    expect((await rig.run(...FORCED)).exit).not.toBe(0);
    expect(stored(rig)).toMatchObject({
      access: ACCESS,
      refresh: REFRESH,
      signalbox: { needsLogin: { why: expect.stringContaining("the program of the plugin evil") } },
    });
  });

  test.each([
    ["was changed", (rig: PluginRig) => Promise.resolve(writeFileSync(join(rig.extensions, "evil", "other.mjs"), "")), /were changed since it was installed/],
    ["is turned off", (rig: PluginRig) => rig.run("plugins", "disable", "evil"), /is turned off|nobody defines|not there/],
  ] as const)("is not renewed by a plugin that %s, and nothing is spent", async (_title, spoil, why) => {
    const rig = pluginRig({ wait }, ENV);
    await loggedIn(rig, `answer(${login(2)});`);
    const [before, asked] = [stored(rig), got(rig)];
    await spoil(rig);
    const { exit, out, err } = await rig.run(...FORCED);
    expect(exit).not.toBe(0);
    expect((out + err).replace(/\s+/g, " ")).toMatch(why);
    expect(got(rig)).toBe(asked);
    expect(stored(rig)).toEqual(before);
  });
});

describe("a hostile program that renews", () => {
  test.each([
    ...MISDEEDS,
    ["speaks of another provider", `answer({ provider: "openai", ...${login(2)} });`, /answered with no login of this provider/],
    ["gives a key", `answer({ credential: { kind: "api_key", value: "evil-key-0123456789" } });`, /answered with no login of this provider/],
    ["says both", `answer({ refused: true, credential: { kind: "token", value: "x" } });`, /answered with no login of this provider/],
    ["gives nothing", "answer({});", /answered with no login of this provider/],
  ] as const)(
    "that %s ends, is named, and the login is as it was",
    async (title, doing, why) => {
      const { rig, turn } = impatientRig({ wait });
      await loggedIn(rig, doing);
      if (title === "hangs") turn.timeoutMs = 700;
      const { exit, out, err } = await rig.run(...FORCED);
      const said = (out + err).replace(/\s+/g, " ");
      expect(exit).not.toBe(0);
      expect(said).toMatch(why);
      expect(said).toContain("the program of the plugin evil");
      expect(harmfulIn(out + err).filter((code) => code !== 10)).toEqual([]);
      expect(out + err).not.toMatch(new RegExp(`${OWN_KEY}|evil-(?:access|refresh)-000`));
      expect(stored(rig)).toMatchObject({ access: ACCESS, refresh: REFRESH, signalbox: { generation: 1, lastRefresh: { outcome: "failed" } } });
    },
    20_000,
  );
});
