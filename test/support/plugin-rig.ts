import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { brands } from "../../src/brand.ts";
import { main } from "../../src/cli/main.ts";
import { nodeHost } from "../../src/host/node.ts";
import { nodePlugins } from "../../src/host/plugin-machine.ts";
import type { Host } from "../../src/kernel/host.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { packaged } from "./packaged.ts";

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A HOME of its own on the real disk, for what a machine in memory cannot show: folders that are renamed, programs that run. */
export interface PluginRig {
  readonly home: string;
  readonly host: Host;
  readonly extensions: string;
  /** One command line of nemo. */
  run(...argv: string[]): Promise<Ran>;
  write(path: string, text: string, mode?: number): string;
}

/** A program has five seconds or more, in which a machine that has other things to do may not even start its Node. What is less is meant. */
export const patientPlugins: typeof nodePlugins = {
  ...nodePlugins,
  ask: (call) => nodePlugins.ask({ ...call, timeoutMs: call.timeoutMs < 5000 ? call.timeoutMs : 30_000 }),
};

export function pluginRig(more: Partial<Host> = {}, env: Readonly<Record<string, string>> = {}): PluginRig {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-plugins-")));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const host: Host = {
    ...nodeHost(home),
    plugins: async () => patientPlugins,
    env: { HOME: home, COLUMNS: "120", ...env },
    osHome: home,
    cwd: home,
    readPackaged: (path) => packaged[path] ?? "",
    ...more,
  };
  return {
    home,
    host,
    extensions: join(home, ".nemo", "extensions"),
    run: async (...argv) => {
      const terminal = fakeTerminal();
      const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv });
      return { exit, out: terminal.said.out, err: terminal.said.err };
    },
    write: (path, text, mode = 0o600) => {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode });
      return file;
    },
  };
}

/** The text of a manifest that brings one provider. */
export function manifestOf(id: string, more: object = {}, provider: object = {}): string {
  const name = `${id.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_API_KEY`;
  return JSON.stringify({ id, version: "1.0.0", providers: [{ id, baseUrl: `https://api.${id}.example/v1`, env: [name], ...provider }], ...more });
}
