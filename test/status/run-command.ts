import { join } from "node:path";
import { brands } from "../../src/brand.ts";
import { main } from "../../src/cli/main.ts";
import { nodeHost } from "../../src/host/node.ts";
import type { Host } from "../../src/kernel/host.ts";
import { NOW } from "../credentials/open-facts.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { packaged } from "../support/packaged.ts";

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** One command line on a machine in memory, 80 columns wide unless its environment says otherwise. Not in a terminal, unless told. */
export async function runOn(machine: FakeMachine, words: string, brand: keyof typeof brands = "nemo", stdout: "piped" | "terminal" = "piped"): Promise<Ran> {
  const host = fakeHost({ packaged, ...machine });
  const ran = await runWith(host, words, brand, stdout);
  if (host.written.size > 0 || host.asked.length > 0) return { ...ran, err: `${ran.err}wrote or asked somebody` };
  return ran;
}

/** One of the homes below test/fixtures/homes, whose files only their owner may read. */
export function runAtHome(home: string, words: string, brand: keyof typeof brands): Promise<Ran> {
  const folder = join(import.meta.dirname, "../fixtures/homes", home);
  const real = nodeHost(join(folder, "no-package"));
  const inspect: Host["inspect"] = (path) => {
    const facts = real.inspect(path);
    return facts && { ...facts, mode: 0o600 };
  };
  const inMemory = fakeHost({ packaged, env: { HOME: folder }, osHome: folder, cwd: folder, nowMs: NOW });
  return runWith({ ...inMemory, inspect, paths: real.paths, readText: real.readText, listFolder: real.listFolder }, words, brand);
}

async function runWith(host: Host, words: string, brand: keyof typeof brands, stdout: "piped" | "terminal" = "piped"): Promise<Ran> {
  const terminal = fakeTerminal({ stdoutIsTty: stdout === "terminal" });
  const exit = await main({ brand: brands[brand], version: "1.2.3", host, terminal, argv: words.split(" ") });
  return { exit, out: terminal.said.out, err: terminal.said.err };
}
