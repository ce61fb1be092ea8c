import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Brand, brands } from "../../src/brand.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { fill } from "../../src/cli/help.ts";
import { allOptions, flagName } from "../../src/cli/parse-words.ts";
import { runProgram } from "../program.ts";
import { node, onStage, root, type Stage } from "../stage.ts";
import { hasTerminals, runInTerminal, typed } from "../terminal.ts";
import { canary, Hound } from "./canary.ts";

const page = readFileSync(join(root, "docs/templates/credentials.md"), "utf8");

/** Each fenced block of shell commands, in order. */
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text);

/** What a person pastes; another one for each block. */
const keyOf = (block: number) => canary(`key of block ${block}`, "gsk_");

/** A vendor that knows every key that begins as its keys do. */
let vendor: Server;
const asked: string[] = [];
beforeAll(async () => {
  vendor = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const isKnown = request.headers.authorization?.startsWith("Bearer gsk_") === true;
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" }).end(JSON.stringify(isKnown ? { data: [{ id: "m" }] } : { error: {} }));
  });
  await new Promise<void>((resolve) => vendor.listen(0, "127.0.0.1", resolve));
});
afterAll(() => vendor.close());

/** The program by its name, a keychain, and a config in which Groq is on this machine and a key stands in clear text. */
function prepare(stage: Stage, brand: Brand): void {
  const put = (path: string, text: string, mode: number): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  const [out, home] = [stage.vars.get("OUT") ?? "", stage.vars.get("HOME") ?? ""];
  const bin = join(out, "bin");
  put(join(bin, brand.bin), `#!/bin/sh\nexec '${node}' '${join(root, "bin", `${brand.bin}.cjs`)}' "$@"\n`, 0o700);
  put(join(bin, "secret-tool"), KEYCHAIN, 0o700);
  const { port } = vendor.address() as AddressInfo;
  const providers = {
    groq: { baseUrl: `http://127.0.0.1:${port}/openai/v1` },
    lab: { baseUrl: "http://127.0.0.1:9/v1", api: "openai-completions", apiKey: canary("key of the config").value, models: [{ id: "m", name: "M" }] },
  };
  put(stage.vars.get("CONFIG") ?? "", JSON.stringify({ models: { providers } }, null, 2), 0o600);
  stage.env.set("PATH", `${bin}:${stage.env.get("PATH") ?? ""}`);
  stage.env.set("KEYCHAIN", join(home, "keychain"));
  stage.env.set("MY_GROQ_KEY", canary("key of a variable", "gsk_").value);
  stage.env.set("MISTRAL_API_KEY", canary("key to import").value);
  stage.env.set("CI_GROQ_KEY", canary("key of the build", "gsk_").value);
}

/** Stands for secret-tool(1): one secret, in a file. */
const KEYCHAIN = `#!/bin/sh
case "$1" in
  store) umask 077; cat > "$KEYCHAIN" ;;
  lookup) if [ "$5" = groq ] && [ -e "$KEYCHAIN" ]; then cat "$KEYCHAIN"; else exit 1; fi ;;
  clear) rm -f "$KEYCHAIN" ;;
esac
`;

/** To the questions of `models auth add`, in their order. */
const answers = [
  { when: /be called/, keys: typed("<enter>") },
  { when: /Where should the key rest/, keys: typed("<enter>") },
  { when: /API key of/, keys: typed(`${keyOf(0).value}<enter>`) },
  { when: /Test it now/, keys: typed("<enter>") },
];

if (!hasTerminals()) process.stderr.write("NOT RUN: the block of docs/templates/credentials.md that needs a terminal; util-linux's `script` is not here\n");

test("every command that the page names exists, and so does every flag of it", async () => {
  expect(blocks.length).toBeGreaterThan(10);
  const named = [...page.matchAll(/\{cli\} ((?:[a-z-]+ ?)+)((?: ?(?:--[a-z-]+|[^`\n]))*)/g)].map(([, words = "", rest = ""]) => ({ words, rest }));
  expect(named.length).toBeGreaterThan(30);
  for (const { words, rest } of named) {
    const path = Object.keys(commands)
      .filter((known) => `${words.trim()} `.startsWith(`${known} `))
      .sort((a, b) => b.length - a.length)[0];
    const command = await commands[path ?? ""]?.load();
    const flags = command === undefined ? [] : Object.keys(allOptions(command)).map(flagName);
    expect([words, path !== undefined, (rest.match(/--[a-z-]+/g) ?? []).filter((flag) => !flags.includes(flag))]).toEqual([words, true, []]);
  }
});

describe.concurrent.each(Object.values(brands))("docs/$bin/credentials.md", (brand) => {
  // Elsewhere the keychain is another program.
  test.skipIf(process.platform !== "linux")("can be followed from top to bottom, and shows no key", async () => {
    await onStage(brand, async (stage) => {
      prepare(stage, brand);
      const hound = new Hound([
        ...blocks.map((_, index) => keyOf(index)),
        ...["key of the config", "key of a variable", "key to import", "key of the build"].map((name) => canary(name)),
      ]);
      const failed: unknown[] = [];
      for (const [index, block] of blocks.entries()) {
        const { code, stdout, stderr } = await runBlock(stage, brand, index, block);
        const leaks = hound.find(stdout + stderr).map(({ canary }) => canary);
        if (code !== 0 || leaks.length > 0)
          failed.push({ block: fill(block, { bin: brand.bin, name: brand.name, envPrefix: brand.envPrefix }), code, leaks, stdout, stderr });
      }
      expect(failed).toEqual([]);
      expect(new Set(asked)).toEqual(new Set(["GET /openai/v1/models"]));
      const { profiles } = JSON.parse(readFileSync(join(stage.vars.get("AGENT") ?? "", "auth-profiles.json"), "utf8"));
      expect(Object.keys(profiles).sort()).toEqual(["lab:config", "mistral:env"]);
    });
  });
});

/** At a terminal where it asks; else with a key on stdin. */
function runBlock(stage: Stage, brand: Brand, index: number, block: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const text = fill(block, { bin: brand.bin, name: brand.name, envPrefix: brand.envPrefix });
  const [env, cwd] = [stage.env, join(stage.folder, "work")];
  if (!/models auth add\b/.test(text)) return runProgram(["sh", "-eu", "-c", text], { env, cwd, stdin: `${keyOf(index).value}\n` });
  if (!hasTerminals()) return Promise.resolve({ code: 0, stdout: "", stderr: "" });
  return runInTerminal(["sh", "-eu", "-c", text], { env, cwd, answers });
}
