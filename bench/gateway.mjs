import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exit, stdout } from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cpuMs, memoryMb, providerAt, QUESTION, startGateway, startVendor } from "./gateway-sides.mjs";

/**
 * What the gateway costs: requests a second, events a second, added latency, time to the first event and memory, beside a bare proxy (`node:http` to
 * `http.request`, nothing in between) in the same run. The two take turns, so that a busy machine is as busy for both. `--seconds 5` measures longer,
 * `--json` prints the figures alone, `--paused 100` adds clients that do not read.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "2" },
    json: { type: "boolean" },
    paused: { type: "string" },
    role: { type: "string" },
    target: { type: "string" },
  },
});
const EVENTS = 200;
const STREAMS = 256;
let expectedBytes;
const CONNECTIONS = 64;
const WARM_SECONDS = 4;
const WARM_STREAMS = 3;
const BODY = JSON.stringify({ model: "bench/m", ...QUESTION });
const STREAM_BODY = JSON.stringify({ model: "bench/m", stream: true, messages: [{ role: "user", content: "hi" }] });

if (values.role === "vendor") serveVendor();
else if (values.role === "proxy") serveProxy(new URL(values.target));
else await main();

/** Answers at once: a kilobyte, or a stream of events as fast as they are taken. `/endless` streams 300 MB. */
function serveVendor() {
  const chunk = (delta, finish = null) =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const events = [
    chunk({ role: "assistant", content: "" }),
    ...Array.from({ length: EVENTS - 3 }, (_, i) => chunk({ content: `word ${i} ` })),
    chunk({}, "stop"),
    "data: [DONE]\n\n",
  ];
  const whole = JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: "x".repeat(800) }, finish_reason: "stop" }],
    usage: { prompt_tokens: 9, completion_tokens: 200, total_tokens: 209 },
  });
  const big = chunk({ content: "y".repeat(60_000) });
  const server = http.createServer((request, answer) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    const reply = async () => {
      if (!body.includes('"stream":true'))
        return answer.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(whole) }).end(whole);
      answer.writeHead(200, { "content-type": "text/event-stream" });
      if (body.includes("endless")) {
        for (let i = 0; i < 5000 && !answer.destroyed; i++) if (!answer.write(big)) await room(answer);
        return answer.end();
      }
      const step = (i) => {
        if (i === events.length) return answer.end();
        if (answer.write(events[i])) setImmediate(step, i + 1);
        else answer.once("drain", () => step(i + 1));
      };
      step(0);
    };
    request.on("end", () => void reply());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => stdout.write(`http://127.0.0.1:${server.address().port}\n`));
}

function room(answer) {
  return new Promise((resolve) => {
    const done = () => {
      answer.off("drain", done).off("close", done);
      resolve();
    };
    answer.on("drain", done).on("close", done);
  });
}

/** The limit: what Node itself takes to carry bytes from one connection to another. */
function serveProxy(target) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const server = http.createServer((request, answer) => {
    const { host: _, ...headers } = request.headers;
    const upstream = http.request({ agent, host: target.hostname, port: target.port, path: request.url, method: request.method, headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    request.pipe(upstream);
  });
  server.listen(0, "127.0.0.1", () => stdout.write(`http://127.0.0.1:${server.address().port}\n`));
}

async function main() {
  const children = [];
  const home = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  try {
    const { vendor, bare } = await startVendor(children);
    const gateway = await startGateway(children, home, configFor(vendor));
    report(await measure({ bare: { ...bare, key: gateway.key }, gateway }));
  } finally {
    for (const child of children) child.kill("SIGKILL");
    rmSync(home, { recursive: true, force: true });
  }
  exit();
}

function configFor(vendor) {
  return {
    agents: { defaults: { model: { primary: "bench/m" } } },
    models: { providers: { bench: providerAt(vendor) } },
    gateway: { limits: { concurrency: 1024, queue: 1024, connections: 4096, streamBytes: 1_000_000_000 } },
  };
}

async function measure({ bare, gateway }) {
  const seconds = Number(values.seconds);
  const idleMb = memoryMb(gateway.pid);
  // A service runs for days: what V8 spends on compiling in its first seconds is none of its price for a request.
  for (const side of [bare, gateway]) await requestsPerSecond(side, WARM_SECONDS);
  const cpuBefore = { bare: cpuMs(bare.pid), gateway: cpuMs(gateway.pid) };
  const rps = await inTurns(3, (side) => requestsPerSecond(side, seconds), { bare, gateway });
  const sum = (all) => all.reduce((total, one) => total + one, 0);
  const cpuUs = (name, pid) => ((cpuMs(pid) - cpuBefore[name]) * 1000) / (sum(rps[name]) * seconds);
  const cpu = { bare: cpuUs("bare", bare.pid), gateway: cpuUs("gateway", gateway.pid) };
  const latency = await inTurns(2, (side) => latencyAt(side, 50, seconds), { bare, gateway });
  const first = await inTurns(2, (side) => firstEvent(side, 60), { bare, gateway });
  for (const side of [bare, gateway]) for (let i = 0; i < WARM_STREAMS; i++) await eventsPerSecond(side);
  const streams = await inTurns(5, (side) => eventsPerSecond(side), { bare, gateway });
  const streamsMb = memoryMb(gateway.pid);
  const middle = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
  const figures = {
    requests_per_second: { bare: middle(rps.bare), gateway: middle(rps.gateway), ratio: middle(rps.gateway) / middle(rps.bare), goal: 0.7 },
    // Processor time says more than the clock where others work on the same machine.
    processor_us_per_request: { ...cpu, ratio: cpu.bare / cpu.gateway },
    added_latency_ms_p50: { added: least(latency, (row) => row.p50), goal: 0.5 },
    added_latency_ms_p99: { added: least(latency, (row) => row.p99), goal: 3 },
    events_per_second: { bare: middle(streams.bare), gateway: middle(streams.gateway), ratio: middle(streams.gateway) / middle(streams.bare), goal: 0.7 },
    added_first_event_ms_p50: { added: least(first, (value) => value), goal: 0.5 },
    memory_mb: { idle: idleMb, streams: streamsMb, goals: [90, 200] },
  };
  if (values.paused !== undefined) figures.paused_clients_mb = await pausedMb(gateway, Number(values.paused), streamsMb);
  return figures;
}

async function inTurns(rounds, act, sides) {
  const found = { bare: [], gateway: [] };
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 === 0 ? ["bare", "gateway"] : ["gateway", "bare"]) found[name].push(await act(sides[name]));
  return found;
}

