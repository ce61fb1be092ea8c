import { existsSync } from "node:fs";
import { environmentOf } from "../kernel/withheld-variables.ts";

/** What of this process decides about browsers. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

/** An opener that has not failed by then is showing the page. */
const PATIENCE_MS = 1500;

/** Files that container engines put into every container. */
const CONTAINER_MARKS = ["/.dockerenv", "/run/.containerenv"];

/**
 * Whether somebody at this machine could see a page. BROWSER decides where it is set (`none`: there is none): remote editors set it to a program
 * that shows the page where the person sits.
 */
export function isBrowserWithin({ env, platform }: Surroundings, isThere: (path: string) => boolean = existsSync): boolean {
  const named = env["BROWSER"]?.trim() ?? "";
  if (named !== "") return named !== "none";
  if (isSet(env["SSH_CONNECTION"]) || isSet(env["SSH_TTY"]) || isSet(env["SSH_CLIENT"])) return false;
  if (platform === "win32" || platform === "darwin") return true;
  if (isSet(env["container"]) || CONTAINER_MARKS.some(isThere)) return false;
  return isSet(env["DISPLAY"]) || isSet(env["WAYLAND_DISPLAY"]);
}

/** Without a shell: the address is one argument, whatever is in it. What shows pages runs on for days, so it sees none of our secrets. */
export async function openBrowser(url: string, surroundings: Surroundings): Promise<boolean> {
  if (!isWebAddress(url)) return false;
  for (const [program = "", ...args] of openers(url, surroundings)) {
    if (await isStarted(program, args, environmentOf(program, surroundings.env))) return true;
  }
  return false;
}

/** The commands to try, in order: what BROWSER names where it is set, else the system's own. */
export function openers(url: string, { env, platform }: Surroundings): readonly (readonly string[])[] {
  const named = env["BROWSER"]?.trim() ?? "";
  if (named === "none") return [];
  if (named !== "") return platform === "win32" ? [[named, url]] : named.split(":").map((command) => withAddress(command, url));
  switch (platform) {
    case "win32":
      return [["rundll32", "url.dll,FileProtocolHandler", url]];
    case "darwin":
      return [["open", url]];
    default:
      return [["xdg-open", url]];
  }
}

/** BROWSER is a list of commands with colons between them; `%s` stands for the address, which else comes last. */
function withAddress(command: string, url: string): string[] {
  const words = command.trim().split(/\s+/);
  return words.includes("%s") ? words.map((word) => (word === "%s" ? url : word)) : [...words, url];
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\/[\u0021-\u007e]+$/.test(url) && !/["'`<>\\^|]/.test(url) && URL.canParse(url);
}

function isStarted(program: string, args: readonly string[], env: Surroundings["env"]): Promise<boolean> {
  return new Promise((done) => {
    const child = process
      .getBuiltinModule("node:child_process")
      .spawn(program, [...args], { env: { ...env }, detached: true, shell: false, stdio: "ignore", windowsHide: true });
    const patience = setTimeout(() => done(true), PATIENCE_MS);
    patience.unref();
    child.unref();
    const end = (outcome: "shown" | "failed"): void => {
      clearTimeout(patience);
      done(outcome === "shown");
    };
    child.once("error", () => end("failed"));
    child.once("exit", (code) => end(code === 0 ? "shown" : "failed"));
  });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
