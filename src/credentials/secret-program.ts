import { shortDuration } from "../kernel/duration.ts";
import { readJson } from "../kernel/json-text.ts";
import type { Host, ProcessResult } from "../kernel/host.ts";
import { objectAt } from "../kernel/json-value.ts";
import { redactStrictly } from "../kernel/redact.ts";
import type { Secret } from "../kernel/secret.ts";
import { environmentOf } from "../kernel/withheld-variables.ts";
import { toSecret } from "./secret-text.ts";

/** Where a secret is asked for, and who is there. */
export interface AskingFor {
  readonly host: Host;
  /** What `~` stands for. */
  readonly homeDir: string;
  /** A person is there: what the program says on stderr is shown, and it may take its time, for it may have to ask them. */
  readonly isInteractive: boolean;
  /** Variables that hold credentials of providers: a program that hands out one secret need not see the others. What is withheld from all comes to it. */
  readonly withheld: Iterable<string>;
}

export type ResolvedSecret =
  | { readonly kind: "secret"; readonly secret: Secret; readonly expiresAtMs?: number }
  | { readonly kind: "unresolved"; readonly reason: string; readonly hint: string };

const TIMEOUT_MS = { unattended: 10_000, attended: 60_000 } as const;
const LARGEST_BYTES = 64 * 1024;

/**
 * Runs a program that hands out a secret; it is no shell that reads the words. The contract: the token, or JSON with it, on stdout; words for the
 * person on stderr; exit code 0. `SIGNALBOX_INTERACTIVE` is 1 when a person is watching and 0 otherwise.
 */
export function askProgram(command: readonly string[], asking: AskingFor): ResolvedSecret {
  const { host, homeDir, isInteractive } = asking;
  const [written = "", ...args] = command;
  const program = /^~[/\\]/.test(written) ? host.paths.join(homeDir, written.slice(2)) : written;
  const timeoutMs = isInteractive ? TIMEOUT_MS.attended : TIMEOUT_MS.unattended;
  const env = { ...environmentFor(asking, host.paths.basename(program)), SIGNALBOX_INTERACTIVE: isInteractive ? "1" : "0" };
  const result = host.run(program, args, { timeoutMs, maxBytes: LARGEST_BYTES, env, stderr: isInteractive ? "pass" : "capture" });
  const failure = failureOf(result, written, timeoutMs);
  if (failure !== undefined) return { kind: "unresolved", ...failure };
  const answer = readAnswer(result.stdout, host.nowMs());
  return answer.kind === "secret" ? answer : { ...answer, reason: `${written} ${answer.reason}` };
}

/** What a program may see, by its name where it has a login of its own. */
export function environmentFor({ host, withheld }: Pick<AskingFor, "host" | "withheld">, program = ""): Record<string, string | undefined> {
  const env = environmentOf(program, host.env);
  for (const name of withheld) delete env[name];
  return env;
}

/** Why a program gave nothing, with what it said about it. */
export function failureOf(result: ProcessResult, program: string, timeoutMs: number): { readonly reason: string; readonly hint: string } | undefined {
  const { exitCode, failure, stderr = "" } = result;
  if (exitCode === 0) return undefined;
  if (failure === "ENOENT") return { reason: `there is no program ${program}`, hint: `Install ${program}, or write its whole path.` };
  if (failure === "EACCES") return { reason: `${program} may not be run`, hint: `Make it a program that you may run: chmod u+x ${program}` };
  if (failure === "ETIMEDOUT") return { reason: `${program} did not answer within ${timeoutMs / 1000} s`, hint: runItYourself(program) };
  if (failure === "ENOBUFS") return { reason: `${program} printed more than 64 KB`, hint: "Only the token may go to stdout." };
  const said = wordsOf(stderr);
  const how = exitCode === undefined ? `could not be run to its end (${failure ?? "unknown"})` : `ended with exit code ${exitCode}`;
  return { reason: `${program} ${how}${said === "" ? "" : `: ${said}`}`, hint: runItYourself(program) };
}

function runItYourself(program: string): string {
  return `Run ${program} yourself, with the words of the reference, and see what it says.`;
}

/** One line, of what a program says, without any secret. */
function wordsOf(stderr: string): string {
  const words = redactStrictly(stderr).replace(/\s+/g, " ").trim();
  return words.length > 200 ? `${words.slice(0, 199)}…` : words;
}

/** Plain, or `{"token", "expiresAt"}`, or the ExecCredential of kubectl: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/, checked 2026-11-21. */
function readAnswer(stdout: string, nowMs: number): ResolvedSecret {
  const text = stdout.trim();
  if (text === "") return unusable("printed nothing on stdout", "The token has to go to stdout.");
  if (!text.startsWith("{"))
    return /[\r\n]/.test(text) ? unusable("printed more than one line on stdout", ONLY_THE_TOKEN) : { kind: "secret", secret: toSecret(text) };
  const parsed = readJson(text, "stdout");
  const fields = parsed.kind === "value" ? objectAt(parsed.value) : undefined;
  const status = objectAt(fields?.["status"]) ?? fields;
  const token = status?.["token"];
  if (typeof token !== "string" || token.trim() === "") return unusable('printed JSON without a "token"', ONLY_THE_TOKEN);
  const expiresAtMs = timeOf(status?.["expiresAt"] ?? status?.["expirationTimestamp"]);
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    return unusable(`gave a token that expired ${shortDuration(nowMs - expiresAtMs)} ago`, "Log in there again.");
  }
  return { kind: "secret", secret: toSecret(token), ...(expiresAtMs !== undefined && { expiresAtMs }) };
}

const ONLY_THE_TOKEN = 'Print the token alone, or {"token": "…", "expiresAt": "…"}; words for people belong on stderr.';

function unusable(reason: string, hint: string): ResolvedSecret {
  return { kind: "unresolved", reason, hint };
}

const LARGEST_SECONDS = 1e11;

/** ISO 8601, or since 1970: milliseconds, or seconds, which such small numbers must be. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? (/^\d+$/.test(value) ? Number(value) : Date.parse(value)) : typeof value === "number" ? value : Number.NaN;
  if (!Number.isFinite(time) || time <= 0) return undefined;
  return time < LARGEST_SECONDS ? time * 1000 : time;
}
