import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { root } from "../stage.ts";
import { MODEL, type Rig, startRig, until } from "./rig.ts";

/** Rows of the hardening checklist that need a gateway of their own, and figures of its process. */

let rig: Rig;
const servers: Server[] = [];
afterEach(async () => {
  await rig.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

const CHAT = "/v1/chat/completions";
const STRICT = { "x-signalbox-strict": "1" };
const body = (model: string) => ({ model, messages: [{ role: "user", content: "hi" }] });
const MIB = 2 ** 20;
const isLinux = process.platform === "linux";
if (!isLinux) process.stderr.write("NOT RUN: what the gateway's memory comes to; this system has no /proc\n");

const providerAt = (baseUrl: string) => ({ baseUrl, api: "openai-completions", apiKey: "sk-canary-bounds-0123456789abcdef", models: [MODEL] });

/** The most memory that the process ever had. */
function peakBytes(pid: number | undefined): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

describe("12: an address at which no models are served", () => {
  const PLACES = {
    cloud: "http://169.254.169.254/v1",
    number: "http://2852039166/v1",
    mapped: "http://[::ffff:169.254.169.254]/v1",
    link: "http://[fe80::1]/v1",
    named: "https://metadata.google.internal/v1",
    other: "https://100.100.100.200/v1",
  };

  test("is not connected to, and who can answer is asked at once; plain http to another machine gets no key", async () => {
    rig = await startRig({ behaviours: [] });
    const good = providerAt(`${rig.vendors.get("good")?.url}/good/v1`);
    const providers = {
      good,
      plain: providerAt("http://llm.example.com/v1"),
      ...Object.fromEntries(Object.entries(PLACES).map(([id, at]) => [id, providerAt(at)])),
    };
    rig.writeConfig({ models: { providers }, agents: { defaults: { model: { primary: "good/m" } } } });
    await wait(600);
    await Promise.all(
      Object.keys(PLACES).map(async (id) => {
        const strict = await rig.ask(CHAT, body(`${id}/m`), STRICT);
        const { error } = JSON.parse(strict.text) as { error: { attempts: { reason: string; detail: string }[] } };
        const reasons = new Set(error.attempts.map(({ reason, detail }) => `${reason} ${detail}`));
        expect([id, strict.status >= 500, [...reasons], strict.tookMs < 10_000]).toEqual([id, true, ["network unreachable"], true]);
        const answer = await rig.ask(CHAT, body(`${id}/m`));
        expect([id, answer.status, answer.headers["x-signalbox-served-by"], answer.tookMs < 10_000]).toEqual([
          id,
          200,
          expect.stringContaining("good/m"),
          true,
        ]);
      }),
    );
    const plain = await rig.ask(CHAT, body("plain/m"), STRICT);
    expect([plain.status >= 400, plain.text]).toEqual([true, expect.stringContaining("unencrypted")]);
  });
});

test.runIf(isLinux)("16: 210 MB that came packed as 204 kB are given up, and cost less than 40 MB", async () => {
  rig = await startRig({ behaviours: ["bomb"] });
  const post = { ...body("bomb-chat/m") };
  for (let i = 0; i < 20; i++) await rig.ask(CHAT, { ...body("good-chat/m"), stream: i % 2 === 0 });
  const before = peakBytes(rig.program.pid);
  const answer = await rig.ask(CHAT, post, STRICT);
  expect([answer.status, answer.text]).toEqual([expect.toSatisfy((status) => status >= 500), expect.stringMatching(/too large|larger|swell/)]);
  expect(rig.vendors.get("bomb")?.asked.length).toBe(1);
  expect(peakBytes(rig.program.pid) - before).toBeLessThan(40 * MIB);
});

const PIECE = `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "y".repeat(32_768) } }] })}\n\n`;

interface Endless {
  readonly url: string;
  sentBytes: number;
  /** Answers that stand still, for nobody reads them. */
  waiting: number;
  readonly open: Set<unknown>;
}

/** A vendor whose answers have no end; it waits for who reads slowly. */
async function endless(type: string, piece: string): Promise<Endless> {
  const facts = { url: "", sentBytes: 0, waiting: 0, open: new Set() };
  const vendor = createServer((_, response) => {
    response.writeHead(200, { "content-type": type });
    facts.open.add(response);
    response.on("close", () => facts.open.delete(response));
    const write = (): void => {
      while (!response.destroyed) {
        facts.sentBytes += piece.length;
        if (response.write(piece)) continue;
        facts.waiting++;
        response.once("drain", () => {
          facts.waiting--;
          write();
        });
        return;
      }
    };
    write();
  });
  servers.push(vendor);
  await new Promise<void>((ready) => vendor.listen(0, "127.0.0.1", ready));
  facts.url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  return facts;
}

describe("16: an answer without an end", () => {
  test("is ended: in the stream with an error, in one piece by breaking off; its vendor is let go", async () => {
    rig = await startRig({ behaviours: [] });
    const [stream, whole] = [await endless("text/event-stream", PIECE), await endless("application/json", "y".repeat(65_536))];
    const providers = { stream: providerAt(`${stream.url}/v1`), whole: providerAt(`${whole.url}/v1`) };
    rig.writeConfig({ models: { providers }, agents: { defaults: { model: { primary: "stream/m" } } }, gateway: { limits: { streamBytes: 8 * MIB } } });
    await wait(600);
    const streamed = await rig.ask(CHAT, { ...body("stream/m"), stream: true }, STRICT);
    expect([streamed.status, streamed.text.length < 9 * MIB, streamed.text.slice(-1000).includes("[DONE]")]).toEqual([200, true, false]);
    expect(streamed.text.slice(-1000)).toMatch(/data: \{"error":/);
    const inOnePiece = await rig.ask(CHAT, body("whole/m"), STRICT);
    // 8 MB are held, then they are handed on; that it was not whole shows in that the connection breaks.
    expect([inOnePiece.status, inOnePiece.isCut, inOnePiece.text.length < 70 * MIB]).toEqual([200, true, true]);
    await until(() => stream.open.size + whole.open.size === 0);
    expect([stream.open.size, whole.open.size, whole.sentBytes < 200 * MIB]).toEqual([0, 0, true]);
  });
});

test.runIf(isLinux)("17: a hundred clients that do not read hold back their vendors, cost less than 200 MB, and hold up nobody", async () => {
  rig = await startRig({ behaviours: [], gateway: { limits: { concurrency: 128, queue: 64, connections: 512 } } });
  const vendor = await endless("text/event-stream", PIECE);
  const good = providerAt(`${rig.vendors.get("good")?.url}/good/v1`);
  const bulk = providerAt(`${vendor.url}/v1`);
  rig.writeConfig({
    models: { providers: { good, bulk } },
    agents: { defaults: { model: { primary: "good/m" } } },
    gateway: { limits: { concurrency: 128, queue: 64 } },
  });
  await wait(600);
  for (let i = 0; i < 20; i++) await rig.ask(CHAT, body("good/m"));
  const before = peakBytes(rig.program.pid);
  let begun = 0;
  const clients = Array.from({ length: 100 }, () => {
    const request = httpRequest(`${rig.url}${CHAT}`, {
      method: "POST",
      agent: false,
      headers: { authorization: `Bearer ${rig.key}`, "content-type": "application/json" },
    });
    request.on("error", () => undefined);
    request.on("response", (response) => {
      begun++;
      response.on("error", () => undefined).pause();
    });
    request.end(JSON.stringify({ ...body("bulk/m"), stream: true }));
    return request;
  });
  await until(() => begun === 100 && vendor.waiting === 100, 60_000);
  await wait(500);
  const answer = await rig.ask(CHAT, body("good/m"));
  expect([begun, vendor.waiting, answer.status, answer.tookMs < 10_000]).toEqual([100, 100, 200, true]);
  // Of 30 GB. What is on the way lies with the system, some megabytes a connection.
  expect(vendor.sentBytes).toBeLessThan(100 * 20 * MIB);
  expect(peakBytes(rig.program.pid) - before).toBeLessThan(200 * MIB);
  for (const request of clients) request.destroy();
});

test("11: of a thousand at once as many are answered and wait as may, and each of the others is told at once when to ask again", async () => {
  const limits = { concurrency: 32, queue: 64, connections: 2048 };
  // Longer than it takes to ask all of them.
  rig = await startRig({ behaviours: ["silent"], gateway: { limits, timeouts: { firstByteMs: 5000, firstTokenMs: 5000, idleMs: 5000 } } });
  let most = 0;
  const silent = rig.vendors.get("silent");
  const looking = setInterval(() => (most = Math.max(most, silent?.busy.size ?? 0)), 20);
  const answers = await Promise.all(Array.from({ length: 1000 }, () => rig.ask(CHAT, body("silent-chat/m"), STRICT)));
  clearInterval(looking);
  const refused = answers.filter(({ status, text }) => status === 429 && text.includes("rate_limit"));
  expect([most > 0, most <= 32, refused.length >= 1000 - 96, answers.every(({ status }) => status === 429 || status >= 500)]).toEqual([true, true, true, true]);
  expect(refused.every(({ headers }) => Number(headers["retry-after"]) >= 1)).toBe(true);
  expect((await rig.ask(CHAT, body("good-chat/m"))).status).toBe(200);
});

test("22: nothing that is asked at the gateway's port changes anything, and there is no path for it", async () => {
  rig = await startRig({ behaviours: [] });
  const config = readFileSync(join(rig.home, ".nemo/nemo.json"), "utf8");
  for (const path of ["/v1/keys", "/v1/config", "/admin", "/v1/reload", "/v1/shutdown", "/v1/cooldowns/clear", "/v1/models/good-chat/m/enable", "/debug/pprof"])
    expect([path, (await rig.ask(path, { a: 1 })).status]).toEqual([path, expect.toSatisfy((status) => status === 404 || status === 405)]);
  for (const path of ["/v1/models", "/healthz", "/v1/status", "/metrics"]) expect([path, (await rig.ask(path, { a: 1 })).status]).toEqual([path, 405]);
  expect(readFileSync(join(rig.home, ".nemo/nemo.json"), "utf8")).toBe(config);
});

test("23: a fault of our own ends it: what is being answered ends well, the log shows no secret, and the exit code is 70", async () => {
  const preload = `process.on("SIGUSR2", () => { throw new Error("boom with sk-proj-canary0123456789abcdefghijkl and Bearer canary-token-0123456789"); });`;
  rig = await startRig({ behaviours: ["silent"], gateway: { timeouts: { firstByteMs: 2000, firstTokenMs: 2000, idleMs: 2000 } }, preload });
  const running = rig.ask(CHAT, { ...body("silent-chat/m"), stream: true });
  await until(() => rig.vendors.get("silent")?.asked.length === 1);
  // With what it says last.
  const closed = once(rig.program, "close");
  rig.program.kill("SIGUSR2");
  expect((await running).text).toContain("[DONE]");
  expect(await closed).toEqual([70, null]);
  const said = rig.stdout() + rig.log();
  expect(said).toContain("INTERNAL");
  expect(said).not.toMatch(/canary0123456789|canary-token|sbx-/);
});

test("24: the memory that it takes stands in its metrics, and the bound in docs/gateway.md", async () => {
  rig = await startRig({ behaviours: [] });
  const { text } = await rig.ask("/metrics");
  expect(Number(/^signalbox_gateway_memory_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(20 * MIB);
  expect(readFileSync(join(root, "docs/gateway.md"), "utf8")).toMatch(/^Memory: .*bodyBytes/m);
});

describe("limits of vendors", () => {
  test("a request that names one model alone does not wait for its limit to end: its client is told when, and decides", async () => {
    rig = await startRig({ behaviours: ["limited", "storm"] });
    for (const named of [
      { model: "limited-chat/m", headers: STRICT },
      { model: "storm-chat/m@config:storm-chat", headers: {} },
    ]) {
      const answer = await rig.ask(CHAT, body(named.model), named.headers);
      expect([named.model, answer.status]).toEqual([named.model, 429]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(2);
    }
    for (const behaviour of ["limited", "storm"]) expect([behaviour, rig.vendors.get(behaviour)?.asked.length]).toEqual([behaviour, 1]);
  });

  test("how long they rest is as the config says now, without a start", async () => {
    rig = await startRig({ behaviours: ["storm", "down"] });
    const restOf = async (what: string): Promise<number> => {
      const { resting } = JSON.parse((await rig.ask("/v1/status")).text) as { resting: { what: string; until: string }[] };
      return Math.max(0, ...resting.filter((row) => row.what.includes(what)).map(({ until }) => Date.parse(until) - Date.now()));
    };
    expect((await rig.ask(CHAT, body("storm-ant/m"))).status).toBe(200);
    await rig.ask(CHAT, body("storm-chat/m"));
    expect(await restOf("storm")).toBeLessThanOrEqual(5000);
    rig.writeConfig({ auth: { cooldowns: { rateLimitSeconds: 600, overloadSeconds: 300 } } });
    await wait(600);
    await rig.ask(CHAT, body("down-chat/m"));
    expect(await restOf("down")).toBeGreaterThan(20_000);
  });
});

test("what stands in the chain and has no account is told as what cannot be asked", async () => {
  const chain = { agents: { defaults: { model: { primary: "good-chat/m", fallbacks: ["openai/gpt-4o-mini", "good-ant/m"] } } } };
  rig = await startRig({ behaviours: [], config: chain });
  const { chain: rows } = JSON.parse((await rig.ask("/v1/status")).text) as { chain: { model: string; canBeAsked: boolean }[] };
  expect(rows.map(({ model, canBeAsked }) => [model, canBeAsked])).toEqual([
    ["good-chat/m", true],
    ["openai/gpt-4o-mini", false],
    ["good-ant/m", true],
  ]);
});

test("a plugin that is installed counts for the next request, and one that is turned off no more", async () => {
  rig = await startRig({ behaviours: [] });
  const folder = join(rig.home, "mine");
  mkdirSync(folder);
  const provider = { id: "mine", baseUrl: `${rig.vendors.get("good")?.url}/good/v1`, keyless: true, models: [{ id: "m" }] };
  writeFileSync(join(folder, "signalbox.plugin.json"), JSON.stringify({ id: "mine", version: "1.0.0", providers: [provider] }));
  const statusNow = async (): Promise<number> => {
    await wait(600);
    return (await rig.ask(CHAT, body("mine/m"), STRICT)).status;
  };
  expect(await statusNow()).toBe(404);
  expect(await rig.run("plugins", "install", folder, "--yes")).toMatchObject({ code: 0 });
  expect(await statusNow()).toBe(200);
  expect(await rig.run("plugins", "disable", "mine")).toMatchObject({ code: 0 });
  expect(await statusNow()).toBe(404);
});

test("what a vendor takes for wrong is told at once, but where the config names who is asked then", async () => {
  rig = await startRig({ behaviours: ["format"] });
  const told = await rig.ask(CHAT, body("format-chat/m"));
  expect([told.status, told.headers["x-signalbox-attempts"]]).toEqual([400, "1"]);
  rig.writeConfig({ signalbox: { routing: { formatFallbacks: ["good-ant/m"] } }, gateway: { translation: "name" } });
  await wait(600);
  const answer = await rig.ask(CHAT, body("format-chat/m"));
  expect([answer.status, answer.headers["x-signalbox-served-by"]]).toEqual([200, expect.stringMatching(/^good-ant\/m/)]);
});
