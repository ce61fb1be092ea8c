import type { Terminal } from "../kernel/terminal.ts";

/** How human output looks: colour or none, how wide. */
export interface Style {
  /** Columns to use: the terminal's, at least 60 and at most 120; 80 when unknown. */
  readonly width: number;
  /** `whole`: stdout is no terminal, and ids that a program would read there are not cut. Cut unless told. */
  readonly ids?: "cut" | "whole";
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  /** A name to type: a command, a reference. */
  readonly accent: (text: string) => string;
  /** The binary's name, for commands in hints; with ` --profile <name>` when one is active. */
  readonly cli: string;
  /** The home folder shortened to `~`. */
  readonly path: (path: string) => string;
  /** Milliseconds since 1970, for "in 3h". */
  readonly nowMs: number;
}

export interface StyleFacts {
  readonly colour: boolean;
  readonly width: number;
  readonly cli: string;
  readonly homeDir: string;
  readonly nowMs: number;
}

/** Select Graphic Rendition sequences (ECMA-48 8.3.117), the only escapes that we write. */
export function makeStyle(facts: StyleFacts): Style {
  const paint = (on: number, off: number) => (text: string) => (facts.colour && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return {
    width: Math.min(120, Math.max(60, facts.width)),
    bold: paint(1, 22),
    dim: paint(2, 22),
    good: paint(32, 39),
    warn: paint(33, 39),
    bad: paint(31, 39),
    accent: paint(36, 39),
    cli: facts.cli,
    path: (path) => shortened(path, facts.homeDir),
    nowMs: facts.nowMs,
  };
}

/** https://no-color.org: NO_COLOR counts when not empty; FORCE_COLOR other than 0 wins over it. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, terminal: Terminal, stream: "stdout" | "stderr" = "stdout"): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"]) return false;
  return env["TERM"] !== "dumb" && (stream === "stdout" ? terminal.stdoutIsTty : terminal.stderrIsTty);
}

function shortened(path: string, homeDir: string): string {
  if (homeDir === "" || homeDir === "/") return path;
  if (path === homeDir) return "~";
  return path.startsWith(`${homeDir}/`) || path.startsWith(`${homeDir}\\`) ? `~${path.slice(homeDir.length)}` : path;
}