function least({ bare, gateway }, of) {
  return Math.min(...gateway.map(of)) - Math.min(...bare.map(of));
}

/** One request; the text of the answer, and when its first content came. */
function ask({ url, key }, agent, body) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const { hostname, port } = new URL(url);
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request({ agent, hostname, port, path: "/v1/chat/completions", method: "POST", headers }, (answer) => {
      let text = "";
      let firstMs;
      answer.setEncoding("utf8");
      answer.on("data", (piece) => {
        if (text.length < 2000) text += piece;
        else text = { length: text.length + piece.length, kept: text.kept ?? text };
        if (firstMs === undefined && typeof text === "string" && text.includes("word 0")) firstMs = performance.now() - started;
      });
      answer.on("end", () => resolve({ status: answer.statusCode, tookMs: performance.now() - started, firstMs, bytes: text.length }));
      answer.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function requestsPerSecond(side, seconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const until = performance.now() + seconds * 1000;
  let count = 0;
  const one = async () => {
    while (performance.now() < until) {
      const { status } = await ask(side, agent, BODY);
      if (status !== 200) throw new Error(`status ${status}`);
      count++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  agent.destroy();
  return count / seconds;
}

async function latencyAt(side, rate, seconds) {
  const agent = new http.Agent({ keepAlive: true });
  const took = [];
  const all = [];
  for (let i = 0; i < rate * seconds; i++) {
    all.push(ask(side, agent, BODY).then(({ tookMs }) => took.push(tookMs)));
    await wait(1000 / rate);
  }
  await Promise.all(all);
  agent.destroy();
  took.sort((a, b) => a - b);
  return { p50: took[Math.floor(took.length / 2)], p99: took[Math.floor(took.length * 0.99)] };
}

async function firstEvent(side, count) {
  const agent = new http.Agent({ keepAlive: true });
  const took = [];
  for (let i = 0; i < count; i++) took.push((await ask(side, agent, STREAM_BODY)).firstMs);
  agent.destroy();
  return took.sort((a, b) => a - b)[Math.floor(took.length / 2)];
}

async function eventsPerSecond(side) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: STREAMS });
  const started = performance.now();
  const answers = await Promise.all(Array.from({ length: STREAMS }, () => ask(side, agent, STREAM_BODY)));
  const tookMs = performance.now() - started;
  agent.destroy();
  expectedBytes ??= answers[0].bytes;
  const wrong = answers.filter(({ status, bytes }) => status !== 200 || bytes !== expectedBytes);
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${STREAMS} streams are not what the vendor sent`);
  return (STREAMS * EVENTS * 1000) / tookMs;
}

async function pausedMb({ url, key, pid }, count, before) {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ model: "bench/m", stream: true, messages: [{ role: "user", content: "endless" }] });
  const requests = Array.from({ length: count }, () => {
    const request = http.request(
      {
        agent: false,
        hostname,
        port,
        path: "/v1/chat/completions",
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      },
      (answer) => answer.pause(),
    );
    request.on("error", () => undefined);
    request.end(body);
    return request;
  });
  await wait(8000);
  const during = memoryMb(pid);
  for (const request of requests) request.destroy();
  return { clients: count, more: during - before, goal: 200 };
}

function report(figures) {
  if (values.json) return void stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
  for (const [name, figure] of Object.entries(figures)) {
    const parts = Object.entries(figure).map(([key, value]) => `${key} ${typeof value === "number" && !Number.isInteger(value) ? value.toFixed(2) : value}`);
    stdout.write(`${name.padEnd(26)} ${parts.join("   ")}\n`);
  }
}
