import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRouterModel, SCAN_KEY, startScanServer } from "../test/support/scan-server.mjs";
import { startVendor } from "../test/support/vendor-server.mjs";
import { add, freshHome, measureAll, rss, runModels } from "./goals.mjs";

/**
 * `node bench/scan.mjs`: what `models scan` takes against servers on loopback. Prints each figure with its goal; exits 1 when one is missed.
 * Nothing leaves this machine.
 */
await measureAll(manyModels, memory);

/** 300 models, 10 at a time, 50 ms for each answer; every sixth takes images. Ideal: each request costs its 50 ms, and nobody ever waits for anything else. */
async function manyModels() {
  const [count, atOnce, delayMs] = [300, 10, 50];
  const models = Array.from({ length: count }, (_, i) => openRouterModel(`lab/m${i}-${i + 1}b:free`, { input: i % 6 === 0 ? ["text", "image"] : ["text"] }));
  const server = await startScanServer({ delayMs, openRouterModels: models });
  const env = makeHome(`${server.url}/openrouter/api/v1`);
  const runs = [];
  for (let run = 0; run < 3; run++) {
    const one = await scan(env, ["--limit", "1"]);
    runs.push({ oneRequests: one.report.requests, startMs: one.ms - one.report.requests * delayMs, ran: await scan(env, ["--concurrency", String(atOnce)]) });
  }
  // The quickest says what the program takes; the others what else the machine had to do.
  const { ran } = runs.reduce((best, run) => (run.ran.ms < best.ran.ms ? run : best));
  const startMs = Math.min(...runs.map((run) => run.startMs));
  const { requests, results } = ran.report;
  const idealMs = (requests / atOnce) * delayMs;
  const ms = ran.ms - startMs;
  const isWhole = results.length === count && results.every(({ tool, json, stream }) => tool.ok && json.ok && stream.ok);
  add(
    `${count} models, ${requests} requests, ${atOnce} at a time, ${delayMs} ms, without start-up`,
    `${(ms / idealMs).toFixed(2)} x ideal (${(ms / 1000).toFixed(2)} of ${(idealMs / 1000).toFixed(2)} s)`,
    "<= 1.2 x, all tests passed",
    ms <= 1.2 * idealMs && isWhole,
  );
  const latencies = results.map(({ tool }) => tool.latencyMs).sort((a, b) => a - b);
  add("latency of the tool test, as measured", `median ${latencies[count / 2]} ms, most ${latencies[count - 1]} ms`, "", true);
  const sent = server.asked.filter(({ method }) => method === "POST");
  const counted = runs.reduce((sum, run) => sum + run.ran.report.requests + run.oneRequests, 0);
  add("requests that came, of those that were counted", `${sent.length} of ${counted}`, "no request more", sent.length === counted);
  const bareMs = await bare(`${server.url}/openrouter/api/v1/chat/completions`, requests / atOnce, atOnce);
  add("for comparison: fetch alone, as many requests, here and now", `${(bareMs / idealMs).toFixed(2)} x ideal`, "", true);
  await server.close();
}

/** What the machine and the server take by themselves. */
async function bare(url, each, atOnce) {
  const body = JSON.stringify({ model: "lab/m", messages: [{ role: "user", content: "Hi" }] });
  const began = performance.now();
  const worker = async () => {
    for (let i = 0; i < each; i++) await (await fetch(url, { method: "POST", headers: { authorization: `Bearer ${SCAN_KEY}` }, body })).text();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - began;
}

/** The same server as a source that floods: its list, and its answers. */
async function memory() {
  const vendor = await startVendor();
  const peak = async (behaviour) => {
    const env = makeHome(undefined, { lab: { baseUrl: `${vendor.url}/${behaviour}/v1`, api: "openai-completions", models: [{ id: "m", name: "M" }] } });
    const file = join(env.HOME, "rss");
    const { code, report } = await scan({ ...env, BENCH_RSS: file }, ["--source", "lab", "--timeout", "8000"], ["-r", rss]);
    return { megabytes: Number(readFileSync(file, "utf8")) / 1024, code, said: report.error?.code ?? "a report" };
  };
  const usual = await peak("auth");
  for (const behaviour of ["gzip_bomb", "endless_header", "endless_line", "endless_body"]) {
    const { megabytes, code, said } = await peak(behaviour);
    const more = megabytes - usual.megabytes;
    add(
      `${behaviour} for a list, 200 MB: memory over a refusal's`,
      `${more.toFixed(0)} MB, ${said}, exit ${code}`,
      "<= 40 MB, exit 69",
      more <= 40 && code === 69,
    );
  }
  await vendor.close();
  const quiet = await answering(undefined);
  for (const flood of ["gzip_bomb", "endless_line", "endless_body"]) {
    const { megabytes, report } = await answering(flood);
    const [row] = report.results;
    const more = megabytes - quiet.megabytes;
    const classes = [...new Set([row.tool.reason, row.json.reason, row.stream.reason])].join(", ");
    add(
      `${flood} for an answer, 200 MB: memory over a good one's`,
      `${more.toFixed(0)} MB, ${classes}`,
      "<= 40 MB, format",
      more <= 40 && classes === "format",
    );
  }
}

async function answering(flood) {
  const server = await startScanServer({ openRouterModels: [openRouterModel("lab/m-8b:free")], ...(flood !== undefined && { flood }) });
  const env = makeHome(`${server.url}/openrouter/api/v1`);
  const file = join(env.HOME, "rss");
  const { report } = await scan({ ...env, BENCH_RSS: file }, ["--timeout", "8000"], ["-r", rss]);
  await server.close();
  return { megabytes: Number(readFileSync(file, "utf8")) / 1024, report };
}

function makeHome(openRouterUrl, providers = { openrouter: { baseUrl: openRouterUrl, models: [] } }) {
  const env = freshHome();
  mkdirSync(join(env.HOME, ".neuroion"), { mode: 0o700 });
  writeFileSync(join(env.HOME, ".neuroion/neuroion.json"), JSON.stringify({ models: { providers } }), { mode: 0o600 });
  return { ...env, OPENROUTER_API_KEY: SCAN_KEY };
}

function scan(env, words, nodeFlags = []) {
  return runModels(env, ["scan", ...words], { nodeFlags, isRefused: (code) => code === 70 });
}
