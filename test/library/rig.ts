import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brands } from "../../src/brand.ts";
import { nodeHost } from "../../src/host/node.ts";
import { openLibrary } from "../../src/library/open-library.ts";
import type { LibraryOptions, Signalbox } from "../../src/library/signalbox.ts";
import { type Chaos, startChaos } from "../support/chaos-vendor.mjs";
import { packaged } from "../support/packaged.ts";

const APIS = { chat: "openai-completions", ant: "anthropic-messages", resp: "openai-responses" } as const;
const MODEL = {
  id: "m",
  name: "m",
  contextWindow: 1000,
  maxTokens: 100,
  input: ["text", "image"],
  reasoning: false,
  cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
};

/** Providers `<behaviour>-<chat|ant|resp>`, each with one model `m` and a key of its own; each behaviour is a server of its own, so that none rests for another. */
export interface Rig {
  readonly vendors: ReadonlyMap<string, Chaos>;
  readonly home: string;
  config(chain: readonly string[], more?: object): object;
  open(options?: LibraryOptions): Promise<Signalbox>;
  stop(): Promise<void>;
}

export const KEY = "sk-canary-0123456789abcdef";

export async function startRig(behaviours: readonly string[]): Promise<Rig> {
  const home = mkdtempSync(join(tmpdir(), "signalbox-library-"));
  const vendors = new Map<string, Chaos>();
  for (const behaviour of behaviours) vendors.set(behaviour, await startChaos());
  const providers: Record<string, unknown> = {};
  for (const [behaviour, { url }] of vendors)
    for (const [short, api] of Object.entries(APIS))
      providers[`${behaviour}-${short}`.replaceAll("_", "-")] = {
        baseUrl: `${url}/${behaviour}${short === "ant" ? "" : "/v1"}`,
        api,
        apiKey: `${KEY}-${behaviour}-${short}`,
        models: [MODEL],
      };
  const boxes: Signalbox[] = [];
  const config = ([primary, ...fallbacks]: readonly string[], more: object = {}): object => ({
    agents: { defaults: { model: { primary, fallbacks } } },
    models: { providers },
    gateway: { timeouts: { connectMs: 20_000, firstByteMs: 2000, firstTokenMs: 2200, idleMs: 1500 } },
    ...more,
  });
  return {
    vendors,
    home,
    config,
    open: async (options = {}) => {
      const host = { ...nodeHost("nowhere"), readPackaged: (path: string) => packaged[path] ?? "" };
      const box = await openLibrary(host, brands.nemo, { env: { HOME: home }, state: "memory", ...options });
      boxes.push(box);
      return box;
    },
    stop: async () => {
      for (const box of boxes) await box.close();
      for (const vendor of vendors.values()) await vendor.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
