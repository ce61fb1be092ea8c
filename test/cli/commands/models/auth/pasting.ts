import { brands } from "../../../../../src/brand.ts";
import { main } from "../../../../../src/cli/main.ts";
import { NOW } from "../../../../credentials/open-facts.ts";
import { type FakeMachine, fakeHost } from "../../../../support/fake-host.ts";
import { type Answer, attendedTerminal, fakeTerminal } from "../../../../support/fake-terminal.ts";
import { packaged } from "../../../../support/packaged.ts";

export const CONFIG = "/home/me/.nemo/nemo.json";
export const STORE = "/home/me/.nemo/agents/main/agent/auth-profiles.json";

export interface Machine extends FakeMachine {
  /** What stands on stdin when nobody is at the terminal. */
  readonly stdin?: string;
  /** There is a person at the terminal, who answers so. */
  readonly answers?: readonly Answer[];
}

/** One command line on a machine in memory. `profiles` is what the store holds afterwards, if it was written. */
export async function paste({ stdin = "", answers, ...machine }: Machine, words: string | readonly string[]) {
  const host = fakeHost({ packaged, nowMs: NOW, ...machine });
  const terminal = answers === undefined ? fakeTerminal({ readStdin: () => stdin }) : attendedTerminal(answers);
  const argv = typeof words === "string" ? words.split(" ") : words;
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv });
  const store = host.written.get(STORE);
  return {
    exit,
    out: terminal.said.out.replace(/…[0-9a-f]{6}/g, "…123abc"),
    err: terminal.said.err,
    shown: terminal.shown,
    profiles: store === undefined ? undefined : (JSON.parse(store) as { profiles: Record<string, unknown> }).profiles,
    config: host.written.get(CONFIG),
    files: [...host.written.keys()].filter((file) => !file.includes("/signalbox/")).sort(),
    asked: host.asked,
    ran: host.ran,
  };
}

export const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** A config with a server of one's own, which is in use. */
export const LAB = {
  agents: { defaults: { model: { primary: "lab/m" } } },
  models: { providers: { lab: { baseUrl: "http://127.0.0.1:8000/v1", models: [{ id: "m", name: "M" }] } } },
};

/** A store with one key. */
export const GROQ_STORE = json({ version: 1, profiles: { "groq:default": { type: "api_key", provider: "groq", key: "gsk_canary0123456789" } } });
