import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

/**
 * `node bench/plan.mjs`: what it takes to plan one request over 50 models × 50 accounts, with nothing at rest and with every second account at
 * rest, against making 2,500 objects in the same run.
 */
const MODELS = 50;
const PROFILES = 50;
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "signalbox-plan-"));
try {
  const input = {
    plan: join(root, "src/routing/plan-failover.ts"),
    facts: join(root, "src/routing/plan-facts.ts"),
    limits: join(root, "src/routing/limits.ts"),
  };
  const bundle = await rolldown({ input, platform: "node", external: /^node:/ });
  await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
  await bundle.close();
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  const [{ failoverPlan }, { planFacts }, { STANDARD_LIMITS }] = await Promise.all(["plan", "facts", "limits"].map(load));
  const nowMs = Date.now();
  const secret = { isBlank: false, reveal: () => "sk-nothing" };
  const profiles = Array.from({ length: PROFILES }, (_, i) => ({
    id: `openai:${i}`,
    provider: "openai",
    origin: { kind: "store", file: "", inherited: false },
    credential: { kind: "api_key", key: { ...secret, reveal: () => `sk-${i}` } },
  }));
  const credentials = { profiles, cooldowns: [], storeOrder: new Map(), lastUsedMs: new Map(), standingOf: () => undefined };
  const configured = { profiles: new Map(), order: new Map() };
  const facts = planFacts({ credentials, configured, registry: { get: () => undefined }, limits: STANDARD_LIMITS(), sha256: () => "0".repeat(64) });
  const provider = { id: "openai", protocol: "openai-chat", baseUrl: "https://api.openai.com/v1", quirks: {} };
  const models = Array.from({ length: MODELS }, (_, i) => ({ ref: { provider: "openai", model: `m${i}` }, provider, spec: undefined, from: "fallback" }));
  const route = { asked: "default", models, strict: "no", agentId: "main", leftOut: [] };
  const rests = profiles
    .filter((_, i) => i % 2 === 0)
    .map(({ id }) => [`profile ${id}`, { key: `profile ${id}`, untilMs: nowMs + 60_000, failures: 1, reason: "billing", sinceMs: nowMs, lastRestMs: 60_000 }]);
  const rows = new Map(rests);
  const objects = medianUs(() => Array.from({ length: MODELS * PROFILES }, (_, i) => ({ model: i, profile: `p${i}`, isTrial: false })));
  const plans = {
    "nothing rests": medianUs(() => failoverPlan(route, facts, new Map(), nowMs)),
    "half of the accounts rest": medianUs(() => failoverPlan(route, facts, rows, nowMs)),
    "one model, one account": medianUs(() =>
      failoverPlan(
        { ...route, models: models.slice(0, 1) },
        { ...facts, rotationOf: () => ({ candidates: profiles.slice(0, 1), passedOver: [] }) },
        new Map(),
        nowMs,
      ),
    ),
  };
  for (const [name, us] of Object.entries(plans))
    console.log(
      `plan of ${name.startsWith("one") ? name : `${MODELS} × ${PROFILES}, ${name}`}: ${us.toFixed(0)} µs, ${(us / objects).toFixed(1)}× as many objects`,
    );
}

function medianUs(run) {
  for (let i = 0; i < 20; i++) run();
  const times = Array.from({ length: 101 }, () => {
    const from = performance.now();
    run();
    return (performance.now() - from) * 1000;
  });
  return times.toSorted((a, b) => a - b)[50];
}
