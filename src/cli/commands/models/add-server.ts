import type { Broker } from "../../../broker.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { ServerKind } from "../../../probe/server-kind.ts";
import type { ProtocolId } from "../../../provider/protocol-id.ts";
import type { Found } from "../../server-entry.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { tokensText } from "../../model-words.ts";
import { text } from "../../option.ts";
import { plannedEdit } from "../../planned-edit.ts";
import { takenBack } from "../../shown-value.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";

export interface ModelsAddServerReport extends EditReport {
  provider: string;
  /** Which program answers; null where it refuses to say anything without a key. */
  server: ServerKind | null;
  serverLabel: string;
  protocol: ProtocolId;
  baseUrl: string;
  asksForKey: boolean;
  models: AddedModel[];
}

export interface AddedModel {
  /** provider/model. */
  key: string;
  /** Tokens; null where the server does not say. */
  contextWindow: number | null;
  serves: "chat" | "embeddings" | "other";
  /** Stands in the config now. */
  written: boolean;
}

export const modelsAddServer = defineCommand({
  summary: "Make a server of models a provider, after asking it what it is",
  about: [
    "Asks the server for its list of models, without a key: which program it is, which protocol it speaks, how much context its models really have. What it says is written as models.providers.<id>; a key never is.",
    "A server on your own network that asks for no key needs none here: it shows as not needed. An address elsewhere must be https.",
  ].join("\n\n"),
  args: [{ name: "url", help: "its address, with or without /v1" }],
  rooms: [],
  options: { name: text("<id>", "what the provider is to be called; the program's own name unless told"), ...editOptions },
  examples: [
    { run: "models add-server http://192.168.1.20:8000", does: "a vLLM in the next room" },
    { run: "models add-server 127.0.0.1:1234 --name studio", does: "under a name of your own" },
    { run: "models add-server https://llm.example.com/v1 --dry-run", does: "what it is, and what would be written" },
  ],
  run: (broker, given, [url = ""], talk) => add(broker, talk, { url, ...given }),
  human,
});

interface Wanted {
  readonly url: string;
  readonly name: string | undefined;
  readonly dryRun: boolean;
}

async function add(broker: Broker, talk: Talk, { url, name, dryRun }: Wanted): Promise<ModelsAddServerReport> {
  const { planServer, serverUrl } = await import("../../server-entry.ts");
  const { SERVER_LABELS } = await import("../../../probe/server-kind.ts");
  broker.config();
  const found = await ask(broker, talk, serverUrl(url));
  const { report, facts } = await plannedEdit({ broker, talk, command: "models add-server", dryRun }, (view) => planServer(found, name, view));
  const { provider, written } = facts;
  return {
    ...report,
    provider,
    server: found.server ?? null,
    serverLabel: found.server === undefined ? "a server that asks for a key" : SERVER_LABELS[found.server],
    protocol: found.protocol,
    baseUrl: found.baseUrl,
    asksForKey: found.outcome === "asks for a key",
    models: found.outcome === "listed" ? found.list.models.map((model) => addedModel(provider, model, written)) : [],
  };
}

function addedModel(provider: string, { id, facts, serves }: Listed, written: ReadonlySet<string>): AddedModel {
  return { key: `${provider}/${id}`, contextWindow: facts.contextTokens ?? null, serves: serves ?? "chat", written: written.has(id) };
}

type Listed = Extract<Found, { outcome: "listed" }>["list"]["models"][number];

/** Throws CATALOG_FETCH_FAILED and CATALOG_REJECTED; nothing was written then. */
async function ask(broker: Broker, talk: Talk, url: string): Promise<Found> {
  const { findServer } = await import("../../../probe/find-server.ts");
  talk.note(`Asking ${url}…`);
  const survey = await findServer(broker.host, url);
  if (survey.outcome !== "failed") return survey;
  if (survey.status === undefined)
    throw new AppError("CATALOG_FETCH_FAILED", `${url} ${survey.why}; nothing was written`, { hint: "Start the server, or correct the port." });
  throw new AppError("CATALOG_REJECTED", `${url} is no server of models that could be recognised: it ${survey.why}; nothing was written`, {
    hint: "Give the address below which its API answers, for example with /v1 at the end.",
  });
}

const MOST_SHOWN = 8;

function human(report: ModelsAddServerReport, style: Style): string {
  const { provider, serverLabel, baseUrl, outcome } = report;
  const head = `${style.bold(provider)}: ${serverLabel} at ${baseUrl}`;
  return editLines(
    report,
    { says: [head, ...modelLines(report, style), ...nextSteps(report, style), ...takenBack(outcome, style)], stays: `${head}, as before` },
    style,
  );
}

function modelLines({ models }: ModelsAddServerReport, style: Style): string[] {
  const shown = models.slice(0, MOST_SHOWN).map(({ key, contextWindow, serves }) => {
    const facts = [
      ...(contextWindow === null ? [] : [`${tokensText(contextWindow)} context`]),
      ...(serves === "chat" ? [] : [serves === "other" ? "no chat" : serves]),
    ];
    return `  ${key}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
  });
  const rest = models.length - shown.length;
  const unwritten = models.filter(({ serves, written }) => serves === "chat" && !written).length;
  return [
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    ...(unwritten > 0 ? [`${unwritten} of them are not written into the config; ${style.accent(`${style.cli} models list --live`)} shows them.`] : []),
  ];
}

function nextSteps({ provider, asksForKey, models }: ModelsAddServerReport, style: Style): string[] {
  if (asksForKey) return [`It asks for a key: ${style.accent(`${style.cli} models auth add --provider ${provider}`)}`];
  const first = models.find(({ serves }) => serves === "chat");
  if (first === undefined) return ["It has no chat model yet."];
  return [`It asks for no key. To use it: ${style.accent(`${style.cli} models set ${first.key}`)}`];
}
