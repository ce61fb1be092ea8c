import { expect, test } from "vitest";
import { openBroker } from "../../../../src/broker.ts";
import { serveWarnings } from "../../../../src/cli/commands/gateway/serve-warnings.ts";
import { CONFIG, keyOf, NAMES, NOW, STORE, storeOf } from "../../../credentials/open-facts.ts";
import { fakeHost } from "../../../support/fake-host.ts";
import { packaged } from "../../../support/packaged.ts";

const NO_KEY = "There is no gateway key: `{cli} gateway keys create <name>` makes one.";

async function warned(model: object, profiles: Readonly<Record<string, unknown>>, { keys = 1, stats = {} } = {}): Promise<string[]> {
  const files = { [CONFIG]: JSON.stringify({ agents: { defaults: { model } } }), [STORE]: JSON.stringify(storeOf(profiles, { usageStats: stats })) };
  return serveWarnings(await openBroker({ host: fakeHost({ files, nowMs: NOW, packaged }), names: NAMES }), keys);
}

const CHAIN = { primary: "groq/llama-3.3-70b-versatile", fallbacks: ["openai/gpt-4o-mini"] };
const groq = { "groq:a": keyOf("groq", "gsk_a") };
const openai = { "openai:a": keyOf("openai", "sk-a") };

test("a chain that can answer, and a key: nothing is said", async () => {
  expect(await warned(CHAIN, { ...groq, ...openai })).toEqual([]);
});

test("without any credential nobody can answer, without a key nobody can ask: a line each, with the command that mends it", async () => {
  const nobody = "No model has a usable credential: `{cli} models auth add` adds one.";
  expect(await warned(CHAIN, {}, { keys: 0 })).toEqual([nobody, NO_KEY]);
  expect(await warned({ primary: CHAIN.primary }, {})).toEqual([nobody]);
});

test("a model that lacks its credential is named where others can answer", async () => {
  expect(await warned(CHAIN, groq)).toEqual([
    "Fallback 1, openai/gpt-4o-mini, cannot answer: there is no credential. Add one: `{cli} models auth add --provider openai`.",
  ]);
  expect(await warned(CHAIN, openai)).toEqual([
    "The default, groq/llama-3.3-70b-versatile, cannot answer: there is no credential. Add one: `{cli} models auth add --provider groq`.",
  ]);
});

test("another account is advised only where one would help", async () => {
  const copilot = { "github-copilot:a": { type: "token", provider: "github-copilot", token: "ghu_a" } };
  const says = "cannot answer: github-copilot needs another token first, which is not fetched yet. `{cli} models explain` says more.";
  expect(await warned({ primary: "github-copilot/gpt-4o" }, copilot)).toEqual([`The default, github-copilot/gpt-4o, ${says}`]);
  expect(await warned({ ...CHAIN, fallbacks: ["openai/gpt-4o-mini@openai:gone"] }, { ...groq, ...openai })).toEqual([
    "Fallback 1, openai/gpt-4o-mini, cannot answer: no profile openai:gone. `{cli} models explain` says more.",
  ]);
});

test("a reference that leads nowhere is one of them; who only rests is not", async () => {
  expect(await warned({ ...CHAIN, fallbacks: ["nowhere/m"] }, groq)).toEqual([
    'Fallback 1 "nowhere/m" leads nowhere: no provider is named "nowhere". `{cli} models explain` says more.',
  ]);
  expect(await warned(CHAIN, { ...groq, ...openai }, { stats: { "openai:a": { cooldownUntil: NOW + 60_000 } } })).toEqual([]);
});

test("a server of this machine needs no credential", async () => {
  expect(await warned({ primary: "ollama/qwen3", fallbacks: [] }, {})).toEqual([]);
});

test.each(["google-vertex/gemini-2.5-pro", "claude-cli/claude-opus-4-6"])(
  "what another program's login answers for, the gateway cannot ask: %s",
  async (model) => {
    const says =
      "cannot answer here: another program's login answers for it, which the gateway cannot use. Choose one that has an account: `{cli} models list`.";
    expect(await warned({ ...CHAIN, fallbacks: [model] }, groq)).toEqual([`Fallback 1, ${model}, ${says}`]);
    expect(await warned({ primary: model }, groq)).toEqual([`The default, ${model}, ${says}`]);
  },
);
