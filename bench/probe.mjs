import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BEHAVIOURS, startVendor } from "../test/support/vendor-server.mjs";
import { add, freshHome, measureAll, rss, runModels } from "./goals.mjs";

/**
 * `node bench/probe.mjs`: what `models probe` takes against vendors on loopback that answer, fail and misbehave. Prints each figure with its goal;
 * exits 1 when one is missed. Nothing leaves this machine.
 */
const noNames = join(import.meta.dirname, "no-names.cjs");
/** Those of the behaviours that are an answer. */
const GOOD = new Set(["ok", "gzip", "sse", "sse_crlf", "sse_split", "http_1_0", "early_hints", "double_headers", "garbage_after"]);

await measureAll(manyProfiles, nineFailures, chaos, memory);

/** 200 keys of one provider, 20 at a time, 100 ms each: ideally 1 s. */
async function manyProfiles() {
  const vendor = await startVendor({ delayMs: 100 });
  const profiles = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`lab:${i}`, { type: "api_key", provider: "lab", key: `lab-key-${i}-0123456789` }]),
  );
  const env = makeHome({ lab: provider(`${vendor.url}/ok/v1`) }, profiles);
  const runs = [];
  for (let run = 0; run < 5; run++) {
    // Start-up is what asking one of them takes, without the 100 ms of its answer.
    const one = await probe(env, ["lab:0"]);
    runs.push({ start: { ms: one.ms - 100 }, ran: await probe(env, ["lab", "--concurrency", "20"]) });
  }
  // The quickest says what the program takes; the others what else the machine had to do. Each for itself: a slow start must not flatter.
  const quickest = (key) => runs.map((run) => run[key]).reduce((best, run) => (run.ms < best.ms ? run : best));
  const [ran, start] = [quickest("ran"), quickest("start")];
  const ms = ran.ms - start.ms;
  const isWhole = ran.report.results.every(({ status }) => status === "ok") && ran.report.totalTargets === 200;
  add(
    "200 accounts, 20 at a time, 100 ms each, without start-up",
    `${ms.toFixed(0)} ms (of ${ran.ms.toFixed(0)})`,
    "<= 1150 ms, all ok",
    ms <= 1150 && isWhole,
  );
  const bare = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const began = performance.now();
      for (let i = 0; i < 10; i++) await (await fetch(`${vendor.url}/ok/v1/models`)).text();
      return performance.now() - began;
    }),
  );
  add("for comparison: fetch alone, the same requests, here and now", `${Math.max(...bare).toFixed(0)} ms`, "", true);
  const latencies = ran.report.results.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  add("their latency, as measured", `median ${latencies[100]} ms, most ${latencies[199]} ms`, "", true);
  const bytes = Math.max(...vendor.asked.map(({ bodyBytes }) => bodyBytes));
  add("request body", `${bytes} bytes`, "<= 600 bytes", bytes <= 600);
  const asked = vendor.asked.filter(({ method }) => method === "POST").length;
  add("requests per target", String(asked / 1005), "1", asked === 1005);
  await vendor.close();
}

async function nineFailures() {
  const vendor = await startVendor();
  const at = (behaviour) => provider(`${vendor.url}/${behaviour}/v1`);
  const expected = {
    refused: "refused",
    dns: "dns",
    tls: "tls",
    html: "html",
    gone: "address",
    broken: "server",
    hang: "timeout",
    reset: "reset",
    auth: "auth",
  };
  const providers = {
    refused: provider(`${vendor.goneUrl}/v1`),
    dns: { ...provider("https://vendor.example/v1"), apiKey: "lab-key-0123456789" },
    tls: provider(`${vendor.tlsUrl}/ok/v1`),
    html: at("html"),
    gone: at("not_found"),
    broken: at("server_error"),
    hang: at("hang"),
    reset: at("reset"),
    auth: at("auth"),
  };
  const { report, ms, code } = await probe(makeHome(providers), ["--timeout", "3000", "--concurrency", "9"], ["-r", noNames]);
  const found = Object.fromEntries(report.results.map(({ provider: name, status, detail }) => [name, status === "unknown" ? detail : status]));
  const wrong = Object.entries(expected).filter(([name, word]) => found[name] !== word);
  add("nine targets that fail in nine ways, limit 3 s", `${(ms / 1000).toFixed(2)} s`, "<= 3.6 s", ms <= 3600);
  add(
    "their classes",
    wrong.length === 0 ? "all right" : JSON.stringify(wrong.map(([name]) => [name, found[name]])),
    "all right, exit 1",
    wrong.length === 0 && code === 1,
  );
  await vendor.close();
}

