import { AppError, asAppError, EXIT } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { hearLongWaits } from "../kernel/long-waits.ts";
import { placeText } from "../kernel/place.ts";
import type { Terminal } from "../kernel/terminal.ts";
import type { Brand } from "../brand.ts";
import type { Broker, Room } from "../broker.ts";
import type { Command } from "./command.ts";
import { commandAt } from "./commands/index.ts";
import { type FoundCommand, findCommand } from "./find-command.ts";
import { hang } from "./hanging-text.ts";
import { harmless, harmlessJson, harmlessReport } from "./harmless.ts";
import { allOptions, commonOptions, type ParsedWords, parseWords, seeHelp } from "./parse-words.ts";
import { makeStyle, type Style, wantsColour } from "./style.ts";
import { terminalTalk } from "./terminal-talk.ts";
import { installationNames, nameInHints } from "./installation-names.ts";

/** One run of the program, from its words to its exit code. The only file that writes to the terminal. */
export interface Run {
  readonly brand: Brand;
  readonly version: string;
  readonly host: Host;
  readonly terminal: Terminal;
  readonly argv: readonly string[];
}

export async function main(run: Run): Promise<number> {
  try {
    if (run.argv[0] === "__complete") return await complete(run);
    const found = findCommand(run.argv);
    return found.kind === "group" ? await answerGroup(run, found) : await answerCommand(run, found);
  } catch (thrown) {
    return fail(run, asAppError(thrown));
  }
}

async function answerGroup(run: Run, found: FoundCommand): Promise<number> {
  const { given } = parseWords(found.words, commonOptions, [], found.path);
  if (given["version"] === true) return sayVersion(run, given);
  if (given["json"] === true && given["help"] !== true)
    throw usageError(`a command is missing${found.path === "" ? "" : ` after "${found.path}"`}`, seeHelp(found.path));
  const { groupHelp } = await import("./help.ts");
  return say(run, groupHelp(found.path, helpNames(run), styleOf(run, run.host.osHome, given)));
}

async function answerCommand(run: Run, found: FoundCommand): Promise<number> {
  const entry = commandAt(found.path);
  const command = (await entry?.load()) as Command;
  const parsed = parseWords(found.words, allOptions(command), command.args ?? [], found.path);
  if (parsed.given["version"] === true) return sayVersion(run, parsed.given);
  if (parsed.given["help"] === true) {
    const { commandHelp } = await import("./help.ts");
    return say(run, commandHelp(found.path, command, helpNames(run), styleOf(run, run.host.osHome, parsed.given)));
  }
  refuseMixedFormats(command, parsed, found.path);
  const broker = await brokerOf(run, parsed.given, command.rooms);
  const talk = talkOf(run, parsed.given);
  const deafen = hearLongWaits((text) => talk.note(`${text}.`));
  const end = (): void => {
    deafen();
    talk.end();
  };
  const reports = command.follow?.(broker, parsed.given, parsed.args, talk);
  if (reports !== undefined) return await answerAgain(run, command, reports, parsed, broker).finally(end);
  const report = await Promise.resolve(command.run(broker, parsed.given, parsed.args, talk)).finally(end);
  const text = rendered(run, command, report, parsed, broker);
  if (command.reveals === true && run.terminal.stdoutIsTty) talk.warn("What follows is a secret. It stays in what this terminal remembers.");
  if (text !== "") run.terminal.out(text);
  return command.exitCode?.(report, parsed.given) ?? EXIT.ok;
}

const CLEAR_SCREEN = "\u001b[H\u001b[2J\u001b[3J";

/** Every report as it comes; the exit code is the last one's. */
async function answerAgain(run: Run, command: Command, reports: AsyncIterable<unknown>, parsed: ParsedWords, broker: Broker): Promise<number> {
  const redraws = command.redraws === true && parsed.given["json"] !== true && parsed.given["plain"] !== true && run.terminal.stdoutIsTty;
  let code: number = EXIT.ok;
  for await (const report of reports) {
    const text = rendered(run, command, report, parsed, broker, "line");
    if (text !== "") run.terminal.out(`${redraws ? CLEAR_SCREEN : ""}${text}`);
    code = command.exitCode?.(report, parsed.given) ?? EXIT.ok;
  }
  return code;
}

function rendered(run: Run, command: Command, report: unknown, parsed: ParsedWords, broker: Broker, layout: "document" | "line" = "document"): string {
  const { given } = parsed;
  const shows = command.reveals === true ? "secrets" : "no-secrets";
  if (given["json"] === true) return withNames(run, harmlessJson(report, { layout, shows }), given);
  const safe = command.raw === true ? report : harmlessReport(report, shows);
  if (given["plain"] === true && command.plain !== undefined) return command.plain(safe, given);
  const style = styleOf(run, broker.homeDir(), given);
  return withNames(run, command.human(safe, style, given), given);
}

