import type { Broker } from "../../../broker.ts";
import { isLoopback } from "../../../gateway/host-names.ts";
import { type OpenedGateway, openGateway } from "../../../gateway/open-gateway.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Readiness } from "../../../status/chain-rows.ts";
import { defineCommand } from "../../command.ts";
import { counted } from "../../counted.ts";
import { hang } from "../../hanging-text.ts";
import { choice, type Given, list, port } from "../../option.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { logLine } from "./log-line.ts";
import { servedRows, serveWarnings, unableWords } from "./serve-warnings.ts";

/** Printed when the gateway is ready; with `--json` the first line of the output. */
export interface GatewayServeReport {
  schemaVersion: 1;
  /** The origin, without a path or a slash at its end. */
  url: string;
  pid: number;
  /** The addresses that it listens at. */
  addresses: string[];
  /** Keys that clients may use. */
  keys: number;
  /** The default model and its fallbacks, in order. */
  models: string[];
  /** Of these, who cannot answer, and why: "missing", "expired", "delegated", "not allowed", "broken". */
  unable: { model: string; readiness: Readiness }[];
}

const options = {
  port: port("the port; 0 for any that is free", 4100, 0),
  listen: list("<address>", "listen at this address of the machine instead of at 127.0.0.1 and ::1; needs a key"),
  hostName: list("<name>", "a further name by which clients may call it, without a port"),
  log: choice(["json", "lines", "none"], "what is written to stderr for each request (default: lines in a terminal, else json)"),
};

export const gatewayServe = defineCommand({
  summary: "Serve your models to programs on this machine, with failover",
  about: [
    "Programs that speak OpenAI's or Anthropic's API ask here in place of the vendor. The default model answers, its fallbacks take over when it cannot, and your accounts stay here: a program gets a key of the gateway's own.",
    "Every request needs such a key: `{cli} gateway keys create <name>`. A changed config, store or key counts at once; what is being answered goes on.",
    "Ends at Ctrl-C or SIGTERM when all answers are given, after 30 s at most; at once at the second one.",
  ].join("\n\n"),
  options,
  examples: [
    { run: "gateway serve", does: "serve at http://127.0.0.1:4100" },
    { run: "gateway serve --port 0 --json", does: "at any free port, which the first line of the output tells" },
  ],
  run: () => {
    throw new AppError("INTERNAL", "the gateway was run and not followed", { hint: "This is a bug. Please report it." });
  },
  follow: (broker, given, _, talk) => serve(broker, given, talk),
  human,
});

async function* serve(broker: Broker, given: Given<typeof options>, talk: Talk): AsyncGenerator<GatewayServeReport> {
  const { host, names } = broker;
  const machine = await host.server();
  const as = given.log ?? (talk.isInteractive ? "lines" : "json");
  const stopped = machine.stopAsked();
  const opened = await openGateway({
    host,
    machine,
    names,
    agent: broker.agents().chosenBy === "flag" ? broker.agents().chosen.id : undefined,
    addresses: given.listen.length > 0 ? given.listen : ["127.0.0.1", "::1"],
    port: given.port,
    hostNames: given.hostName,
    log: as === "none" ? undefined : (event) => machine.log(logLine(event, as)),
    warn: (text) => talk.warn(text),
  });
  const open = opened.serving.hosts.filter((address) => !isLoopback(address));
  if (open.length > 0) talk.warn(`The gateway can be reached from other machines at ${open.join(", ")}, and what goes by is not encrypted.`);
  for (const warning of serveWarnings(opened.current.latest.broker, opened.keys.count)) talk.warn(warning);
  yield readyReport(opened, machine.pid);
  const cause = await stopped;
  await opened.stop();
  machine.flushLog();
  if (cause.kind === "fault") throw cause.error;
}

function readyReport({ serving, keys, current }: OpenedGateway, pid: number): GatewayServeReport {
  const rows = servedRows(current.latest.broker).map((row) => ({ ...row, model: row.ref ?? row.raw }));
  const unable = rows.filter((row) => unableWords(row) !== undefined).map(({ model, readiness }) => ({ model, readiness }));
  const models = rows.map(({ model }) => model);
  return { schemaVersion: 1, url: serving.url, pid, addresses: [...serving.hosts], keys: keys.count, models, unable };
}

function human({ url, models, unable, keys }: GatewayServeReport, style: Style): string {
  const [first = "nothing", ...others] = models.map((model) => {
    const found = unable.find((one) => one.model === model);
    return found === undefined ? model : `${model} ${style.bad(`(✗ ${unableWords(found)})`)}`;
  });
  const chain = others.length === 0 ? first : `${first}, then ${others.join(", ")}`;
  const key = keys === 0 ? "none yet" : `${counted(keys, "key")}. Another one: ${style.accent(`${style.cli} gateway keys create <name>`)}`;
  return [
    `The gateway serves at ${style.bold(url)}`,
    hang("  default  ", chain, style.width),
    hang("  keys     ", key, style.width),
    `  OpenAI   base URL ${url}/v1`,
    `  Claude   base URL ${url}`,
    "Try it:",
    `  curl ${url}/v1/chat/completions \\`,
    '    -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\',
    `    -d '{"model":"default","messages":[{"role":"user","content":"Hello"}]}'`,
    style.dim("Ctrl-C ends it when all answers are given."),
  ].join("\n");
}
