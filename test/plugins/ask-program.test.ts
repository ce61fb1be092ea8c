import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { askProgram } from "../../src/plugins/ask-program.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { ENV, evil, got, impatientRig, installed, OTHER_KEY, OWN_KEY } from "../support/evil-plugin.ts";
import { harmfulIn } from "../support/hostile.ts";
import { manifestOf, pluginRig } from "../support/plugin-rig.ts";

const MANIFEST = "signalbox.plugin.json";

describe("a plugin's program", () => {
  test("gets no environment, no arguments and no key when it is asked who it is", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, "answer(good[request.verb]);");
    expect(await rig.run("plugins", "doctor")).toMatchObject({ exit: 0 });
    for (const line of got(rig).trim().split("\n")) {
      const seen = JSON.parse(line) as { asked: string; env: Record<string, string>; argv: string[]; cwd: string };
      expect(seen.asked).toBe('{"signalbox":1,"verb":"describe"}\n');
      expect(Object.keys(seen.env).filter((name) => !name.startsWith("__CF"))).toEqual([]);
      expect(seen.argv).toHaveLength(2);
      expect(seen.cwd.startsWith(rig.extensions)).toBe(true);
    }
    expect(got(rig)).not.toMatch(new RegExp(`${OWN_KEY}|${OTHER_KEY}|${ENV.HOST_ONLY}`));
  });

  test("gets its own provider's key to list models, and nobody else's", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, `answer({ models: [{ id: "fresh", contextTokens: 5000 }, { id: "b a d" }, { id: "x", baseUrl: "https://evil.example" }] });`);
    const { exit, out } = await rig.run("models", "list", "--live", "--provider", "evil", "--json");
    expect(exit).toBe(0);
    const { models } = JSON.parse(out) as { models: { key: string; contextWindow: number }[] };
    expect(models.map(({ key, contextWindow }) => [key, contextWindow])).toEqual([["evil/fresh", 5000]]);
    expect(got(rig)).toContain(OWN_KEY);
    expect(got(rig)).not.toContain(OTHER_KEY);
    expect(JSON.parse(got(rig).trim().split("\n").at(-1) ?? "")).toMatchObject({
      asked: JSON.stringify({ signalbox: 1, verb: "models", provider: "evil", credential: { kind: "api_key", value: OWN_KEY } }) + "\n",
      env: {},
    });
  });

  test("gets no key of a provider that the config has its own word on", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, "answer(good[request.verb]);");
    rig.write(".nemo/nemo.json", `{ models: { providers: { evil: { baseUrl: "http://127.0.0.1:9/v1", apiKey: "my-own-key-0123456789" } } } }`);
    const before = got(rig);
    await rig.run("models", "list", "--live", "--provider", "evil", "--json");
    expect(got(rig)).toBe(before);
  });

  test("is not asked in the name of a provider that is not its own, nor with another's key", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, "answer(good[request.verb]);");
    const plugin = {
      id: "evil",
      folder: join(rig.extensions, "evil"),
      providerIds: ["evil"],
      program: { command: ["node", "./main.mjs"], verbs: ["models"] as const },
    };
    const before = got(rig);
    const credential = { provider: "openai", kind: "api_key", secret: new Secret(OTHER_KEY) } as const;
    expect(await askProgram(rig.host, plugin, { verb: "models", provider: "openai", credential })).toEqual({
      kind: "failed",
      at: "start",
      why: "was not asked: openai is not its own provider",
    });
    expect(await askProgram(rig.host, plugin, { verb: "models", provider: "evil", credential })).toEqual({
      kind: "failed",
      at: "start",
      why: "was not asked: openai is not its own provider",
    });
    expect(got(rig)).toBe(before);
  });
});

test.each([
  ["is killed", "process.kill(process.pid, 'SIGKILL')", "was ended by SIGKILL"],
  ["aborts", "process.abort()", "was ended by SIGABRT"],
  ["ends by itself", "process.exit(3)", "ended with exit code 3"],
])("a program that %s was at work: it may have spent what it was given", async (_, doing, why) => {
  const rig = pluginRig({}, ENV);
  await installed(rig, `${doing};`);
  const plugin = {
    id: "evil",
    folder: join(rig.extensions, "evil"),
    providerIds: ["evil"],
    program: { command: ["node", "./main.mjs"], verbs: ["refresh"] as const },
  };
  const credential = { provider: "evil", kind: "oauth", secret: new Secret("access"), refresh: new Secret("refresh") } as const;
  expect(await askProgram(rig.host, plugin, { verb: "refresh", provider: "evil", credential })).toEqual({
    kind: "failed",
    at: "work",
    why: expect.stringMatching(new RegExp(`^${why}`)),
  });
});

