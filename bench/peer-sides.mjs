import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { root } from "../scripts/run-program.mjs";
import { FAULTS, failingVendor } from "./peer-faults.mjs";

export const nameOf = (fault, at) => `bad-${fault}-${at}`;

/** The good vendor and the bare proxy are those of `bench/gateway.mjs`. */
async function startVendors({ children, tries }) {
  const own = join(root, "bench/gateway.mjs");
  const good = (await start(children, [own, "--role", "vendor"])).line;
  const proxy = await start(children, [own, "--role", "proxy", "--target", good]);
  const bad = {};
  for (const fault of FAULTS)
    for (const side of ["gateway", "peer"]) bad[`${fault} ${side}`] = await Promise.all(Array.from({ length: tries }, () => failingVendor(fault)));
  return { good, proxy, bad };
}

/** Each with its address, its process, and what a request to it says; `name`: of a vendor that fails first. */
export async function startSides({ home, children, peer, tries, silenceMs }) {
  const { good, proxy, bad } = await startVendors({ children, tries });
  const own = { HOME: home, PATH: process.env["PATH"] };
  mkdirSync(join(home, ".nemo"), { mode: 0o700 });
  writeFileSync(join(home, ".nemo/nemo.json"), JSON.stringify(configFor(good, bad, silenceMs)), { mode: 0o600 });
  const bin = join(root, "bin/nemo.cjs");
  const { key } = JSON.parse(execFileSync(process.execPath, [bin, "gateway", "keys", "create", "bench", "--json"], { env: own, encoding: "utf8" }));
  const gateway = await start(children, [bin, "gateway", "serve", "--port", "0", "--json", "--log", "none"], { env: own });
  const port = await freePort();
  const env = { ...own, NODE_ENV: "production", TRUSTED_CUSTOM_HOSTS: "127.0.0.1,localhost" };
  const other = await start(children, [join(peer.folder, "node_modules", peer.name, peer.start), `--port=${port}`, "--headless"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const peerUrl = `http://127.0.0.1:${port}`;
  await answers(peerUrl);
  const target = (url) => ({ provider: "openai", api_key: "sk-bench-0123456789abcdef", custom_host: `${url}/v1`, request_timeout: silenceMs });
  return {
    bare: { url: proxy.line, pid: proxy.child.pid, ask: () => ({ headers: {}, model: "m" }) },
    gateway: {
      url: JSON.parse(gateway.line).url,
      pid: gateway.child.pid,
      ask: (name = "good") => ({ headers: { authorization: `Bearer ${key}` }, model: `${name}/m` }),
    },
    peer: {
      url: peerUrl,
      pid: other.child.pid,
      ask: (name) => {
        const config = name === undefined ? target(good) : { strategy: { mode: "fallback" }, targets: [target(nameToUrl(name, bad)), target(good)] };
        return { headers: { "x-portkey-config": JSON.stringify(config) }, model: "m" };
      },
    },
  };
}

function nameToUrl(name, bad) {
  const [, fault, at] = name.split("-");
  return bad[`${fault} peer`][Number(at)];
}

function configFor(good, bad, silenceMs) {
  const model = {
    id: "m",
    name: "m",
    contextWindow: 100_000,
    maxTokens: 1000,
    input: ["text"],
    reasoning: false,
    cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
  };
  const provider = (url) => ({ baseUrl: `${url}/v1`, api: "openai-completions", apiKey: "sk-bench-0123456789abcdef", models: [model] });
  const others = FAULTS.flatMap((fault) => bad[`${fault} gateway`].map((url, at) => [nameOf(fault, at), provider(url)]));
  return {
    agents: { defaults: { model: { primary: "good/m" } } },
    models: { providers: { good: provider(good), ...Object.fromEntries(others) } },
    gateway: { limits: { concurrency: 1024, queue: 1024, connections: 4096 }, timeouts: { firstByteMs: silenceMs, firstTokenMs: silenceMs } },
  };
}

async function start(children, args, more = {}) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], ...more });
  children.push(child);
  const [line] = await once(child.stdout, "data");
  child.stdout.resume();
  return { child, line: line.toString().split("\n")[0] };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answers(url) {
  for (let turn = 0; turn < 100; turn++) {
    const isThere = await new Promise((said) =>
      httpRequest(url, (answer) => said(answer.resume() !== undefined))
        .on("error", () => said(false))
        .end(),
    );
    if (isThere) return;
    await wait(100);
  }
  throw new Error(`nobody answers at ${url}`);
}
