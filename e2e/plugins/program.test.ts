import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { runProgram } from "../program.ts";
import { node, onStage, root, type Stage } from "../stage.ts";

/** Plugins with programs, by the real command lines: what each verb gets and gives, and what becomes of those that mean harm. */

const OTHER_KEY = "sk-proj-other-0123456789abcdefghij";
const OWN_KEY = "own-key-of-the-vendor-0123456789";
/**
 * A program has five seconds or more, in which a machine that has other things to do may not even start its Node: Node with these words gives it six
 * times as many. A program that hangs needs no more than it has.
 */
const patient = [
  "--import",
  `data:text/javascript,${encodeURIComponent("const set = setTimeout; globalThis.setTimeout = (act, ms, ...more) => set(act, ms < 5000 ? ms : 6 * ms, ...more);")}`,
];
const runIn = (stage: Stage, bin: string, words: readonly string[], how = patient) =>
  runProgram([node, ...how, join(root, "bin", `${bin}.cjs`), ...words], { env: stage.env, cwd: join(stage.folder, "work"), stdin: "" });
const VERBS = ["describe", "models", "usage", "login", "refresh"];

interface Heard {
  readonly asked: { readonly verb: string; readonly credential?: unknown; readonly step?: string; readonly handle?: string };
  readonly env: Readonly<Record<string, string>>;
}

/** A plugin in the current folder; its program notes what it got in OUT, and then does this. */
function write(stage: Stage, id: string, doing: string): void {
  const folder = join(stage.folder, "work", id);
  mkdirSync(folder);
  const providers = [{ id, baseUrl: `https://api.${id}.example/v1`, env: [`${id.toUpperCase()}_API_KEY`], models: [{ id: "large" }] }];
  writeFileSync(
    join(folder, "signalbox.plugin.json"),
    JSON.stringify({ id, version: "1.0.0", program: { command: ["node", "./main.mjs"], verbs: VERBS }, providers }),
  );
  const out = join(stage.folder, "out");
  writeFileSync(
    join(folder, "main.mjs"),
    `import { appendFileSync, existsSync } from "node:fs";
import { text } from "node:stream/consumers";
const asked = JSON.parse(await text(process.stdin));
appendFileSync(${JSON.stringify(join(out, `heard-${id}`))}, JSON.stringify({ asked, env: process.env }) + "\\n");
const answer = (value) => console.log(JSON.stringify(value));
const well = { id: ${JSON.stringify(id)}, verbs: ${JSON.stringify(VERBS)}, providers: [{ id: ${JSON.stringify(id)} }] };
const isInstalled = existsSync(${JSON.stringify(join(out, "installed"))});
${doing}`,
  );
}

function heard(stage: Stage, id: string): Heard[] {
  const file = join(stage.folder, "out", `heard-${id}`);
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Heard)
    : [];
}

/** What a system adds by itself is nobody's secret. */
const environmentOf = ({ env }: Heard): string[] => Object.keys(env).filter((name) => !name.startsWith("__CF"));

/** What docs/plugins.md shows of the answers, with tokens in the place of its dots. */
const [, , , shownUsage = "", asksConsent = "", , credential = "", renewed = ""] = [
  ...readFileSync(join(root, "docs/plugins.md"), "utf8").matchAll(/```json\n([\s\S]*?)```/g),
].map(([, text]) => text ?? "");
/** The page's window resets on a day that passes, and a window that has passed is not shown. */
const usage = shownUsage.replace(/(?<="resetsAt": )"[^"]+"/, JSON.stringify(new Date(Date.now() + 3_600_000)));
const filled = (text: string, n: number): string =>
  text
    .replace('"value": "…"', `"value": "access-${n}-0123456789"`)
    .replace('"refresh": "…"', `"refresh": "refresh-${n}-0123456789"`)
    .replace('"handle": "…"', '"handle": "handle-1"')
    .replace('"intervalSeconds": 5', '"intervalSeconds": 1');

const BEHAVES = `const verbs = {
  describe: () => well,
  models: () => ({ models: [{ id: "large", contextTokens: 64000 }, { id: "new" }] }),
  usage: () => (${usage}),
  login: () => (asked.step === "begin" ? ${filled(asksConsent, 1)} : ${filled(credential, 1)}),
  refresh: () => (${filled(renewed, 2)}),
};
answer(verbs[asked.verb]());`;

