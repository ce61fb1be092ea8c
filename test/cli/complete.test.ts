import { expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { main } from "../../src/cli/main.ts";
import { fakeHost } from "../support/fake-host.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { packaged } from "../support/packaged.ts";

const CONFIG = JSON.stringify({ agents: { list: [{ id: "main" }, { id: "work" }] } });
const PLUGIN = "/home/me/.nemo/extensions/lab";
const FILES = { "/home/me/.nemo/nemo.json": CONFIG, [`${PLUGIN}/nemo.plugin.json`]: '{ "id": "lab", "configSchema": {} }', [`${PLUGIN}/index.ts`]: "" };

const words = (...typed: string[]): Promise<string[]> => wordsOn(FILES, ...typed);

async function wordsOn(files: Readonly<Record<string, string>>, ...typed: string[]): Promise<string[]> {
  const terminal = fakeTerminal();
  const host = fakeHost({ packaged, files });
  await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: ["__complete", ...typed] });
  return terminal.said.out.trimEnd().split("\n");
}

test("a flag that stands before the command is completed with what it names", async () => {
  expect(await words("--agent", "")).toEqual(["main", "work"]);
  expect(await words("models", "--agent", "w")).toEqual(["work"]);
});

test("flags before the command and their values do not hide the command", async () => {
  expect(await words("--agent", "work", "mod")).toEqual(["models"]);
  expect(await words("--no-color", "models", "au")).toEqual(["auth"]);
  expect(await words("--agent", "work", "models", "show", "anthro")).toEqual(["anthropic/"]);
  expect(await words("--profile", "")).toEqual([""]);
});

test("nothing is offered that the command would refuse: a provider that only the catalogue knows is no one to ask, and none is a plugin", async () => {
  expect(await words("models", "set", "302")).toEqual([""]);
  expect(await words("models", "set", "groq/llama-3.3-70b-vers")).toEqual(["groq/llama-3.3-70b-versatile"]);
  expect(await words("plugins", "enable", "")).toEqual(["lab"]);
});

const USED = {
  "/home/me/.nemo/nemo.json": JSON.stringify({
    agents: {
      defaults: {
        model: { primary: "groq/a", fallbacks: ["fast", "openai/gpt-5"] },
        imageModel: { primary: "groq/a", fallbacks: ["google/g"] },
        models: { "groq/b": { alias: "fast" }, "anthropic/claude-opus-4-6": {} },
      },
    },
  }),
  "/home/me/.nemo/agents/main/agent/auth-profiles.json": JSON.stringify({
    version: 1,
    profiles: {
      "groq:work": { type: "api_key", provider: "groq", key: "gsk_only_for_tests" },
      "openai:home": { type: "api_key", provider: "openai", key: "sk-only-for-tests" },
    },
  }),
};

test("what is taken away or put in order is offered as it is there", async () => {
  const offered = async (...typed: string[]) => (await wordsOn(USED, ...typed, "")).toSorted();
  expect(await offered("models", "fallbacks", "remove")).toEqual(["fast", "openai/gpt-5"]);
  expect(await offered("models", "fallbacks", "move")).toEqual(["fast", "openai/gpt-5"]);
  expect(await offered("models", "image-fallbacks", "remove")).toEqual(["google/g"]);
  expect(await offered("models", "aliases", "remove")).toEqual(["fast", "opus"]);
  expect(await offered("models", "auth", "order", "set", "--provider", "GROQ")).toEqual(["groq:work"]);
  expect(await offered("models", "auth", "show")).toEqual(["groq:work", "openai:home"]);
});

test("the gateway's keys are offered by their names", async () => {
  const keys = ["editor", "ci"].map((name) => ({ name, digest: "0".repeat(64), createdAtMs: 0 }));
  const files = { "/home/me/.nemo/signalbox/gateway-keys.json": JSON.stringify({ version: 1, keys }) };
  expect(await wordsOn(files, "gateway", "keys", "revoke", "")).toEqual(["editor", "ci"]);
});
