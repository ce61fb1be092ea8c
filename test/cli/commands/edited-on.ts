import { brands } from "../../../src/brand.ts";
import { main } from "../../../src/cli/main.ts";
import { CONFIG } from "../../credentials/open-facts.ts";
import { type FakeMachine, fakeHost } from "../../support/fake-host.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { packaged } from "../../support/packaged.ts";

export interface Edited {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** The config afterwards; undefined when nothing was written to it. */
  readonly config: string | undefined;
}

/** One command line of nemo on a machine in memory with this config; 120 columns wide. */
export async function editedOn(config: string, words: string | readonly string[], machine: FakeMachine = {}): Promise<Edited> {
  const files = { ...(config !== "" && { [CONFIG]: config }), ...machine.files };
  const host = fakeHost({ packaged, env: { COLUMNS: "120" }, ...machine, files });
  const terminal = fakeTerminal();
  const argv = typeof words === "string" ? words.split(" ") : words;
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv });
  return { exit, out: terminal.said.out, err: terminal.said.err, config: host.written.get(CONFIG) };
}
