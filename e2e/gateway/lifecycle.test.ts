import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type ClientRequest, request as httpRequest } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type Rig, startRig, until } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

const CHAT = "/v1/chat/completions";
const body = (model: string) => ({ model, messages: [{ role: "user", content: "canary-prompt" }], stream: true });

/** Asks and gives back the request, its answer's text growing. */
function open(model: string): { readonly request: ClientRequest; text: string; readonly ended: Promise<unknown> } {
  const request = httpRequest(`${rig.url}${CHAT}`, {
    method: "POST",
    agent: false,
    headers: { authorization: `Bearer ${rig.key}`, "content-type": "application/json" },
  });
  const opened = { request, text: "", ended: new Promise((resolve) => request.once("close", resolve)) };
  request.on("error", () => undefined);
  request.on("response", (answer) => {
    answer.on("error", () => undefined);
    answer.on("data", (piece: Buffer) => (opened.text += piece.toString()));
  });
  request.end(JSON.stringify(body(model)));
  return opened;
}

/** What a new request comes to: its status, or why there is none. */
const newcomer = async (): Promise<unknown> => (await rig.ask("/healthz").catch(({ code }: NodeJS.ErrnoException) => ({ status: code }))).status;
/** From when the first signal has arrived. */
const sendsAway = async (): Promise<boolean> => [503, "ECONNREFUSED"].includes((await newcomer()) as never);

test("18: a thousand clients that leave, at every stage, leave no request open at the vendors", async () => {
  const behaviours = ["silent", "headers_then_silent", "preamble_then_silent", "content_then_silent"];
  rig = await startRig({
    behaviours,
    gateway: { limits: { concurrency: 64, queue: 512 }, timeouts: { connectMs: 5000, firstByteMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000 } },
  });
  for (let round = 0; round < 10; round++) {
    const all = Array.from({ length: 100 }, (_, i) => open(`${behaviours[i % behaviours.length]?.replaceAll("_", "-")}-chat/m`));
    await wait(30 + 15 * round);
    for (const { request } of all) request.destroy();
  }
  const busy = (): number => [...rig.vendors.values()].reduce((sum, vendor) => sum + vendor.busy.size, 0);
  const left = (): number => [...rig.vendors.values()].reduce((sum, vendor) => sum + vendor.sockets.size, 0);
  // A second where the machine is quiet.
  await until(() => busy() === 0 && left() === 0);
  expect([busy(), left()]).toEqual([0, 0]);
  expect([...rig.vendors.values()].reduce((sum, vendor) => sum + vendor.asked.length, 0)).toBeGreaterThan(100);
  const status = async () => JSON.parse((await rig.ask("/v1/status")).text) as { running: number };
  await until(async () => (await status()).running === 0);
  expect(await status()).toMatchObject({ running: 0, waiting: 0, resting: [] });
});

test("19: at SIGTERM new requests are sent away, what runs ends well, and the program ends with 0", async () => {
  rig = await startRig({ behaviours: ["torn", "silent"], gateway: { timeouts: { firstByteMs: 3000, firstTokenMs: 3000, idleMs: 3000 } } });
  const slow = open("silent-chat/m");
  await until(() => rig.vendors.get("silent")?.asked.length === 1);
  const exited = once(rig.program, "exit");
  rig.program.kill("SIGTERM");
  expect(await until(sendsAway)).toBe(true);
  await slow.ended;
  expect(slow.text).toContain("[DONE]");
  expect(await exited).toEqual([0, null]);
  expect(readFileSync(join(rig.home, ".nemo/signalbox/gateway.json"), "utf8")).toBe("{}\n");
});

test("19: who leaves while it stops is in the books: the vendor has begun, and may ask for its money", async () => {
  rig = await startRig({ behaviours: ["content_then_silent"], gateway: { timeouts: { firstByteMs: 90_000, firstTokenMs: 90_000, idleMs: 90_000 } } });
  const [one, other] = [open("content-then-silent-chat/m"), open("content-then-silent-chat/m")];
  await until(() => one.text.includes("wörld") && other.text.includes("wörld"));
  const exited = once(rig.program, "exit");
  rig.program.kill("SIGTERM");
  expect(await until(sendsAway)).toBe(true);
  one.request.destroy();
  other.request.destroy();
  expect(await exited).toEqual([0, null]);
  const folder = join(rig.home, ".nemo/signalbox/usage");
  const events = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
  expect(events.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(["cancelled", "cancelled"]);
});

test("19: what still runs after 30 s ends with an error in its stream, and the program with 0", async () => {
  rig = await startRig({ behaviours: ["content_then_silent"], gateway: { timeouts: { firstByteMs: 90_000, firstTokenMs: 90_000, idleMs: 90_000 } } });
  const hung = open("content-then-silent-chat/m");
  await until(() => hung.text.includes("wörld"));
  const exited = once(rig.program, "exit");
  const started = performance.now();
  rig.program.kill("SIGTERM");
  await hung.ended;
  expect([hung.text.includes('"message":"the gateway is stopping"'), hung.text.includes("[DONE]")]).toEqual([true, false]);
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - started).toBeGreaterThan(29_000);
  // The vendor would be silent for 90 s.
  expect(performance.now() - started).toBeLessThan(60_000);
});

