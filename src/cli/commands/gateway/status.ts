import { readRunning, type RunningGateway } from "../../../gateway/run-file.ts";
import { bodyText } from "../../../kernel/body-text.ts";
import { AppError } from "../../../kernel/errors.ts";
import { shortDuration } from "../../../kernel/duration.ts";
import type { Broker } from "../../../broker.ts";
import { listAt, numberAt, parseJson, textAt } from "../../../kernel/json-value.ts";
import { defineCommand } from "../../command.ts";
import type { Style } from "../../style.ts";

export interface GatewayStatusReport {
  schemaVersion: 1;
  url: string;
  pid: number;
  status: "ok" | "draining";
  upSeconds: number;
  /** Requests that are being answered, and those that wait for their turn. */
  running: number;
  waiting: number;
  memoryBytes: number;
  /** Why a changed config is not used; null when all is well. */
  configFault: string | null;
  /** Why what is remembered between requests cannot be kept; null when all is well. */
  stateFault: string | null;
  resting: { what: string; until: string; reason: string }[];
}

export const gatewayStatus = defineCommand({
  summary: "Tell whether a gateway runs, and how it does",
  about: "Asks the gateway that this installation started last. Exits 69 when none runs.",
  options: {},
  rooms: [],
  examples: [{ run: "gateway status", does: "where it is, what it does, who rests" }],
  run,
  human,
  plain: ({ status, url, running, waiting }) => [status, url, running, waiting].join("\t"),
});

const ASK_MS = 3000;
/** The port may be another program's by now. */
const LARGEST_BYTES = 8 * 1024 * 1024;

async function run(broker: Broker): Promise<GatewayStatusReport> {
  const { host } = broker;
  const running = readRunning(host, broker.config().stateDir);
  if (running === undefined) throw notRunning("no gateway of this installation runs");
  const value = await ask(broker, running);
  const rows = listAt(value, "resting");
  return {
    schemaVersion: 1,
    url: running.url,
    pid: running.pid,
    status: textAt(value, "status") === "draining" ? "draining" : "ok",
    upSeconds: Math.max(0, Math.round((host.nowMs() - running.startedAtMs) / 1000)),
    running: numberAt(value, "running") ?? 0,
    waiting: numberAt(value, "waiting") ?? 0,
    memoryBytes: numberAt(value, "memoryBytes") ?? 0,
    configFault: textAt(value, "configFault") ?? null,
    stateFault: textAt(value, "stateFault") ?? null,
    resting: rows.map((row) => ({ what: textAt(row, "what") ?? "", until: textAt(row, "until") ?? "", reason: textAt(row, "reason") ?? "" })),
  };
}

async function ask({ host }: Broker, { url, key }: RunningGateway): Promise<unknown> {
  const deadline = new AbortController();
  const deadlines = { connectMs: ASK_MS, firstByteMs: ASK_MS, idleMs: ASK_MS };
  try {
    const response = await host.http({ method: "GET", url: `${url}/v1/status`, headers: { authorization: `Bearer ${key}` } }, deadline.signal, deadlines);
    const text = await bodyText(response, LARGEST_BYTES);
    if (response.status === 200 && text !== undefined) return parseJson(text);
  } catch {
    throw notRunning(`no gateway answers at ${url}, where the last one was`);
  }
  throw notRunning(`another program answers at ${url}, where the last gateway was`);
}

function notRunning(message: string): AppError {
  return new AppError("GATEWAY_NOT_RUNNING", message, { hint: "Start one: `{cli} gateway serve`." });
}

function human(report: GatewayStatusReport, style: Style): string {
  const { url, pid, status, upSeconds, running, waiting, memoryBytes, configFault, stateFault, resting } = report;
  const lines = [
    ...(configFault === null ? [] : [`${style.bad("config")}   ${configFault}`]),
    ...(stateFault === null ? [] : [`${style.warn("state")}    ${stateFault}`]),
    `The gateway at ${style.bold(url)} ${status === "ok" ? "is well" : "is ending"}: up ${upSeconds < 60 ? `${upSeconds}s` : shortDuration(upSeconds * 1000)}, process ${pid}, ${Math.round(memoryBytes / 1_048_576)} MB.`,
    `${running} being answered, ${waiting} waiting.`,
    ...resting.map(({ what, until, reason }) => `${style.warn("rests")}    ${what} until ${until} (${reason})`),
  ];
  return lines.join("\n");
}