/** Every behaviour, in both of the formats that most vendors speak. */
async function chaos() {
  const vendor = await startVendor();
  const names = Object.keys(BEHAVIOURS);
  const openai = names.map((name) => [`o-${name.replaceAll("_", "-")}`, name, provider(`${vendor.url}/${name}/v1`)]);
  const anthropic = names
    .filter((name) => !name.startsWith("sse"))
    .map((name) => [`a-${name.replaceAll("_", "-")}`, name, provider(`${vendor.url}/${name}`, "anthropic-messages")]);
  const all = [...openai, ...anthropic];
  const env = makeHome(Object.fromEntries(all.map(([id, , entry]) => [id, entry])));
  const { report } = await probe(env, ["--timeout", "2000", "--concurrency", "10"]);
  const byId = new Map(report.results.map((row) => [row.provider, row]));
  const slow = report.results.filter(({ latencyMs }) => latencyMs > 3000);
  const falseOk = all.filter(([id, name]) => byId.get(id)?.status === "ok" && !GOOD.has(name));
  const falseBad = all.filter(([id, name]) => byId.get(id)?.status !== "ok" && GOOD.has(name));
  const longest = Math.max(...report.results.map(({ latencyMs = 0 }) => latencyMs));
  add(
    `${names.length} behaviours in two formats: longest, limit 2 s`,
    `${longest} ms, ${slow.length} hang`,
    "0 beyond the limit + 1 s",
    slow.length === 0 && byId.size === all.length,
  );
  add(
    "a wrong ok, a good answer not seen",
    falseOk.length + falseBad.length === 0 ? "0, 0" : JSON.stringify([falseOk, falseBad]),
    "0, 0",
    falseOk.length + falseBad.length === 0,
  );
  await vendor.close();
}

async function memory() {
  const vendor = await startVendor();
  const peak = async (behaviour) => {
    const env = makeHome({ lab: provider(`${vendor.url}/${behaviour}/v1`) });
    const file = join(env.HOME, "rss");
    const { report } = await probe({ ...env, BENCH_RSS: file }, ["lab", "--timeout", "8000"], ["-r", rss]);
    return { megabytes: Number(readFileSync(file, "utf8")) / 1024, row: report.results[0] };
  };
  const usual = await peak("ok");
  for (const behaviour of ["gzip_bomb", "endless_header", "endless_line", "endless_body"]) {
    const { megabytes, row } = await peak(behaviour);
    const more = megabytes - usual.megabytes;
    add(
      `${behaviour}, 200 MB: memory over that of a good answer`,
      `${more.toFixed(0)} MB, ${row.status}, ${row.latencyMs} ms`,
      "<= 40 MB, format",
      more <= 40 && row.status === "format",
    );
  }
  await vendor.close();
}

function provider(baseUrl, api = "openai-completions") {
  return { baseUrl, api, models: [{ id: "m", name: "M" }] };
}

function makeHome(providers, profiles) {
  const env = freshHome();
  const agent = join(env.HOME, ".neuroion/agents/main/agent");
  mkdirSync(agent, { recursive: true, mode: 0o700 });
  const [first] = Object.keys(providers);
  const config = { agents: { defaults: { model: { primary: `${first}/m` } } }, models: { providers } };
  writeFileSync(join(env.HOME, ".neuroion/neuroion.json"), JSON.stringify(config), { mode: 0o600 });
  if (profiles !== undefined) writeFileSync(join(agent, "auth-profiles.json"), JSON.stringify({ version: 1, profiles }), { mode: 0o600 });
  return env;
}

function probe(env, words, nodeFlags = []) {
  return runModels(env, ["probe", ...words], { nodeFlags, isRefused: (code) => code > 1 });
}
