import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchedBinary } from "../../scripts/fetched-binaries.mjs";
import { runProgram } from "../program.ts";
import { type ConversationVendor, startConversationVendor } from "./conversation-vendor.ts";
import { type Rig, startRig } from "./rig.ts";

/** `opencode`, the program of https://opencode.ai, as npm serves it, in headless runs: one run is one turn. Its tool reads a file. */
const OPENCODE = {
  name: "opencode",
  spec: "opencode-linux-x64@1.18.33",
  path: "bin/opencode",
  integrity: "sha512-q/t/3p2CTxOT9y2kvjesb/LZab2+1eqlhhWA02Be6mjTtmYtNBcBsrI5yDo4Fw7ZSPBW2oyMIGMNRqiKQjiAWw==",
};

function opencode(): string | undefined {
  try {
    return fetchedBinary(OPENCODE);
  } catch (error) {
    process.stderr.write(`NOT RUN: opencode cannot be had here (${error instanceof Error ? error.message : error}), so nothing is proven with it\n`);
    return undefined;
  }
}
const binary = opencode();

const FACT = "It is 4 degrees in Oslo";

/** What it would like to have from the internet, switched off; what still leaves goes to a proxy that writes it down. */
const QUIET = {
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_MODELS_FETCH: "1",
  OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
  OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  OPENCODE_DISABLE_SHARE: "1",
  OPENCODE_PURE: "1",
  NO_PROXY: "127.0.0.1,localhost",
};

const QUESTION = "What does the file say?";
/** A run takes seconds: one of its two ways to speak holds the whole conversation, the other the turn with the tool. */
const CASES = [
  { npm: "@ai-sdk/openai-compatible", first: "openai-completions", to: "anthropic-messages", turns: ["Greetings, machine.", QUESTION, "Farewell, machine."] },
  { npm: "@ai-sdk/anthropic", first: "anthropic-messages", to: "openai-responses", turns: [QUESTION] },
] as const;
const idOf = (npm: string): string => npm.replace("@ai-sdk/", "");

let vendor: ConversationVendor;
let rig: Rig;
let home: string;
const left: string[] = [];
const proxy = createServer();
beforeAll(async () => {
  if (binary === undefined) return;
  home = mkdtempSync(join(tmpdir(), "signalbox-opencode-"));
  mkdirSync(join(home, "work"));
  writeFileSync(join(home, "work/fact.txt"), `${FACT}\n`);
  for (const { npm } of CASES) furnish(join(home, idOf(npm)));
  vendor = await startConversationVendor([
    [new RegExp(FACT), { text: "The file says four degrees." }],
    [/What does the file say/, { call: { name: "read", input: { filePath: join(home, "work/fact.txt") } } }],
    [/Farewell, machine/, { text: "Farewell to you." }],
    [/Greetings, machine/, { text: "Greetings to you." }],
  ]);
  const provider = (id: string, api: string) => {
    const model = { id, name: id, contextWindow: 200_000, maxTokens: 8000, input: ["text"], reasoning: false, cost: { input: 0, output: 0 } };
    return [id, { baseUrl: `${vendor.url}/${id}${api.startsWith("openai") ? "/v1" : ""}`, api, apiKey: `sk-canary-${id}`, models: [model] }] as const;
  };
  rig = await startRig({
    behaviours: [],
    gateway: { translation: "name" },
    config: {
      agents: {
        list: CASES.map(({ npm }) => ({
          id: idOf(npm),
          model: { primary: `quits-${idOf(npm)}/quits-${idOf(npm)}`, fallbacks: [`good-${idOf(npm)}/good-${idOf(npm)}`] },
        })),
      },
      models: {
        providers: Object.fromEntries(CASES.flatMap(({ npm, first, to }) => [provider(`quits-${idOf(npm)}`, first), provider(`good-${idOf(npm)}`, to)])),
      },
    },
  });
  proxy.on("request", (request, answer) => {
    left.push(`${request.method} ${request.url}`);
    answer.writeHead(502).end();
  });
  proxy.on("connect", (request, socket) => {
    socket.on("error", () => undefined);
    left.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((ready) => proxy.listen(0, "127.0.0.1", ready));
});
afterAll(async () => {
  if (binary === undefined) return;
  await rig?.stop();
  await vendor.close();
  proxy.close();
  rmSync(home, { recursive: true, force: true });
});

/** A home in which the package for plugins, which it would fetch, counts as installed. */
function furnish(folder: string): void {
  const own = join(folder, ".config/opencode");
  mkdirSync(join(own, "node_modules"), { recursive: true });
  writeFileSync(join(own, "package-lock.json"), JSON.stringify({ packages: { "": { dependencies: { "@opencode-ai/plugin": "1.18.33" } } } }));
}

const ANSWERS: Readonly<Record<string, string>> = {
  "Greetings, machine.": "Greetings to you.",
  [QUESTION]: "The file says four degrees.",
  "Farewell, machine.": "Farewell to you.",
};

interface Event {
  readonly part: { readonly type: string; readonly text?: string; readonly tool?: string; readonly state?: { readonly status: string } };
}

/** One turn; what it printed as events. */
async function run(npm: string, words: readonly string[]): Promise<Event[]> {
  const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const id = idOf(npm);
  const config = {
    autoupdate: false,
    share: "disabled",
    model: `gateway/agent:${id}`,
    small_model: `gateway/agent:${id}`,
    provider: {
      gateway: { npm, options: { baseURL: `${rig.url}/v1`, apiKey: rig.key }, models: { [`agent:${id}`]: { limit: { context: 200_000, output: 8000 } } } },
    },
  };
  const env = new Map(
    Object.entries({
      ...QUIET,
      HOME: join(home, id),
      PATH: process.env["PATH"] ?? "",
      HTTP_PROXY: through,
      HTTPS_PROXY: through,
      OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
    }),
  );
  const ran = await runProgram([binary ?? "", "run", "--format", "json", ...words], { env, cwd: join(home, "work"), stdin: "" });
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
  return ran.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}

describe.skipIf(binary === undefined).concurrent("opencode", () => {
  test.each(CASES)("with $npm holds a conversation that goes on with $to", { timeout: 240_000 }, async ({ npm, to, turns }) => {
    const events = [];
    for (const [at, words] of turns.entries()) events.push(...(await run(npm, [...(at === 0 ? ["--title", "A test"] : ["--continue"]), words])));
    const parts = events.map(({ part }) => part);
    const answers = turns.map((asked) => ANSWERS[asked] ?? "");
    expect(parts.flatMap(({ type, text }) => (type === "text" ? [text] : []))).toEqual(answers);
    expect(parts.flatMap(({ type, tool, state }) => (type === "tool" ? [[tool, state?.status]] : []))).toEqual([["read", "completed"]]);

    const at = turns.indexOf(QUESTION);
    const first = vendor.of(`quits-${idOf(npm)}`);
    expect(first.slice(0, at + 2).map(({ status }) => status)).toEqual([...Array.from({ length: at + 1 }, () => 200), 503]);
    const other = vendor.of(`good-${idOf(npm)}`);
    expect(other.map(({ format, streams }) => ({ format, streams }))).toEqual(turns.slice(at).map(() => ({ format: to, streams: true })));
    const last = JSON.stringify(other.at(-1)?.body);
    expect([...turns, FACT, ...answers.slice(0, -1)].filter((said) => !last.includes(said))).toEqual([]);
    expect(left).toEqual([]);
  });
});