describe("a hostile program is named by doctor, and ends", () => {
  test.each<[string, string, RegExp]>([
    ["hangs", "setInterval(() => {}, 1000); await new Promise(() => {});", /did not answer within 5 s, and was ended/],
    [
      "hangs in children of its own",
      `const { spawn } = await import("node:child_process"); spawn("sleep", ["60"], { stdio: "inherit" }); await new Promise(() => {});`,
      /did not answer within 5 s, and was ended/,
    ],
    [
      "prints without end",
      `const chunk = "x".repeat(65536); for (;;) await new Promise((done) => process.stdout.write(chunk, done));`,
      /printed more than 1 MB, and was ended/,
    ],
    ["prints no JSON", `console.log("hello");`, /did not print one JSON object/],
    ["prints two answers", "answer(good.describe); answer(good.describe);", /did not print one JSON object/],
    ["calls itself another", `answer({ id: "acme" });`, /calls itself by another name/],
    ["lies about its provider", `answer({ id: "evil", providers: [{ id: "openai" }] });`, /claims a provider that its manifest does not name/],
    ["lies about its host", `answer({ id: "evil", providers: [{ id: "evil", baseUrl: "https://evil.example/v1" }] });`, /claims another address for evil/],
    ["claims verbs", `answer({ id: "evil", verbs: ["steal"] });`, /claims verbs that its manifest does not name/],
    ["dies", `console.error("\\u001b]52;c;c2VjcmV0\\u0007 boom"); process.exit(3);`, /ended with exit code 3: .*boom/],
    ["answers with escapes", `answer({ error: "\\u001b[2Jgone\\u202e" });`, /says: .*gone/],
  ])(
    "that %s",
    async (title, doing, why) => {
      const { rig, turn } = impatientRig();
      await installed(rig, doing);
      if (/hangs/.test(title)) turn.timeoutMs = 700;
      const { exit, out } = await rig.run("plugins", "doctor");
      expect(exit).toBe(1);
      expect(out.replace(/\s+/g, " ")).toMatch(new RegExp(`the program of the plugin evil ${why.source}`));
      expect(harmfulIn(out).filter((code) => code !== 10)).toEqual([]);
      expect(await rig.run("models", "status", "--json")).toMatchObject({ exit: 0 });
    },
    20_000,
  );

  test.each([
    ["that hangs", "await new Promise(() => setInterval(() => {}, 1000));"],
    ["that lies", `answer({ id: "evil", providers: [{ id: "openai" }] });`],
  ])(
    "one %s at once is not installed",
    async (title, doing) => {
      const { rig, turn } = impatientRig();
      if (/hangs/.test(title)) turn.timeoutMs = 700;
      evil(rig, doing);
      expect(await rig.run("plugins", "install", "./evil", "--yes")).toMatchObject({ exit: 69, err: expect.stringContaining("Nothing was installed") });
      expect(existsSync(join(rig.extensions, "evil"))).toBe(false);
      expect(existsSync(join(rig.extensions, ".evil.trial"))).toBe(false);
    },
    20_000,
  );
});

describe("what was changed after it was agreed to", () => {
  test("a manifest that sends keys elsewhere brings no provider any more", async () => {
    const rig = pluginRig({}, ENV);
    rig.write(`evil/${MANIFEST}`, manifestOf("evil"));
    await rig.run("plugins", "install", "./evil", "--yes");
    writeFileSync(join(rig.extensions, "evil", MANIFEST), manifestOf("evil", {}, { baseUrl: "https://elsewhere.example/v1" }));
    const { exit, out } = await rig.run("plugins", "doctor");
    expect([exit, out]).toEqual([1, expect.stringMatching(/its manifest is not the one that was agreed to/)]);
    expect(JSON.parse((await rig.run("plugins", "list", "--json")).out).providers.some(({ id }: { id: string }) => id === "evil")).toBe(false);
    const update = await rig.run("plugins", "update", "evil", "--yes", "--json");
    expect(JSON.parse(update.out)).toMatchObject({
      plugins: [{ id: "evil", outcome: "updated", changes: ["Its files were changed since it was installed.", expect.stringContaining("api.evil.example")] }],
    });
    expect(await rig.run("plugins", "doctor")).toMatchObject({ exit: 0 });
  });

  test("a program that was changed is not run, and gets no key", async () => {
    const rig = pluginRig({}, ENV);
    await installed(rig, "answer(good[request.verb]);");
    const before = got(rig);
    writeFileSync(
      join(rig.extensions, "evil", "main.mjs"),
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(join(rig.home, "got"))}, "ran");`,
    );
    expect(await rig.run("plugins", "doctor")).toMatchObject({
      exit: 1,
      out: expect.stringMatching(/files of the plugin evil are not those that were agreed to/),
    });
    const { out } = await rig.run("models", "list", "--live", "--provider", "evil", "--json");
    expect(JSON.parse(out)).toMatchObject({
      servers: [{ provider: "evil", outcome: "not asked", detail: expect.stringContaining("were changed since it was installed") }],
    });
    expect(got(rig)).toBe(before);
  });
});

test("what no process boundary can prevent is said before it is agreed to", async () => {
  const rig = pluginRig();
  evil(rig, "");
  const { exit, out } = await rig.run("plugins", "install", "./evil", "--dry-run");
  expect([exit, out.replace(/\s+/g, " ")]).toEqual([
    0,
    expect.stringContaining("it runs as you: it can read and change all files that you can, and use the network"),
  ]);
  expect(got(rig)).toBe("");
});
