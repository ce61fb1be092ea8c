import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { bomb, type Chaos, startChaos } from "../../test/support/chaos-vendor.mjs";
import { runProgram } from "../program.ts";
import { root } from "../stage.ts";

export type Api = "openai-completions" | "anthropic-messages" | "openai-responses";

export interface RigOptions {
  /** Behaviours of the vendor, each a provider `<behaviour>-<chat|ant|resp>` at a server of its own. */
  readonly behaviours: readonly string[];
  readonly gateway?: object;
  readonly config?: object;
  readonly args?: readonly string[];
  /** CommonJS that the program's process runs before the program. */
  readonly preload?: string;
}

export interface Rig {
  readonly url: string;
  readonly port: number;
  readonly key: string;
  readonly home: string;
  readonly program: ChildProcess;
  readonly log: () => string;
  readonly stdout: () => string;
  readonly vendors: ReadonlyMap<string, Chaos>;
  run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  ask(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  raw(text: string): Promise<string>;
  writeConfig(config: object): void;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly tookMs: number;
  /** The connection ended before the answer did. */
  readonly isCut: boolean;
}

const BIN = join(root, "bin/nemo.cjs");
const APIS: Readonly<Record<string, Api>> = { chat: "openai-completions", ant: "anthropic-messages", resp: "openai-responses" };
export const MODEL = {
  id: "m",
  name: "m",
  contextWindow: 1000,
  maxTokens: 100,
  input: ["text"],
  reasoning: false,
  cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
};

/** Who is not about time has enough of it: the machine may be busy. */
const PATIENT = { connectMs: 20_000, firstByteMs: 20_000, firstTokenMs: 20_000, idleMs: 20_000 };
/** Tests send more at once than a person's programs do. */
const ROOMY = { concurrency: 256, queue: 1024, connections: 2048 };

/** The real program over vendors that fail as told. `good` is always there, and is the default chain. */
export async function startRig({ behaviours, gateway = {}, config = {}, args = [], preload }: RigOptions): Promise<Rig> {
  const home = mkdtempSync(join(tmpdir(), "signalbox-gateway-"));
  const vendors = new Map<string, Chaos>();
  if (behaviours.includes("bomb")) bomb();
  for (const behaviour of new Set(["good", ...behaviours])) vendors.set(behaviour, await startChaos());
  const providers: Record<string, unknown> = {};
  for (const [behaviour, { url }] of vendors)
    for (const [short, api] of Object.entries(APIS))
      providers[`${behaviour}-${short}`.replaceAll("_", "-")] = {
        baseUrl: `${url}/${behaviour}${api === "anthropic-messages" ? "" : "/v1"}`,
        api,
        apiKey: `sk-canary-${behaviour}-${short}-0123456789abcdef`,
        models: [MODEL],
      };
  const writeConfig = (more: object): void => {
    const chain = { agents: { defaults: { model: { primary: "good-chat/m", fallbacks: ["good-ant/m", "good-resp/m"] } } } };
    // Formats are mixed in the chain, and most tests are about one of them.
    const own = { gateway: { translation: "off", limits: ROOMY, timeouts: PATIENT, ...gateway } };
    writeFileSync(join(home, ".nemo/nemo.json"), JSON.stringify({ ...chain, models: { providers }, ...own, ...more }), { mode: 0o600 });
  };
  mkdirSync(join(home, ".nemo"), { recursive: true, mode: 0o700 });
  writeConfig(config);
  const env = new Map([
    ["HOME", home],
    ["PATH", process.env["PATH"] ?? ""],
  ]);
  const run = (...words: string[]) => runProgram([process.execPath, BIN, ...words], { env, cwd: home, stdin: "" });
  const made = await run("gateway", "keys", "create", "tests", "--json");
  const { key } = JSON.parse(made.stdout) as { key: string };
  const first = join(home, "preload.cjs");
  if (preload !== undefined) writeFileSync(first, preload);
  const program = spawn(process.execPath, [...(preload === undefined ? [] : ["--require", first]), BIN, "gateway", "serve", "--port", "0", "--json", ...args], {
    cwd: home,
    env: Object.fromEntries(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, log] = ["", ""];
  program.stderr.on("data", (piece: Buffer) => (log += piece.toString()));
  const ready = await new Promise<{ url: string }>((resolve, reject) => {
    program.once("exit", (code) => reject(new Error(`gateway serve ended with ${code}: ${out}${log}`)));
    program.stdout.on("data", (piece: Buffer) => {
      out += piece.toString();
      if (out.includes("\n")) resolve(JSON.parse(out.slice(0, out.indexOf("\n"))) as { url: string });
    });
  });
  const port = Number(new URL(ready.url).port);
  return {
    url: ready.url,
    port,
    key,
    home,
    program,
    log: () => log,
    stdout: () => out,
    vendors,
    run,
    writeConfig,
    ask: (path, body, headers = {}) => ask(`${ready.url}${path}`, body, { authorization: `Bearer ${key}`, ...headers }),
    raw: (text) => raw(port, text),
    stop: async () => {
      if (program.exitCode === null && program.signalCode === null) {
        program.kill("SIGKILL");
        await once(program, "exit");
      }
      for (const vendor of vendors.values()) await vendor.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Waits until it is so, and says whether it is: at the end of a long time it may not be. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await wait(20)) if (await holds()) return true;
  return holds();
}

/** One request over a connection of its own. */
export function ask(url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const isChunked = headers["transfer-encoding"] !== undefined;
    const length = text === undefined ? {} : { "content-type": "application/json", ...(!isChunked && { "content-length": String(Buffer.byteLength(text)) }) };
    const request = httpRequest(url, { method: text === undefined ? "GET" : "POST", headers: { ...length, ...headers }, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      const done = (isCut: boolean): void =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(pieces).toString("utf8"),
          tookMs: performance.now() - started,
          isCut,
        });
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () => done(false));
      answer.on("error", () => done(true));
    });
    request.on("error", reject);
    request.end(text);
  });
}

/** What comes back for these bytes until the connection ends, or nothing comes for a while. */
export function raw(port: number, text: string, quietMs = 20_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let got = "";
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on("data", (piece) => (got += piece.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(got));
  });
}