describe.concurrent.each(Object.values(brands))("a plugin with a program, for $bin", (brand) => {
  test("describes itself, logs in, lists, tells what is left, and renews; it gets that login and nothing else", async () => {
    await onStage(brand, async (stage) => {
      stage.env.set("OPENAI_API_KEY", OTHER_KEY);
      const run = (...words: string[]) => runIn(stage, brand.bin, words);
      const json = async (...words: string[]) => JSON.parse((await run(...words, "--json")).stdout) as never;
      write(stage, "beta", BEHAVES);
      const said = await run("plugins", "install", "./beta", "--yes");
      expect([said.code, said.stdout]).toEqual([0, expect.stringContaining("it runs as you")]);
      const info: { providers: { id: string; methods: { id: string }[] }[] } = await json("plugins", "list");
      expect(info.providers.find(({ id }) => id === "beta")?.methods.map(({ id }) => id)).toEqual(["program", "api-key"]);

      const login = await run("models", "auth", "login", "beta", "--method", "program", "--yes", "--events", "--json");
      const events = login.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { event: string; url?: string; userCode?: string });
      expect(events.map(({ event }) => event)).toEqual(["begin", "page", "waiting", "received", "exchanged", "done"]);
      expect(events[1]).toMatchObject({ url: "https://login.acme.example/device", userCode: "ABCD-1234" });

      const live: { models: { key: string; contextWindow: number | null }[] } = await json("models", "list", "--live", "--provider", "beta");
      expect(live.models.map(({ key, contextWindow }) => [key, contextWindow])).toEqual([
        ["beta/large", 64_000],
        ["beta/new", null],
      ]);
      expect((await run("models", "usage", "--provider", "beta")).stdout).toMatch(/day/);
      expect(await run("models", "auth", "refresh", "beta:ada@acme.example", "--force")).toMatchObject({ code: 0 });
      expect((await run("models", "auth", "token", "--profile", "beta:ada@acme.example")).stdout).toBe("access-2-0123456789\n");
      const started: { handle: string; userCode: string } = await json(
        "models",
        "auth",
        "login",
        "beta",
        "--method",
        "program",
        "--profile-id",
        "beta:two",
        "--start",
      );
      expect(started.userCode).toBe("ABCD-1234");
      expect((await run("models", "auth", "login", "--finish", started.handle)).stdout).toMatch(/^Saved beta:two/);
      expect(await run("plugins", "doctor")).toMatchObject({ code: 0 });

      const all = heard(stage, "beta");
      expect(new Set(all.map(({ asked }) => asked.verb))).toEqual(new Set(VERBS));
      expect(all.flatMap(environmentOf)).toEqual([]);
      expect(all.filter(({ asked }) => asked.verb === "describe" || asked.verb === "login").map(({ asked }) => asked.credential)).not.toContainEqual(
        expect.anything(),
      );
      expect(all.find(({ asked }) => asked.step === "continue")?.asked.handle).toBe("handle-1");
      expect(all.find(({ asked }) => asked.verb === "refresh")?.asked.credential).toEqual({
        kind: "oauth",
        value: "access-1-0123456789",
        refresh: "refresh-1-0123456789",
      });
      expect(JSON.stringify(all)).not.toContain(OTHER_KEY);
      expect(login.stdout + login.stderr).not.toMatch(/(access|refresh)-\d-0123456789|handle-1/);
    });
  });
});

/** Each behaves until it is installed. */
const MISDEEDS: Readonly<Record<string, readonly [doing: string, why: RegExp]>> = {
  hangs: ["setInterval(() => {}, 1000); await new Promise(() => {});", /did not answer within 5 s, and was ended/],
  floods: ['for (;;) await new Promise((done) => process.stdout.write("x".repeat(65536), done));', /printed more than 1 MB, and was ended/],
  lies: ['answer({ ...well, providers: [{ id: "lies", baseUrl: "https://evil.example/v1" }] });', /claims another address for lies than its manifest/],
  grows: ['answer({ ...well, providers: [{ id: "openai" }] });', /claims a provider that its manifest does not name/],
  poses: ['answer({ ...well, id: "openai" });', /calls itself by another name/],
  babbles: ['console.log("\\u001b]52;c;eA==\\u0007 no JSON");', /did not print one JSON object/],
  dies: ['console.error("boom \\u001b[2J"); process.exit(3);', /ended with exit code 3: boom/],
};

test.each([
  ["what programs answer that mean harm", Object.keys(MISDEEDS).filter((id) => id !== "hangs"), patient],
  ["one that does not answer", ["hangs"], []],
])("%s is named by doctor; they end, get no environment and no key, and stop nobody else", async (_, ids, how) => {
  await onStage(brands.nemo, async (stage) => {
    stage.env.set("OPENAI_API_KEY", OTHER_KEY);
    for (const id of ids) stage.env.set(`${id.toUpperCase()}_API_KEY`, OWN_KEY);
    for (const id of ids) {
      write(stage, id, `if (!isInstalled) { answer(well); process.exit(0); }\n${MISDEEDS[id]?.[0]}`);
      expect([id, (await runIn(stage, "nemo", ["plugins", "install", `./${id}`, "--yes"])).code]).toEqual([id, 0]);
    }
    writeFileSync(join(stage.folder, "out", "installed"), "");
    const { code, stdout, stderr } = await runIn(stage, "nemo", ["plugins", "doctor", "--json"], how);
    const { problems } = JSON.parse(stdout) as { problems: { code: string; subject: string; message: string }[] };
    expect(code).toBe(1);
    for (const id of ids)
      expect([id, problems.filter(({ subject }) => subject === `plugin ${id}`)]).toEqual([
        id,
        [expect.objectContaining({ code: "PLUGIN_FAILED", message: expect.stringMatching(MISDEEDS[id]?.[1] ?? "?") })],
      ]);
    const all = ids.flatMap((id) => heard(stage, id));
    expect(all.length).toBe(2 * ids.length);
    expect(all.flatMap(environmentOf)).toEqual([]);
    expect(JSON.stringify(all)).not.toMatch(new RegExp(`${OTHER_KEY}|${OWN_KEY}`));
    expect(stdout + stderr).not.toMatch(new RegExp(`${OTHER_KEY}|${OWN_KEY}`));
    // What an error is to its plugin is none to the others: their manifests go on counting.
    const status = await runIn(stage, "nemo", ["models", "status", "--json"]);
    expect([status.code, (JSON.parse(status.stdout) as { auth: { providers: { provider: string }[] } }).auth.providers.length]).toEqual([0, 1 + ids.length]);
  });
});
