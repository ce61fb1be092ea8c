import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Brand, brands } from "../../src/brand.ts";
import {
  anthropicServer,
  googleServer,
  LITELLM_KEY,
  liteLlmServer,
  llamaCppServer,
  lmStudioServer,
  lockedLiteLlmServer,
  type ModelServer,
  ollamaServer,
  openRouterServer,
  sglangServer,
  VENDOR_KEY,
  vllmServer,
} from "../../test/support/model-servers.ts";
import { serve } from "../../test/support/serve.ts";
import { runProgram } from "../program.ts";
import { onStage, node, type Stage } from "../stage.ts";

/** One server of each kind on loopback; where it asks for a key, that is stored as a person stores it. */
type Case = readonly [name: string, server: ModelServer, kind: string | null, first: string, context: number, key: string | undefined, path: string];

const SERVERS: readonly Case[] = [
  ["Ollama", ollamaServer, "ollama", "llama3.1:8b", 4096, undefined, ""],
  ["LM Studio", lmStudioServer, "lmstudio", "qwen2-vl-7b-instruct", 32_768, undefined, ""],
  ["vLLM", vllmServer, "vllm", "Qwen/Qwen3-32B", 40_960, undefined, ""],
  ["llama.cpp", llamaCppServer, "llama-cpp", "gemma-3-4b-it", 16_384, undefined, ""],
  ["SGLang", sglangServer, "sglang", "Qwen/Qwen2.5-VL-7B-Instruct", 128_000, undefined, ""],
  ["LiteLLM", liteLlmServer, "litellm", "gpt-4o", 128_000, undefined, ""],
  ["LiteLLM with a key", lockedLiteLlmServer, "litellm", "gpt-4o", 128_000, LITELLM_KEY, ""],
  ["OpenRouter", openRouterServer, null, "meta-llama/llama-3.3-70b-instruct:free", 131_072, VENDOR_KEY, "/api"],
  ["Anthropic", anthropicServer, "anthropic-compatible", "claude-opus-4-6", 1_000_000, VENDOR_KEY, ""],
  ["Google", googleServer, "google-compatible", "gemini-2.5-pro", 1_048_576, VENDOR_KEY, ""],
];

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (stage: Stage, words: readonly string[], stdin = ""): Promise<Ran> =>
  runProgram([node, stage.vars.get("BIN") ?? "", "models", ...words], { env: stage.env, cwd: join(stage.folder, "work"), stdin });

const json = async (stage: Stage, words: readonly string[]): Promise<Record<string, readonly unknown[]>> =>
  JSON.parse((await run(stage, [...words, "--json"])).stdout);

async function withServer<T>(server: ModelServer, act: (url: string, asked: () => readonly string[], close: () => Promise<void>) => Promise<T>): Promise<T> {
  const serving = await serve(server);
  try {
    return await act(serving.url, () => serving.asked.map(({ method, path }) => `${method} ${path}`), serving.close);
  } finally {
    await serving.close();
  }
}

function filesOf(stage: Stage): string[] {
  const state = stage.vars.get("STATE") ?? "";
  const files = readdirSync(state, { recursive: true, encoding: "utf8", withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(state.length + 1))
    .sort();
}

describe.each(Object.values(brands))("$bin, from a clean home", (brand: Brand) => {
  test.each(SERVERS)("adds and lists %s", async (_, server, kind, first, context, key, path) => {
    await withServer(server, (url) =>
      onStage(brand, async (stage) => {
        expect(await json(stage, ["add-server", `${url}${path}`, "--name", "lab"])).toMatchObject({
          outcome: "written",
          server: kind,
          asksForKey: key !== undefined,
        });
        if (key !== undefined) expect(await run(stage, ["auth", "paste-api-key", "--provider", "lab"], key)).toMatchObject({ code: 0 });
        const report = await json(stage, ["list", "--live", "--provider", "lab"]);
        expect(report).toMatchObject({ view: "live", servers: [{ provider: "lab", outcome: "listed", kept: false }] });
        expect(report["models"]?.[0]).toMatchObject({ key: `lab/${first}`, contextWindow: context, available: true });
        const text = filesOf(stage)
          .filter((file) => !file.includes("auth-profiles.json"))
          .map((file) => readFileSync(join(stage.vars.get("STATE") ?? "", file), "utf8"));
        expect(text.some((each) => key !== undefined && each.includes(key))).toBe(false);
        expect(await run(stage, ["set", `lab/${first}`])).toMatchObject({ code: 0, stderr: "" });
      }),
    );
  });

  test("finds Ollama where OLLAMA_HOST says, without a key, and writes its own cache alone", async () => {
    await withServer(ollamaServer, (url, asked) =>
      onStage(brand, async (stage) => {
        stage.env.set("OLLAMA_HOST", url.replace("http://", ""));
        const { stdout, code } = await run(stage, ["list", "--live", "--provider", "ollama"]);
        expect(code).toBe(0);
        expect(stdout).toMatch(/^✓ Ollama 4 models/);
        expect(stdout).toMatch(/^ollama\/llama3\.1:8b +4k +T··/m);
        expect(filesOf(stage)).toEqual(["signalbox/live/ollama.json"]);
        expect(asked().filter((one) => one.startsWith("POST"))).toHaveLength(4);
      }),
    );
  });

  test("shows what was listed before when the server is gone, and says why", async () => {
    await withServer(vllmServer, (url, _, close) =>
      onStage(brand, async (stage) => {
        await run(stage, ["add-server", url, "--name", "lab"]);
        await run(stage, ["list", "--live", "--provider", "lab"]);
        await close();
        const { stdout, code } = await run(stage, ["list", "--live", "--provider", "lab"]);
        expect([code, stdout]).toEqual([0, expect.stringMatching(/^✗ lab refused the connection; 1 model as listed on \d{4}-\d\d-\d\d\n\nModel/)]);
      }),
    );
  });

  test("writes nothing where nobody answers, or somebody else", async () => {
    const shop: ModelServer = () => ({ status: 200, json: { data: [{ id: 7, name: "Civic" }] } });
    await withServer(shop, (url) =>
      onStage(brand, async (stage) => {
        expect(await run(stage, ["add-server", url])).toMatchObject({ code: 65, stdout: "" });
        expect(await run(stage, ["add-server", "http://127.0.0.1:9"])).toMatchObject({ code: 69, stdout: "" });
        expect(await run(stage, ["add-server", "http://llm.example.com"])).toMatchObject({ code: 64, stdout: "" });
        expect(readdirSync(stage.vars.get("HOME") ?? "")).toEqual([]);
      }),
    );
  });
});
