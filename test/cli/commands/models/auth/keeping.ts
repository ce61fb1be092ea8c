import { brands } from "../../../../../src/brand.ts";
import { main } from "../../../../../src/cli/main.ts";
import { NOW } from "../../../../credentials/open-facts.ts";
import { type FakeHost, type FakeMachine, fakeHost } from "../../../../support/fake-host.ts";
import { type Answer, attendedTerminal, fakeTerminal } from "../../../../support/fake-terminal.ts";
import { packaged } from "../../../../support/packaged.ts";

export const HOME = "/home/me";
export const CONFIG = `${HOME}/.nemo/nemo.json`;
export const AGENT = `${HOME}/.nemo/agents/main/agent`;
export const STORE = `${AGENT}/auth-profiles.json`;
export const LAB_STORE = `${HOME}/.nemo/agents/lab/agent/auth-profiles.json`;

export const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** A store of version 1 with a key for each id: `openai:work` holds `sk-canary-openai-work`. */
export function storeText(ids: readonly string[], more: Readonly<Record<string, unknown>> = {}): string {
  const profiles = Object.fromEntries(ids.map((id) => [id, { type: "api_key", provider: id.split(":")[0], key: canaryOf(id) }]));
  return json({ version: 1, profiles, ...more });
}

export function canaryOf(id: string): string {
  return `sk-canary-${id.replace(/\W/g, "-")}`;
}

export interface Kept {
  readonly exit: number;
  readonly out: string;
  /** Talk; with a person at the terminal, what was drawn. */
  readonly err: string;
  /** What stands in a file afterwards; undefined when it was not written. */
  written(file: string): string | undefined;
  readonly files: readonly string[];
  readonly ran: readonly string[];
}

export interface Machine extends FakeMachine {
  /** There is a person at the terminal, who answers so. */
  readonly answers?: readonly Answer[];
}

/** One command that may write, on a machine in memory. */
export async function keep({ answers, ...machine }: Machine, words: string): Promise<Kept> {
  const host: FakeHost = fakeHost({ packaged, nowMs: NOW, ...machine });
  const attended = answers === undefined ? undefined : attendedTerminal(answers);
  const terminal = attended ?? fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: words.split(" ") });
  return {
    exit,
    out: terminal.said.out,
    err: `${terminal.said.err}${(attended?.shown ?? []).join("\n")}`,
    written: (file) => host.written.get(file),
    files: [...host.written.keys()].filter((file) => !file.includes("/signalbox/")).sort(),
    ran: host.ran,
  };
}

/** Fingerprints hang on the hash alone. */
export function plain(text: string): string {
  return text.replace(/…[0-9a-f]{6}/g, "…123abc");
}
