import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { node, root } from "../stage.ts";

/** Other Nodes make other system calls; a part of the proofs is enough for each. */
export const isOtherNode = process.env["SIGNALBOX_NODE"] !== undefined;

/** What a rig of soak/ found, one for each of its parts. */
export interface Finding {
  readonly title: string;
  readonly isGood: boolean;
  readonly result: Readonly<Record<string, number>>;
}

/** Runs a script of soak/ with the Node under test. Its lines go to stderr, for people. */
export async function runRig(name: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly findings: readonly Finding[] }> {
  const child = spawn(process.execPath, [join(root, "soak", `${name}.mjs`), "--json", "--node", node, ...args], { stdio: ["ignore", "pipe", 2] });
  const pieces: Buffer[] = [];
  child.stdout?.on("data", (piece: Buffer) => pieces.push(piece));
  const [code] = (await once(child, "close")) as [number | null];
  const lines = Buffer.concat(pieces).toString("utf8").split("\n").filter(Boolean);
  return { code: code ?? -1, findings: lines.map((line) => JSON.parse(line)) };
}

/** A process of soak/worker.mjs. */
export interface Worker {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
}

export interface Job {
  readonly does: string;
  readonly files: readonly string[];
  readonly keeping: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

/** The protocol as workers load it, and what is needed to work with them. A folder for each file of tests, that everybody may enter. */
export interface Workshop {
  readonly protocol: string;
  readonly folder: string;
  /** `before` is put before the Node under test, for another program to start it. */
  start(job: Job, before?: readonly string[]): Worker;
  run(job: Job, before?: readonly string[]): Promise<readonly string[]>;
  saying(worker: Worker, start: string): Promise<void>;
}

export function workshop(): Workshop {
  const open: { protocol: string; processes: Record<string, (...args: readonly unknown[]) => unknown>; workers: Worker[] } = {
    protocol: "",
    processes: {},
    workers: [],
  };
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-faults-")));
  chmodSync(folder, 0o755);
  beforeAll(async () => {
    open.processes = await import(join(root, "soak/processes.mjs"));
    const { bundleProtocol } = await import(join(root, "soak/protocol.mjs"));
    open.protocol = await bundleProtocol(folder);
  });
  afterAll(() => {
    for (const { child } of open.workers) if (child.exitCode === null) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (job: Job, before: readonly string[] = []): Worker => {
    const worker = open.processes["startWorker"]?.([...before, node], open.protocol, job) as Worker;
    open.workers.push(worker);
    return worker;
  };
  return {
    get protocol() {
      return open.protocol;
    },
    folder,
    start,
    run: async (job, before) => {
      const worker = start(job, before);
      await worker.ended;
      return worker.lines;
    },
    saying: async (worker, text) => void (await open.processes["saying"]?.(worker, text)),
  };
}

/**
 * Whether a tool can do here what a proof needs; if not, that is said once, loudly, and the tests that need it count as skipped. Forms that need no
 * rights are tried first.
 * @returns the words that worked
 */
export function firstThatWorks(proof: string, forms: readonly (readonly string[])[]): readonly string[] | undefined {
  const worked = forms.find(([command = "", ...args]) => spawnSync(command, [...args, "true"], { stdio: "ignore" }).status === 0);
  if (worked === undefined)
    process.stderr.write(`NOT RUN: ${proof}: none of these is there, or permitted: ${forms.map((words) => words.join(" ")).join("; ")}\n`);
  return worked;
}
