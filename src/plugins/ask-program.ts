import type { Host } from "../kernel/host.ts";
import { readJson } from "../kernel/json-text.ts";
import type { ProgramAnswer } from "../kernel/plugin-machine.ts";
import { redactStrictly } from "../kernel/redact.ts";
import type { Secret } from "../kernel/secret.ts";
import type { PluginProgram, PluginVerb } from "../provider/plugin-provider.ts";
import type { Plugin } from "./plugin.ts";

/** What is asked. Only verbs that need it come with a credential, and it is the provider's own. */
export type ProgramQuestion =
  | { readonly verb: "describe" }
  | { readonly verb: "models" | "usage"; readonly provider: string; readonly credential: ProgramCredential | undefined }
  | { readonly verb: "refresh"; readonly provider: string; readonly credential: ProgramCredential }
  /** The first one has no handle; the next ones bring back what the program gave. */
  | { readonly verb: "login"; readonly provider: string; readonly handle: Secret | undefined };

export interface ProgramCredential {
  /** Whose it is. */
  readonly provider: string;
  readonly kind: "api_key" | "token" | "oauth";
  readonly secret: Secret;
  /** Where it is asked to renew one. */
  readonly refresh?: Secret;
}

/**
 * `why` goes on from the plugin's name. `at`: it was never started; it broke down, and what it did is not known; it says itself that there is no answer.
 */
export type ProgramReply =
  | { readonly kind: "answered"; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed"; readonly at: "start" | "work" | "answer"; readonly why: string };

/** As much of a plugin as is needed to ask it. */
export type Askable = Pick<Plugin, "id" | "folder" | "providerIds"> & { readonly program: PluginProgram };

/** The version of the contract, under the name that the request gives it. */
const CONTRACT = 1;
const LARGEST_ANSWER_BYTES = 2 ** 20;
const TIMEOUT_MS: Readonly<Record<ProgramQuestion["verb"], number>> = { describe: 5000, models: 15_000, usage: 15_000, login: 20_000, refresh: 15_000 };

/**
 * One question to a plugin's program: a line of JSON on stdin, one JSON object on stdout, exit code 0. It gets no environment and no credential but
 * the one in the question. It is ended sooner than usual where the caller has less time. Never throws for what the program does.
 */
export async function askProgram(host: Host, plugin: Askable, question: ProgramQuestion, mostMs = Number.POSITIVE_INFINITY): Promise<ProgramReply> {
  const { command, verbs } = plugin.program;
  if (!verbs.includes(question.verb)) return { kind: "failed", at: "start", why: `does not answer "${question.verb}"` };
  const foreign = foreignProvider(plugin, question);
  if (foreign !== undefined) return { kind: "failed", at: "start", why: `was not asked: ${foreign} is not its own provider` };
  const machine = await host.plugins();
  const timeoutMs = Math.min(TIMEOUT_MS[question.verb], mostMs);
  const answer = await machine.ask({ command, folder: plugin.folder, input: inputOf(question), timeoutMs, maxBytes: LARGEST_ANSWER_BYTES });
  const why = failureOf(answer, timeoutMs);
  if (why === undefined) return readAnswer(answer.stdout);
  return { kind: "failed", at: wasStarted(answer) ? "work" : "start", why };
}

/** One that was ended, also by a signal that nobody here sent, may have spent what it was given. */
function wasStarted({ failure }: ProgramAnswer): boolean {
  return failure === undefined || failure === "deadline" || failure === "too_much" || failure.startsWith("ended by ");
}

/** Whether it answers that. */
export function answers({ program }: Pick<Plugin, "program">, verb: PluginVerb): boolean {
  return program?.verbs.includes(verb) === true;
}

function foreignProvider({ providerIds }: Askable, question: ProgramQuestion): string | undefined {
  if (question.verb === "describe") return undefined;
  const keyOf = question.verb === "login" ? undefined : question.credential?.provider;
  return [question.provider, keyOf ?? question.provider].find((id) => !providerIds.includes(id) || id !== question.provider);
}

function inputOf(question: ProgramQuestion): string {
  if (question.verb === "describe") return `${JSON.stringify({ signalbox: CONTRACT, verb: question.verb })}\n`;
  if (question.verb === "login") {
    const { verb, provider, handle } = question;
    const step = handle === undefined ? { step: "begin" } : { step: "continue", handle: handle.reveal() };
    return `${JSON.stringify({ signalbox: CONTRACT, verb, provider, ...step })}\n`;
  }
  const { verb, provider, credential } = question;
  const shown =
    credential === undefined
      ? null
      : { kind: credential.kind, value: credential.secret.reveal(), ...(credential.refresh !== undefined && { refresh: credential.refresh.reveal() }) };
  return `${JSON.stringify({ signalbox: CONTRACT, verb, provider, credential: shown })}\n`;
}

function failureOf({ exitCode, failure, stderr }: ProgramAnswer, timeoutMs: number): string | undefined {
  if (failure === "deadline") return `did not answer within ${timeoutMs / 1000} s, and was ended`;
  if (failure === "too_much") return "printed more than 1 MB, and was ended";
  if (failure?.startsWith("ended by ")) return `was ${failure}`;
  if (failure !== undefined) return `could not be run (${failure})`;
  if (exitCode === 0) return undefined;
  const said = oneLine(stderr);
  return `ended with exit code ${exitCode ?? "unknown"}${said === "" ? "" : `: ${said}`}`;
}

function readAnswer(stdout: string): ProgramReply {
  const parsed = readJson(stdout, "stdout");
  if (parsed.kind === "syntax" || typeof parsed.value !== "object" || parsed.value === null || Array.isArray(parsed.value))
    return { kind: "failed", at: "work", why: "did not print one JSON object" };
  const answer = parsed.value as Readonly<Record<string, unknown>>;
  if (typeof answer["error"] === "string") return { kind: "failed", at: "answer", why: `says: ${oneLine(answer["error"])}` };
  return { kind: "answered", answer };
}

/** What a program says in its own words: short, and without any secret. */
function oneLine(text: string): string {
  const words = redactStrictly(text)
    .replace(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, " ")
    .trim();
  return words.length > 200 ? `${words.slice(0, 199)}…` : words;
}
