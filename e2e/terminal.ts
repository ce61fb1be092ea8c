import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

const TIMEOUT_MS = 60_000;

/** What a person types once something stands on the screen. */
export interface Answer {
  readonly when: RegExp;
  readonly keys: string;
}

const KEYS: Readonly<Record<string, string>> = {
  "<enter>": "\r",
  "<ctrl-c>": "\u0003",
  "<ctrl-d>": "\u0004",
  "<escape>": "\u001b",
  "<down>": "\u001b[B",
  "<paste>": "\u001b[200~",
  "</paste>": "\u001b[201~",
  "<break>": "\n",
};

/** Names of keys, such as `<enter>`, as what a keyboard sends. */
export function typed(text: string): string {
  return text.replaceAll(/<\/?[a-z-]+>/g, (name) => KEYS[name] ?? name);
}

/** util-linux's `script`, which gives a program a terminal and needs no native code. */
export function hasTerminals(): boolean {
  const { stdout } = spawnSync("script --version", { encoding: "utf8", shell: true });
  return stdout.includes("util-linux") && spawnSync("stty", ["--version"]).status === 0;
}

/**
 * Runs a program in a terminal of 80 by 24 and answers it. `stdout` is all that the terminal showed, without escapes; the last line says whether
 * it echoes again, as a shell would find it.
 */
export async function runInTerminal(
  argv: readonly string[],
  { env, cwd, answers }: { env: ReadonlyMap<string, string>; cwd: string; answers: readonly Answer[] },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const quoted = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const line = `stty cols 80 rows 24; ${quoted}; code=$?; stty -a | grep -o -E -- '-?(echo|icanon)( |;|$)' | tr -d ' ;' | tr '\\n' ' '; exit $code`;
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    cwd,
    env: { TERM: "xterm-256color", SHELL: "/bin/sh", ...Object.fromEntries(env) },
    stdio: ["pipe", "pipe", "inherit"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  const left = [...answers];
  let [shown, seen] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    shown += piece;
    const [next] = left;
    if (next === undefined || !next.when.test(plain(shown.slice(seen)))) return;
    left.shift();
    seen = shown.length;
    child.stdin.write(next.keys);
  });
  child.stdin.on("error", () => undefined);
  const [code] = (await once(child, "close")) as [number | null];
  const unasked = left.map(({ when }) => `\n(nothing on the screen was ${when})`).join("");
  return { code: code ?? -1, stdout: `${plain(shown)}${unasked}`, stderr: "" };
}

/** As lines of text: without escape sequences and carriage returns. */
function plain(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r", "");
}
