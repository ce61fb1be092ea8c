import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { type Chaos, startChaos } from "../../test/support/chaos-vendor.mjs";
import { runProgram } from "../program.ts";
import { node, onStage, root, type Stage } from "../stage.ts";
import { hasTerminals, runInTerminal, typed } from "../terminal.ts";

const page = readFileSync(join(root, "docs/gateway.md"), "utf8");
/** Each block of a language, its lines moved to the left. */
const blocksOf = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm"))].map(([, indent = "", text = ""]) =>
    text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );

const KEY = "gsk_0123456789abcdefghijABCDEFGHIJ0123456789abcdefghijAB";
let vendor: Chaos;
beforeAll(async () => {
  vendor = await startChaos();
});
afterAll(() => vendor.close());

/** The program by its name, the packages of the clients, and Groq on this machine. */
function prepare({ vars, env, folder }: Stage): void {
  const bin = join(vars.get("OUT") ?? "", "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "nemo"), `#!/bin/sh\nexec '${node}' '${join(root, "bin/nemo.cjs")}' "$@"\n`);
  // Managers of services are not for tests.
  writeFileSync(join(bin, "systemctl"), "#!/bin/sh\n");
  for (const name of ["nemo", "systemctl"]) chmodSync(join(bin, name), 0o700);
  env.set("PATH", `${bin}:${env.get("PATH") ?? ""}`);
  symlinkSync(join(root, "node_modules"), join(folder, "work", "node_modules"));
  mkdirSync(vars.get("STATE") ?? "", { mode: 0o700 });
  writeFileSync(vars.get("CONFIG") ?? "", JSON.stringify({ models: { providers: { groq: { baseUrl: `${vendor.url}/good/v1` } } } }), { mode: 0o600 });
}

const shell = (stage: Stage, text: string) => runProgram(["sh", "-eu", "-c", text], { env: stage.env, cwd: join(stage.folder, "work"), stdin: "" });

/** At a port that nobody else has, which it tells. */
async function started(stage: Stage, command: string): Promise<{ readonly program: ChildProcess; readonly port: string }> {
  const [, ...words] = command.trim().split(" ");
  const program = spawn(node, [join(root, "bin/nemo.cjs"), ...words, "--port", "0"], {
    env: Object.fromEntries(stage.env),
    cwd: join(stage.folder, "work"),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  const port = await new Promise<string>((ready, failed) => {
    program.once("close", (code) => failed(new Error(`${command} ended with ${code}: ${said}`)));
    program.stdout?.setEncoding("utf8").on("data", (piece: string) => {
      said += piece;
      const [, told] = /serves at http:\/\/127\.0\.0\.1:(\d+)\D/.exec(said) ?? [];
      if (told !== undefined) ready(told);
    });
  });
  return { program, port };
}

/** Clients that are told nothing: the variables of the page are all they have. */
const BY_ENVIRONMENT = [
  `import OpenAI from "openai";
const { choices } = await new OpenAI().chat.completions.create({ model: "default", messages: [{ role: "user", content: "Hello" }] });
console.log(choices[0].message.content);
`,
  `import Anthropic from "@anthropic-ai/sdk";
console.log((await new Anthropic().messages.create({ model: "default", max_tokens: 20, messages: [{ role: "user", content: "Hello" }] })).content);
`,
];

const answers = [
  { when: /be called/, keys: typed("<enter>") },
  { when: /Where should the key rest/, keys: typed("<enter>") },
  { when: /API key of/, keys: typed(`${KEY}<enter>`) },
  { when: /Test it now/, keys: typed("<enter>") },
];
const canFollow = hasTerminals() && spawnSync("curl", ["--version"]).status === 0;
if (!canFollow) process.stderr.write("NOT RUN: docs/gateway.md followed; util-linux's `script`, or curl, is not here\n");

describe.runIf(canFollow)("docs/gateway.md", () => {
  test("leads from nothing to an answer, by curl and by clients as they are", async () => {
    await onStage(brands.nemo, async (stage) => {
      prepare(stage);
      const [accounts = "", key = "", serving = "", asking = "", pointing = "", drill = "", rests = "", keys = "", service = ""] = blocksOf("sh");
      const [first = "", ...rest] = accounts.split("\n");
      expect(await runInTerminal(["sh", "-eu", "-c", first], { env: stage.env, cwd: join(stage.folder, "work"), answers })).toMatchObject({ code: 0 });
      expect(await shell(stage, rest.join("\n"))).toMatchObject({ code: 0, stdout: expect.stringContaining("groq/llama-3.3-70b-versatile is ready") });
      const made = await shell(stage, key);
      const [sbx = ""] = /sbx-\S+/.exec(made.stdout) ?? [];
      expect([made.code, sbx.length]).toEqual([0, 47]);
      const { program, port } = await started(stage, serving);
      const own = (text: string): string => text.replaceAll("4100", port);
      const closed = once(program, "close");
      try {
        const asked = await shell(stage, own(asking).replace("sbx-…", sbx));
        expect(JSON.parse(asked.stdout)).toMatchObject({ object: "chat.completion", choices: [{ message: { content: "Hello wörld" } }] });
        stage.env.set("KEY", sbx);
        for (const text of blocksOf("js")) {
          writeFileSync(join(stage.folder, "work", "ask.mjs"), own(text));
          expect(await shell(stage, "node ask.mjs")).toMatchObject({ code: 0, stdout: expect.stringContaining("Hello wörld") });
        }
        for (const text of BY_ENVIRONMENT) {
          writeFileSync(join(stage.folder, "work", "ask.mjs"), text);
          expect(await shell(stage, `${own(pointing)}node ask.mjs`)).toMatchObject({ code: 0, stdout: expect.stringContaining("Hello wörld") });
        }
        expect(await shell(stage, rests)).toMatchObject({ code: 0, stdout: expect.stringContaining("auth.cooldowns.rateLimitSeconds = 10") });
        expect(await shell(stage, `${drill.trim()} --fault S03,D01`)).toMatchObject({ code: 0 });
        expect(await shell(stage, keys)).toMatchObject({ code: 0, stdout: expect.stringContaining("default, groq/*") });
        const unit = await shell(stage, service);
        expect([unit.code, unit.stdout]).toEqual([0, expect.stringContaining(`The gateway at http://127.0.0.1:${port} is well`)]);
        expect(readFileSync(join(stage.vars.get("HOME") ?? "", ".config/systemd/user/nemo-gateway.service"), "utf8")).toContain("ExecStart=");
      } finally {
        program.kill("SIGTERM");
        await closed;
      }
      expect(program.exitCode).toBe(0);
    });
  });
});
