import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseAgent } from "../../src/config/agents.ts";
import { customProviders } from "../../src/config/custom-providers.ts";
import { loadConfig } from "../../src/config/load.ts";
import { readModelsJson } from "../../src/config/models-json.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { CONFIG, nemo } from "./nemo.ts";

/** A config with everything in it; the fuzzer breaks it. */
const SEED = `// a real config
{
  $schema: "./config.schema.json",
  env: { vars: { LAB_KEY: "\${SEED_KEY}", OTHER: 'x' }, shellEnv: { enabled: true, timeoutMs: 500 }, NAME: "value" },
  auth: {
    profiles: { "anthropic:work": { provider: "anthropic", mode: "oauth", email: "me@example.com" }, },
    order: { anthropic: ["anthropic:work"] },
    cooldowns: { billingBackoffHours: 5, billingBackoffHoursByProvider: { openai: 0x2 }, billingMaxHours: +24, failureWindowHours: 24. },
  },
  models: {
    mode: 'merge',
    providers: {
      lab: { baseUrl: "http://127.0.0.1:8080/v1", apiKey: "\${LAB_KEY}", api: "openai-completions", headers: { "X-A": "b" }, authHeader: true,
        models: [ { id: "m1", name: "One", reasoning: false, input: ["text", 'image'], cost: { input: 1e0, output: .5 }, contextWindow: 200000, maxTokens: 8192, compat: { supportsStore: false } } ] },
      far: { baseUrl: 'https://far.example/v1', apiKey: '$\${LITERAL}', auth: "token", models: [] },
    },
    bedrockDiscovery: { enabled: false, region: "us-east-1", refreshInterval: 3600 },
  },
  agents: {
    defaults: { model: { primary: "fast", fallbacks: ["sonnet", "lab/m1"] }, imageModel: "lab/m1", models: { "lab/m1": { alias: "fast", params: { temperature: 0.2 } } }, maxConcurrent: 4 },
    list: [ { id: "main", default: true }, { id: "work", agentDir: "~/work", model: { primary: "a/b", fallbacks: [] } }, { $include: "./agent.json5" } ],
  },
  plugins: { enabled: true, allow: ["a"], entries: { a: { enabled: true, config: { deep: [[1], { x: null }] } } }, installs: { a: { source: "npm", spec: "a@1" } } },
  gateway: { port: 18789, streams: { onCut: "error" } },
  signalbox: { licences: { "anthropic:work": "own-client" }, legacyAllowlist: false, catalogue: { url: "https://mirror.example/api.json" } },
  messages: { text: 'it\\'s \\u0041 \\
    continued', infinity: Infinity, not: NaN, },
  /* the end */
}
`;

const SCALARS = ["true", "null", "-1", "1e999", "''", "'x'", "[]", "{}", "[[[]]]", "'${GONE}'", "'${SEED_KEY}'", "'$${A}'", "Infinity", "0x"];
const PIECES = [
  ..."{}[],:'\"\\/$\n\r\t\0\uFEFF\u2028\ud800é",
  ...SCALARS,
  "__proto__",
  "constructor",
  "$include: 'agent.json5',",
  "$include: 'nemo.json',",
  "//",
  "/*",
  "*/",
  "${",
];

/** Cuts, copies, swaps or replaces pieces of the text. */
const damage = fc.record({
  at: fc.nat(),
  length: fc.integer({ min: 0, max: 40 }),
  piece: fc.constantFrom("", ...PIECES),
  from: fc.nat(),
  copied: fc.integer({ min: 0, max: 60 }),
});

function damaged(text: string, steps: readonly { at: number; length: number; piece: string; from: number; copied: number }[]): string {
  return steps.reduce((current, { at, length, piece, from, copied }) => {
    const cut = at % (current.length + 1);
    const source = from % (current.length + 1);
    return current.slice(0, cut) + piece + (piece === "" ? current.slice(source, source + copied) : "") + current.slice(cut + length);
  }, text);
}

/** Words of the seed that may be exchanged without breaking its syntax. */
const TOKENS = SEED.match(/"[^"\n]*"|'[^'\n]*'|[\w$]+(?=\s*:)|[-+.\w]+|[[\]{}]/g) ?? [];
const exchange = fc.record({ which: fc.nat(), by: fc.constantFrom(...new Set(TOKENS), ...SCALARS, "modle", "__proto__") });

function exchanged(text: string, steps: readonly { which: number; by: string }[]): string {
  return steps.reduce((current, { which, by }) => {
    const token = TOKENS[which % TOKENS.length] ?? "";
    const at = current.indexOf(token, (which * 7) % current.length);
    return at < 0 ? current : current.slice(0, at) + by + current.slice(at + token.length);
  }, text);
}

const counts = { accepted: 0, refused: 0 };
const slowest = { ms: 0, text: "" };