function refuseMixedFormats(command: Command, { given }: ParsedWords, path: string): void {
  if (given["json"] === true && given["plain"] === true) throw usageError("--json and --plain exclude each other", "Give one of the two.");
  if (given["plain"] === true && command.plain === undefined) throw usageError(`${path} has no plain lines`, "Use --json for scripts.");
}

/** stdout gets one JSON document when `--json` was asked for, also when the words could not be parsed. */
function fail(run: Run, error: AppError): number {
  if (run.argv.includes("--json") || run.argv.includes("--status-json")) {
    const { hint, place, keyPath, suggestions, issues } = error.facts;
    const document = { error: { code: error.code, message: error.message, hint, place, keyPath, suggestions, issues } };
    const layout = run.argv.includes("--events") ? "line" : "document";
    run.terminal.out(withNames(run, harmlessJson(document, { layout }), {}));
    return error.exit;
  }
  const style = styleOf(run, run.host.osHome, { noColor: run.argv.includes("--no-color") }, "stderr");
  run.terminal.err(`${withNames(run, errorText(error, style), {})}\n`);
  return error.exit;
}

function errorText(error: AppError, style: Style): string {
  const lines = [`${hang(`${style.bad("error:")} `, harmless(error.message), style.width)} ${style.dim(`[${error.code}]`)}`];
  if (error.facts.place !== undefined) lines.push(`  at ${harmless(style.path(placeText(error.facts.place)))}`);
  const issues = error.facts.issues ?? [];
  for (const issue of issues.length > 1 ? issues : []) {
    const where = issue.place === undefined ? "" : `${harmless(style.path(placeText(issue.place)))}: `;
    lines.push(`  ${where}${harmless(issue.message)}. ${style.dim(harmless(issue.hint))}`);
  }
  lines.push(`${style.accent("hint:")} ${harmless(error.hint)}`);
  return lines.join("\n");
}

async function complete(run: Run): Promise<number> {
  const { completions } = await import("./complete.ts");
  const found = await completions((rooms) => brokerOf(run, {}, rooms), run.argv.slice(1));
  if (found.length > 0) run.terminal.out(found.map(harmless).join("\n"));
  return EXIT.ok;
}

function talkOf(run: Run, given: Readonly<Record<string, unknown>>): ReturnType<typeof terminalTalk> {
  return terminalTalk({
    terminal: run.terminal,
    write: run.terminal.err,
    canRedraw: () => run.host.env["TERM"] !== "dumb" && (run.host.env["CI"] ?? "") === "",
    say: (line) => run.terminal.err(`${line}\n`),
    style: () => styleOf(run, run.host.osHome, given, "stderr"),
    wantsColour: () => given["noColor"] !== true && wantsColour(run.host.env, run.terminal, "stderr"),
    named: (text) => withNames(run, text, given),
    json: given["json"] === true,
  });
}

/** Loaded only now: help and version start without it. */
async function brokerOf(run: Run, given: Readonly<Record<string, unknown>>, rooms: readonly Room[] | undefined): Promise<Broker> {
  const { openBroker } = await import("../broker.ts");
  return openBroker({ host: run.host, names: installationNames(run.brand, run.host.env, given), agent: given["agent"] as string | undefined, rooms });
}

function say(run: Run, text: string): number {
  run.terminal.out(text);
  return EXIT.ok;
}

function sayVersion(run: Run, given: Readonly<Record<string, unknown>>): number {
  return say(run, given["json"] === true ? harmlessJson({ schemaVersion: 1, version: run.version }) : run.version);
}

/** The program's name in hints. A key that was given as a profile's name is not repeated in them. */
function cliName(run: Run, given: Readonly<Record<string, unknown>>): string {
  return harmless(nameInHints(run.brand, run.host.env, given));
}

function styleOf(run: Run, homeDir: string, given: Readonly<Record<string, unknown>>, stream: "stdout" | "stderr" = "stdout"): Style {
  const columns = Number(run.host.env["COLUMNS"]);
  const width = Number.isInteger(columns) && columns > 0 ? columns : (run.terminal.columns ?? 80);
  const style = makeStyle({
    colour: given["noColor"] !== true && wantsColour(run.host.env, run.terminal, stream),
    width,
    cli: cliName(run, given),
    homeDir,
    nowMs: run.host.nowMs(),
  });
  return { ...style, ids: run.terminal.stdoutIsTty ? "cut" : "whole" };
}

const PLACEHOLDERS = ["{cli}", "{bin}", "{name}", "{PFX}"];

function withNames(run: Run, text: string, given: Readonly<Record<string, unknown>>): string {
  if (!PLACEHOLDERS.some((placeholder) => text.includes(placeholder))) return text;
  const { brand } = run;
  return text.replaceAll("{cli}", cliName(run, given)).replaceAll("{bin}", brand.bin).replaceAll("{name}", brand.name).replaceAll("{PFX}", brand.envPrefix);
}

function helpNames(run: Run) {
  return { bin: run.brand.bin, name: run.brand.name, envPrefix: run.brand.envPrefix, version: run.version };
}

function usageError(message: string, hint: string): AppError {
  return new AppError("USAGE", message, { hint });
}
