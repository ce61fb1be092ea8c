import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cpuMs, memoryMb, QUESTION } from "./gateway-sides.mjs";
import { FAULTS } from "./peer-faults.mjs";
import { installedPeer } from "./peer-install.mjs";
import { peerLines } from "./peer-report.mjs";
import { nameOf, startSides } from "./peer-sides.mjs";

/**
 * `npm run bench:peers`: another gateway that is a Node program, ours, and a bare proxy over the same vendor on loopback, in turns: requests a second, memory, and
 * how long a client waits when the first vendor fails and the second does not. The peer is installed from npm below the machine's temporary folder when it is
 * first needed; it is no dependency. `--seconds 3 --rounds 3 --json`. Exits 69 when it cannot be installed, and measures nothing then.
 */
const PEER = { name: "@portkey-ai/gateway", version: "1.15.2", start: "build/start-server.js" };
const { values } = parseArgs({
  options: { seconds: { type: "string", default: "3" }, rounds: { type: "string", default: "3" }, json: { type: "boolean" } },
});
const CONNECTIONS = 64;
const GOALS = { overBare: 0.7, overPeer: 8 };
/** A vendor that failed is not asked again at once: each try has one of its own. */
const TRIES = 3;
const PATIENCE_MS = 20_000;
/** So long both may wait for a vendor that says nothing. */
const SILENCE_MS = 2000;

const installed = installedPeer(PEER);
const children = [];
const home = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
try {
  const sides = await startSides({ home, children, peer: { ...PEER, folder: installed }, tries: TRIES, silenceMs: SILENCE_MS });
  const figures = await measure(sides);
  process.stdout.write(`${values.json ? JSON.stringify(figures, undefined, 2) : peerLines(figures, PEER, GOALS)}\n`);
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
}
process.exit();

async function measure(sides) {
  const idle = each(sides, ({ pid }) => memoryMb(pid));
  const found = { bare: [], gateway: [], peer: [] };
  for (const side of Object.values(sides)) await requestsPerSecond(side, 1);
  const before = each(sides, ({ pid }) => cpuMs(pid));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const name of round % 2 === 0 ? ["bare", "gateway", "peer"] : ["peer", "gateway", "bare"])
      found[name].push(await requestsPerSecond(sides[name], Number(values.seconds)));
  const rate = each(found, (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]);
  const requests = each(found, (all) => all.reduce((sum, one) => sum + one, 0) * Number(values.seconds));
  const cpuUs = each(sides, ({ pid }, name) => ((cpuMs(pid) - before[name]) * 1000) / requests[name]);
  const loaded = each(sides, ({ pid }) => memoryMb(pid));
  const fallback = {};
  for (const fault of FAULTS) fallback[fault] = { gateway: await fallbackMs(sides.gateway, fault), peer: await fallbackMs(sides.peer, fault) };
  return {
    rate,
    ratio: { gatewayOverBare: rate.gateway / rate.bare, peerOverBare: rate.peer / rate.bare, gatewayOverPeer: rate.gateway / rate.peer },
    processorUs: cpuUs,
    memoryMb: { idle, loaded },
    fallback,
  };
}

async function requestsPerSecond(side, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const asked = side.ask();
  const until = performance.now() + seconds * 1000;
  let count = 0;
  const one = async () => {
    while (performance.now() < until) {
      const { status, text } = await ask(side.url, asked, agent);
      if (status !== 200) throw new Error(`${side.url} answers ${status}: ${text.slice(0, 300)}`);
      count++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  agent.destroy();
  return count / seconds;
}

/** The quickest of some, each over a first vendor that was not asked before; or what came in place of an answer. */
async function fallbackMs(side, fault) {
  const took = [];
  for (let at = 0; at < TRIES; at++) {
    const agent = new Agent();
    const started = performance.now();
    const said = await Promise.race([
      ask(side.url, side.ask(nameOf(fault, at)), agent).catch((error) => ({ status: String(error.code) })),
      wait(PATIENCE_MS, { status: "nothing" }),
    ]);
    agent.destroy();
    if (said.status === "nothing") return `nothing within ${PATIENCE_MS / 1000} s`;
    if (said.status !== 200) return `fails: ${said.status}`;
    took.push(performance.now() - started);
  }
  return Math.min(...took);
}

function ask(url, { headers, model }, agent) {
  const body = JSON.stringify({ model, ...QUESTION });
  const own = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/v1/chat/completions`, { agent, method: "POST", headers: own }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece) => (text += piece));
      answer.on("end", () => resolve({ status: answer.statusCode, text })).on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

function each(values, of) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value, name)]));
}
