import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { root } from "../scripts/run-program.mjs";
import { startClient } from "./gateway-client.mjs";
import { isTakenOver, mayBreakOff, startSoakVendor } from "./gateway-vendor.mjs";
import { finish } from "./result.mjs";
import { rigFolder } from "./scenes.mjs";
import { slope } from "./slope.mjs";

/**
 * `npm run soak:gateway`: the real program under load for an hour: 50 requests a second of three formats, of which 10 % go away in the middle, over vendors
 * that fail 5 % of the time. Memory after a collection of garbage, descriptors, and errors of our own: what a client got that no vendor's fault explains, faults
 * in the log, and whatever else is on stderr. `--minutes 10 --rate 50 --aborts 0.1 --chaos 0.05 --node <path> --json`.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    rate: { type: "string", default: "50" },
    aborts: { type: "string", default: "0.1" },
    chaos: { type: "string", default: "0.05" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});
const minutes = Number(values.minutes);
const SAMPLE_MS = 5000;
/** Pools and caches fill up first. */
const warmUpMinutes = minutes >= 10 ? 5 : minutes / 2;
const FLAKY = Array.from({ length: 8 }, (_, at) => `flaky${at}`);
const GOALS = { slope: 1, descriptors: 10 };

const load = { sent: () => 0 };
const vendor = await startSoakVendor(Number(values.chaos), () => load.sent());
const home = rigFolder();
const own = { HOME: home, PATH: process.env["PATH"] };
const bin = join(root, "bin/nemo.cjs");
mkdirSync(join(home, ".nemo"), { mode: 0o700 });
writeFileSync(join(home, ".nemo/nemo.json"), JSON.stringify(config(vendor.url)), { mode: 0o600 });
const { key } = JSON.parse(execFileSync(values.node, [bin, "gateway", "keys", "create", "soak", "--json"], { env: own, encoding: "utf8" }));
const faultsOfOurs = [];
const gateway = await serve();
const idle = descriptors();

const counts = { answered: 0, rescued: 0, "broken off": 0, left: 0, "errors of ours": 0 };
const client = startClient({
  url: gateway.url,
  key,
  rate: Number(values.rate),
  aborts: Number(values.aborts),
  models: ["default", ...FLAKY.flatMap((one) => [`${one}-chat/m`, `${one}-ant/m`]), "auth-chat/m", "billing-chat/m"],
  over: judge,
});
load.sent = () => client.sent;
const samples = [];
const started = performance.now();
while (performance.now() - started < minutes * 60_000 && gateway.child.exitCode === null) {
  await wait(SAMPLE_MS);
  samples.push(await sample());
}
client.stop();
for (let turn = 0; turn < 100 && client.underWay > 0; turn++) await wait(100);
client.close();
await wait(7000);
const after = descriptors();
const isAlive = gateway.child.exitCode === null;
gateway.child.kill("SIGTERM");
await once(gateway.child, "exit");
vendor.close();
report();

function config(url) {
  const cost = { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 };
  const models = [{ id: "m", name: "m", contextWindow: 100_000, maxTokens: 1000, input: ["text"], reasoning: false, cost }];
  const provider = (kind, api) => ({
    baseUrl: `${url}/${kind}${api === "anthropic-messages" ? "" : "/v1"}`,
    api,
    apiKey: `sk-soak-${kind}-${api}-0123456789`,
    models,
  });
  const providers = {
    ...Object.fromEntries(
      FLAKY.flatMap((one) => [
        [`${one}-chat`, provider(one, "openai-completions")],
        [`${one}-ant`, provider(one, "anthropic-messages")],
      ]),
    ),
    "steady-resp": provider("steady", "openai-responses"),
    "auth-chat": provider("auth", "openai-completions"),
    "billing-chat": provider("billing", "openai-completions"),
  };
  return {
    agents: { defaults: { model: { primary: "flaky1-chat/m", fallbacks: ["flaky2-ant/m", "steady-resp/m"] } } },
    models: { providers },
    auth: { cooldowns: { rateLimitSeconds: 1, overloadSeconds: 1, networkSeconds: 1 } },
    gateway: {
      limits: { concurrency: 256, queue: 1024, connections: 2048 },
      timeouts: { connectMs: 1000, firstByteMs: 2000, firstTokenMs: 2500, idleMs: 2000 },
    },
  };
}