function survives(text: string, machine: FakeMachine = {}): void {
  const host = fakeHost({
    ...machine,
    env: { SEED_KEY: "sk-from-environment", ...machine.env },
    files: { [CONFIG]: text, "/home/me/.nemo/agent.json5": "{ id: 'third' }", ...machine.files },
  });
  const started = performance.now();
  try {
    const config = loadConfig(host, nemo);
    const { chosen } = chooseAgent(host, config, nemo, undefined);
    const problems = [...config.problems, ...customProviders(config).problems, ...readModelsJson(host, config, chosen.dir).problems];
    expect(JSON.stringify(problems)).not.toContain("sk-from-environment");
    counts.accepted++;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    expect(thrown.code).toMatch(/^CONFIG_/);
    expect(thrown.hint).not.toBe("");
    expect(JSON.stringify([thrown.message, thrown.facts])).not.toContain("sk-from-environment");
    if (thrown.code === "CONFIG_SYNTAX" || thrown.code === "CONFIG_INVALID")
      expect([thrown.facts.place?.line, thrown.facts.place?.column]).toEqual([expect.any(Number), expect.any(Number)]);
    for (const issue of thrown.facts.issues ?? []) expect([issue.place?.line, issue.place?.column]).toEqual([expect.any(Number), expect.any(Number)]);
    counts.refused++;
  }
  const ms = performance.now() - started;
  if (ms > slowest.ms) Object.assign(slowest, { ms, text: text.slice(0, 60) });
  expect([Object.keys(Object.prototype), ({} as Record<string, unknown>)["polluted"]]).toEqual([[], undefined]);
}

test("the seed itself is a good config", () => {
  const before = { ...counts };
  survives(SEED);
  expect(counts).toEqual({ ...before, accepted: before.accepted + 1 });
});

test("12,000 damaged and made-up configs give a config or one clear error with its place, and change no prototype", () => {
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (steps) => survives(damaged(SEED, steps))),
    { numRuns: 4_000 },
  );
  fc.assert(
    fc.property(fc.array(exchange, { minLength: 1, maxLength: 4 }), (steps) => survives(exchanged(SEED, steps))),
    { numRuns: 4_500 },
  );
  fc.assert(
    fc.property(fc.nat(SEED.length), (length) => survives(SEED.slice(0, length))),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => survives(text)),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES, ...TOKENS), { maxLength: 40 }), (pieces) => survives(pieces.join(" "))),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => survives(JSON.stringify(value))),
    { numRuns: 1_000 },
  );
  expect(counts.accepted + counts.refused).toBeGreaterThanOrEqual(12_000);
  expect(counts.accepted).toBeGreaterThan(300);
  expect(counts.refused).toBeGreaterThan(5_000);
  process.stdout.write(`fuzz: ${counts.accepted} accepted, ${counts.refused} refused, slowest ${slowest.ms.toFixed(1)} ms\n`);
}, 60_000);

test("2,000 made-up .env files, included files and models.json are survived too", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.array(fc.constantFrom("A=", "export ", "'", '"', "`", "\n", "#", " ", "x", "\\", ...PIECES), { maxLength: 30 }).map((parts) => parts.join("")),
  );
  const models = fc
    .array(fc.constantFrom(...'{}[],:"', '"providers"', '"a"', '"models"', '"id"', '"baseUrl"', '"http://a"', '"apiKey"', '"!rm"', "1", "null"), {
      maxLength: 25,
    })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(anything, anything, fc.oneof(models, anything), (env, included, generated) => {
      const file = "/home/me/.nemo/agents/main/agent/models.json";
      survives("{ agents: { list: [{ id: 'main' }], defaults: { $include: 'i.json' } } }", {
        files: { "/work/.env": env, "/home/me/.nemo/i.json": included, [file]: generated },
      });
      survives("{}", { files: { "/home/me/.nemo/.env": env, [file]: generated } });
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

test("a megabyte of faults is one error of bounded size", () => {
  const many = (make: (index: number) => string, count: number) => Array.from({ length: count }, (_, index) => make(index)).join(",");
  survives(`{ auth: { ${many((index) => `k${index}: 1`, 80_000)} } }`);
  survives(`{ ${many((index) => `agnts${index}: 1`, 60_000)} }`);
  survives(`{ ${many((index) => `x${index}: '\${GONE_${index}}'`, 30_000)} }`);
  survives(`{ agents: { list: [${many((index) => `{ id: 'a${index}' }`, 40_000)}] } }`);
  survives(`{ agents: { list: [${many(() => "{ id: 'a', default: true }", 35_000)}] } }`);
  survives(`{ models: { providers: { ${many((index) => `p${index}: {}`, 60_000)} } } }`);
  survives(`{ models: { providers: { ${many((index) => `p${index}: { apiKey: '\${G}' }`, 35_000)} } } }`);
  expect(counts.refused).toBeGreaterThan(2);
}, 60_000);
