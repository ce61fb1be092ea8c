import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { UsageRow } from "../../src/usage/usage-row.ts";
import { ENV, got, gotLast, impatientRig, installed, MISDEEDS, OTHER_KEY, OWN_KEY } from "../support/evil-plugin.ts";
import { harmfulIn } from "../support/hostile.ts";
import { pluginRig, type PluginRig } from "../support/plugin-rig.ts";

const GOOD = `answer({
  plan: "Team",
  windows: [{ label: "day", used: 25, limit: 100, unit: "requests", resetsAt: "2100-01-01T00:00:00Z" }, { label: "week", usedPercent: 40 }],
  balances: [{ amount: 3.5, currency: "USD" }],
});`;

async function usageOf(rig: PluginRig, ...flags: string[]): Promise<UsageRow | undefined> {
  const { out } = await rig.run("models", "usage", "--provider", "evil", "--json", ...flags);
  return (JSON.parse(out) as { accounts: UsageRow[] }).accounts[0];
}

describe("a plugin's program that is asked for usage", () => {
  test("tells windows and balances, and gets nothing but its own provider's key", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, GOOD);
    expect(await usageOf(rig)).toMatchObject({
      provider: "evil",
      outcome: "told",
      asked: true,
      official: true,
      url: "plugin:evil",
      plan: "Team",
      windows: [
        { label: "day", usedPercent: 25, used: 25, limit: 100, remaining: 75, unit: "requests", resetsAt: Date.UTC(2100, 0) },
        { label: "week", usedPercent: 40, used: null, limit: null, remaining: null, unit: null, resetsAt: null },
      ],
      balances: [{ amount: 3.5, currency: "USD" }],
    });
    expect(gotLast(rig)).toEqual({ asked: { signalbox: 1, verb: "usage", provider: "evil", credential: { kind: "api_key", value: OWN_KEY } }, env: {} });
    expect(got(rig)).not.toContain(OTHER_KEY);
  });

  test("is asked once in a minute, unless --refresh says otherwise", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, GOOD);
    await usageOf(rig);
    const before = got(rig);
    expect(await usageOf(rig)).toMatchObject({ outcome: "told", asked: false });
    expect(got(rig)).toBe(before);
    expect(await usageOf(rig, "--refresh")).toMatchObject({ outcome: "told", asked: true });
    expect(got(rig)).not.toBe(before);
  });

  test("is not asked for a provider that the config has its own word on, nor where it does not answer usage", async () => {
    const [moved, silent] = [pluginRig({}, ENV), pluginRig({}, ENV)];
    await installed(moved, GOOD);
    moved.write(".nemo/nemo.json", `{ models: { providers: { evil: { baseUrl: "http://127.0.0.1:9/v1", apiKey: "my-own-key-0123456789" } } } }`);
    await usageOf(moved);
    await installed(silent, GOOD, ["describe", "models"]);
    await usageOf(silent, "--timeout", "200");
    for (const rig of [moved, silent]) expect(got(rig)).not.toContain('\\"usage\\"');
  });

  test("is not run, and gets no key, once its files were changed", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, GOOD);
    const before = got(rig);
    writeFileSync(join(rig.extensions, "evil", "other.mjs"), "");
    expect(await usageOf(rig)).toMatchObject({ outcome: "failed", detail: expect.stringContaining("were changed since it was installed") });
    expect(got(rig)).toBe(before);
  });
});

describe("a hostile program that is asked for usage is named, and ends", () => {
  test.each([
    ...MISDEEDS,
    ["lies about its shape", `answer({ windows: "all", balances: [{ amount: "much", currency: 7 }] });`, /answers with nothing known as usage/],
  ] as const)(
    "one that %s",
    async (title, doing, why) => {
      const { rig, turn } = impatientRig();
      await installed(rig, doing);
      if (title === "hangs") turn.timeoutMs = 700;
      const { exit, out } = await rig.run("models", "usage", "--provider", "evil");
      expect(exit).toBe(0);
      expect(out.replace(/\s+/g, " ")).toMatch(new RegExp(`told nothing: the program of the plugin evil ${why.source}`));
      expect(harmfulIn(out).filter((code) => code !== 10)).toEqual([]);
      expect(out).not.toContain(OWN_KEY);
    },
    20_000,
  );

  test("one that hangs is ended when --timeout is over", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, "setInterval(() => {}, 1000); await new Promise(() => {});");
    expect(await usageOf(rig, "--timeout", "500")).toMatchObject({ outcome: "failed", detail: expect.stringContaining("did not answer within 0.5 s") });
  });

  test("names with escapes and secrets reach neither the terminal nor the cache whole, and lists without end are cut", async () => {
    const rig = pluginRig({}, ENV);
    await installed(
      rig,
      `answer({ windows: Array.from({ length: 2000 }, (_, i) => ({ label: i + "\\u001b[2J\\u202e" + ${JSON.stringify(OTHER_KEY)}, usedPercent: 1, unit: "\\u001b]0;x\\u0007" })) });`,
    );
    const { out } = await rig.run("models", "usage", "--provider", "evil");
    expect(harmfulIn(out).filter((code) => code !== 10)).toEqual([]);
    expect(out).not.toContain(OTHER_KEY);
    expect((await usageOf(rig))?.windows.length).toBe(50);
  });
});