async function serve() {
  const flags = ["--expose-gc", "--require", join(root, "soak/gc-on-signal.cjs")];
  const child = spawn(values.node, [...flags, bin, "gateway", "serve", "--port", "0", "--json", "--log", "json"], {
    env: own,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  createInterface({ input: child.stderr }).on("line", hear);
  const memory = createInterface({ input: child.stdio[3] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, memory, url: JSON.parse(line).url };
}

/** The log has a line of JSON a request; what else is there, or is called a fault, is ours. */
function hear(line) {
  const said = line.startsWith("{") ? JSON.parse(line) : undefined;
  if (said?.kind === "request" || said?.kind === "notice") return;
  if (said === undefined && /gateway serves|key|Ctrl-C|^\s*$/i.test(line)) return;
  ours(`on stderr: ${line.slice(0, 300)}`);
}

function judge({ number, path, streams, kind, status, attempts, isWhole, text = "" }) {
  const faults = vendor.met.get(number);
  vendor.met.delete(number);
  if (kind === "left") return void counts.left++;
  if (kind === "answered" && status === 200 && isWhole) {
    counts.answered++;
    if (isTakenOver(faults) || attempts > 1) counts.rescued++;
    return;
  }
  if (mayBreakOff(faults)) return void counts["broken off"]++;
  ours(`${path} ${streams ? "streamed" : "whole"} met [${faults ?? ""}]: ${status ?? kind} ${text.slice(-200)}`);
}

function ours(what) {
  counts["errors of ours"]++;
  if (faultsOfOurs.length < 20) faultsOfOurs.push(what);
}

async function sample() {
  const minute = (performance.now() - started) / 60_000;
  gateway.child.kill("SIGUSR2");
  const [line] = await once(gateway.memory, "line");
  const { heapUsed, external } = JSON.parse(line);
  const one = { minute, rssMb: rssMb(), heapMb: heapUsed / 2 ** 20, externalMb: external / 2 ** 20, descriptors: descriptors(), underWay: client.underWay };
  if (!values.json && samples.length % 12 === 11)
    process.stderr.write(
      `${minute.toFixed(0)} min: ${one.rssMb.toFixed(1)} MB, heap ${one.heapMb.toFixed(1)} MB, ${one.descriptors} descriptors, ${client.sent} requests, ${counts.rescued} rescued, ${counts["errors of ours"]} errors\n`,
    );
  return one;
}

function rssMb() {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.child.pid}/status`, "utf8"))[1]) / 1024;
}

function descriptors() {
  return readdirSync(`/proc/${gateway.child.pid}/fd`).length;
}

function report() {
  const settled = samples.filter(({ minute }) => minute >= warmUpMinutes);
  const middle = (rows) => rows.map((row) => row.descriptors).toSorted((a, b) => a - b)[Math.floor(rows.length / 2)];
  const third = Math.ceil(settled.length / 3);
  const descriptorsMore = middle(settled.slice(-third)) - middle(settled.slice(0, third));
  const rss = slope(settled, (row) => row.rssMb);
  const fired = [...vendor.fired.values()].reduce((sum, one) => sum + one, 0);
  const isJudged = minutes >= 10;
  const isGood =
    isAlive &&
    counts["errors of ours"] === 0 &&
    (!isJudged || (rss < GOALS.slope && Math.abs(descriptorsMore) <= GOALS.descriptors && after <= idle + GOALS.descriptors));
  for (const what of faultsOfOurs) console.error(what);
  if (!values.json) console.error([...vendor.fired].map(([fault, count]) => `${fault} ${count}`).join(", "));
  const result = {
    requests: client.sent,
    ...counts,
    "sent again": client.sentAgain,
    "faults of vendors": fired,
    "MB/min of memory": round(rss),
    "MB/min of heap": round(slope(settled, (row) => row.heapMb)),
    "MB at the end": round(samples.at(-1)?.rssMb ?? 0),
    "more descriptors": descriptorsMore,
    "descriptors idle, under load, afterwards": [idle, middle(settled), after],
  };
  const note = isJudged
    ? `slopes from minute ${warmUpMinutes} on`
    : `slopes from minute ${warmUpMinutes} on; only a run of 10 minutes or more is judged by them`;
  finish(`gateway, ${values.minutes} min`, result, { ...values, isGood, note });
}

function round(number) {
  return Math.round(number * 100) / 100;
}
