import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { providerAt, startGateway, startProgram, startVendor, VENDOR_KEY } from "./gateway-sides.mjs";
import { FAULTS, failingVendor } from "./peer-faults.mjs";

export const nameOf = (fault, at) => `bad-${fault}-${at}`;

/** Each with its address, its process, and what a request to it says; `name`: of a vendor that fails first. */
export async function startSides({ home, children, peer, tries, silenceMs }) {
  const { vendor: good, bare } = await startVendor(children);
  const bad = await badVendors(tries);
  const gateway = await startGateway(children, home, configFor(good, bad, silenceMs));
  const port = await freePort();
  const env = { HOME: home, PATH: process.env["PATH"], NODE_ENV: "production", TRUSTED_CUSTOM_HOSTS: "127.0.0.1,localhost" };
  const other = await startProgram(children, [join(peer.folder, "node_modules", peer.name, peer.start), `--port=${port}`, "--headless"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const peerUrl = `http://127.0.0.1:${port}`;
  await answers(peerUrl);
  const target = (url) => ({ provider: "openai", api_key: VENDOR_KEY, custom_host: `${url}/v1`, request_timeout: silenceMs });
  return {
    bare: { ...bare, ask: () => ({ headers: {}, model: "m" }) },
    gateway: { ...gateway, ask: (name = "good") => ({ headers: { authorization: `Bearer ${gateway.key}` }, model: `${name}/m` }) },
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

async function badVendors(tries) {
  const bad = {};
  for (const fault of FAULTS)
    for (const side of ["gateway", "peer"]) bad[`${fault} ${side}`] = await Promise.all(Array.from({ length: tries }, () => failingVendor(fault)));
  return bad;
}

function nameToUrl(name, bad) {
  const [, fault, at] = name.split("-");
  return bad[`${fault} peer`][Number(at)];
}

function configFor(good, bad, silenceMs) {
  const others = FAULTS.flatMap((fault) => bad[`${fault} gateway`].map((url, at) => [nameOf(fault, at), providerAt(url)]));
  return {
    agents: { defaults: { model: { primary: "good/m" } } },
    models: { providers: { good: providerAt(good), ...Object.fromEntries(others) } },
    gateway: { limits: { concurrency: 1024, queue: 1024, connections: 4096 }, timeouts: { firstByteMs: silenceMs, firstTokenMs: silenceMs } },
  };
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
