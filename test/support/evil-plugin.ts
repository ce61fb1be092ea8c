import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { nodePlugins } from "../../src/host/plugin-machine.ts";
import type { Host } from "../../src/kernel/host.ts";
import { manifestOf, patientPlugins, pluginRig, type PluginRig } from "./plugin-rig.ts";

export const OWN_KEY = "own-key-of-evil-0123456789";
export const OTHER_KEY = "sk-other-key-of-another-provider-0123456789";
export const ENV = { EVIL_API_KEY: OWN_KEY, OPENAI_API_KEY: OTHER_KEY, HOST_ONLY: "nobody's business" };

/** One that ends programs sooner than usual once `turn` says so: nobody waits for a deadline in a test. */
export function impatientRig(more: Partial<Host> = {}): { readonly rig: PluginRig; readonly turn: { timeoutMs: number | undefined } } {
  const turn: { timeoutMs: number | undefined } = { timeoutMs: undefined };
  const ask: typeof nodePlugins.ask = (call) =>
    turn.timeoutMs === undefined ? patientPlugins.ask(call) : nodePlugins.ask({ ...call, timeoutMs: turn.timeoutMs });
  return { rig: pluginRig({ plugins: async () => ({ ...nodePlugins, ask }), ...more }, ENV), turn };
}

const VERBS = ["describe", "models", "usage", "login", "refresh"];

/** A plugin whose program does this; `request` is the question, `answer` prints an answer. It notes all that it got in a file beside HOME. */
export function evil(rig: PluginRig, doing: string, verbs: readonly string[] = VERBS): void {
  const program = `import { writeFileSync } from "node:fs";
    import { text } from "node:stream/consumers";
    const asked = await text(process.stdin);
    const request = JSON.parse(asked);
    const answer = (value) => console.log(JSON.stringify(value));
    const good = { describe: { id: "evil", providers: [{ id: "evil" }] }, models: { models: [{ id: "m" }] } };
    writeFileSync(${JSON.stringify(join(rig.home, "got"))}, JSON.stringify({ asked, env: process.env, argv: process.argv, cwd: process.cwd() }) + "\\n", { flag: "a" });
    ${doing}`;
  rig.write("evil/signalbox.plugin.json", manifestOf("evil", { program: { command: ["node", "./main.mjs"], verbs } }));
  rig.write("evil/main.mjs", program);
}

/** Installs it while it behaves, for one that does not is not even installed. */
export async function installed(rig: PluginRig, doing: string, verbs?: readonly string[]): Promise<void> {
  const when = join(rig.home, "turned");
  evil(
    rig,
    `const { existsSync } = await import("node:fs"); if (!existsSync(${JSON.stringify(when)})) { answer(good[request.verb]); process.exit(0); }\n${doing}`,
    verbs,
  );
  expect(await rig.run("plugins", "install", "./evil", "--yes")).toMatchObject({ exit: 0 });
  writeFileSync(when, "");
}

/** All that its program got so far, a line of JSON for each question. */
export function got(rig: PluginRig): string {
  return existsSync(join(rig.home, "got")) ? readFileSync(join(rig.home, "got"), "utf8") : "";
}

/** What it was asked last, and with which environment. */
export function gotLast(rig: PluginRig): { readonly asked: unknown; readonly env: Readonly<Record<string, string>> } {
  const last = JSON.parse(got(rig).trim().split("\n").at(-1) ?? "{}") as { asked: string; env: Record<string, string> };
  const env = Object.entries(last.env).filter(([name]) => !name.startsWith("__CF"));
  return { asked: JSON.parse(last.asked), env: Object.fromEntries(env) };
}

/** What a program does that is not to be trusted, and what is said of it. */
export const MISDEEDS: readonly [title: string, doing: string, why: RegExp][] = [
  ["hangs", "setInterval(() => {}, 1000); await new Promise(() => {});", /did not answer within \S+ s, and was ended/],
  [
    "prints without end",
    `const chunk = "x".repeat(65536); for (;;) await new Promise((done) => process.stdout.write(chunk, done));`,
    /printed more than 1 MB, and was ended/,
  ],
  ["prints no JSON", `console.log("hello");`, /did not print one JSON object/],
  ["dies", `console.error("\\u001b]52;c;c2VjcmV0\\u0007 boom"); process.exit(3);`, /ended with exit code 3: .*boom/],
  ["answers with escapes", `answer({ error: "\\u001b[2Jgone\\u202e " + ${JSON.stringify(OWN_KEY)} });`, /says: .*gone/],
];