test("19: the second signal ends it at once", async () => {
  rig = await startRig({ behaviours: ["silent"], gateway: { timeouts: { firstByteMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000 } } });
  const hung = open("silent-chat/m");
  await until(() => rig.vendors.get("silent")?.asked.length === 1);
  rig.program.kill("SIGINT");
  expect([await until(sendsAway), rig.program.exitCode]).toEqual([true, null]);
  const exited = once(rig.program, "exit");
  rig.program.kill("SIGINT");
  const started = performance.now();
  expect(await exited).toEqual([0, null]);
  // Else it would wait for half a minute.
  expect(performance.now() - started).toBeLessThan(20_000);
  await hung.ended;
});

test("a changed config counts for the next request, and what is being answered goes on; a broken one is told and not used", async () => {
  rig = await startRig({ behaviours: ["down", "preamble_then_silent"], gateway: { timeouts: { firstByteMs: 2500, firstTokenMs: 2500, idleMs: 2500 } } });
  const before = await rig.ask(CHAT, { ...body("default"), stream: false });
  expect(before.headers["x-signalbox-served-by"]).toMatch(/^good-chat/);
  const running = open("preamble-then-silent-chat/m");
  await until(() => rig.vendors.get("preamble_then_silent")?.asked.length === 1);
  rig.writeConfig({ agents: { defaults: { model: { primary: "good-resp/m", fallbacks: ["good-chat/m"] }, models: { "good-chat/m": { alias: "swift" } } } } });
  await wait(600);
  expect((await rig.ask(CHAT, { ...body("swift"), stream: false })).status).toBe(200);
  await running.ended;
  expect(running.text).toContain("[DONE]");
  rig.writeConfig({ agents: 7 });
  await wait(600);
  expect((await rig.ask(CHAT, { ...body("swift"), stream: false })).status).toBe(200);
  expect(JSON.parse((await rig.ask("/v1/status")).text).configFault).toMatch(/./);
});

test("a stream that nobody begins gets its 200 and a sign of life after 10 s, and still a whole answer of another one", async () => {
  rig = await startRig({ behaviours: ["silent"], gateway: { timeouts: { firstByteMs: 11_000, firstTokenMs: 11_000, idleMs: 11_000 } } });
  const answer = await rig.ask(CHAT, body("silent-chat/m"));
  expect([answer.status, answer.text.startsWith(": "), answer.text.includes("[DONE]"), answer.tookMs > 10_000]).toEqual([200, true, true, true]);
});

test("clients that do not read hold up nobody else", async () => {
  rig = await startRig({ behaviours: [], gateway: { limits: { concurrency: 64 } } });
  const paused = Array.from({ length: 20 }, () => {
    const request = httpRequest(`${rig.url}/v1/models`, { agent: false, headers: { authorization: `Bearer ${rig.key}` } });
    request.on("response", (response) => response.pause());
    request.on("error", () => undefined);
    request.end();
    return request;
  });
  await wait(500);
  expect((await rig.ask("/healthz")).status).toBe(200);
  for (const request of paused) request.destroy();
});

test("every request is an event of use, without a word of what was said", async () => {
  rig = await startRig({ behaviours: ["down", "content_then_cut"] });
  await rig.ask(CHAT, body("down-chat/m"));
  await rig.ask(CHAT, body("content-then-cut-chat/m"));
  const folder = join(rig.home, ".nemo/signalbox/usage");
  const textOf = (): string =>
    readdirSync(folder)
      .toSorted()
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  await until(() => existsSync(folder) && textOf().split("\n").length > 2);
  const text = textOf();
  const [first, second] = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({
    client: "tests",
    asked: "down-chat/m",
    servedBy: "good-chat/m",
    outcome: "answered",
    streamed: true,
    inputTokens: 9,
    outputTokens: 5,
    costUsd: 0.000019,
    attempts: [{ model: "down-chat/m", reason: "overloaded" }],
  });
  expect(second).toMatchObject({ outcome: "cut", reason: "network", servedBy: "content-then-cut-chat/m" });
  expect(text).not.toMatch(/canary-prompt|wörld|sbx-|sk-/);
});
