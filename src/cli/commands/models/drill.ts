import type { Broker } from "../../../broker.ts";
import type { DrillReport } from "../../../drill/report.ts";
import { defineCommand } from "../../command.ts";
import { drillLines } from "../../drill-lines.ts";
import { choice, type Given, list, text } from "../../option.ts";
import type { Talk } from "../../talk.ts";

export interface ModelsDrillReport extends DrillReport {}

const CLIENTS = { chat: "openai-chat", responses: "openai-responses", messages: "anthropic-messages" } as const;

const options = {
  model: text("<name>", "what the drill's clients ask for: default, an alias, provider/model (default default)", { names: "model" }),
  client: choice(["chat", "responses", "messages"], "the format in which they ask; that of the first model unless told"),
  fault: list("<id>", "only these faults (repeat, or separate with commas)"),
};

export const modelsDrill = defineCommand({
  summary: "Run your chain against scripted faults, without a key and without a cent",
  about: [
    "Your own config, accounts and limits, in this process, before vendors that are played: they answer, refuse, fall silent and break off by script. No request leaves, no key is used, nothing is written, and the clock is the drill's: a minute of silence takes no time.",
    "Every fault is one of the first choice; all other vendors are well. `pass`: the client got the whole answer. `slow`: it did, but waited. `honest`: it got an error that says so. `fail`: it was deceived, or left waiting. Exits 1 when something failed. Without a config an example is drilled.",
  ].join("\n\n"),
  options,
  examples: [
    { run: "models drill", does: "the default chain against all faults" },
    { run: "models drill --model fast --client messages", does: "an alias, as a client of Anthropic's format sees it" },
    { run: "models drill --fault S06,S08 --json", does: "two faults, as data" },
  ],
  rooms: [],
  run,
  human: drillLines,
  plain: ({ results }) =>
    results
      .map(({ id, streamed, verdict, servedBy, attempts, tookMs }) =>
        [id, streamed ? "streamed" : "whole", verdict, servedBy ?? "-", attempts, tookMs].join("\t"),
      )
      .join("\n"),
  exitCode: ({ counts }) => (counts.fail > 0 ? 1 : 0),
});

async function run(broker: Broker, given: Given<typeof options>, _: readonly string[], talk: Talk): Promise<ModelsDrillReport> {
  const { buildDrillReport } = await import("../../../drill/report.ts");
  const { host, names } = broker;
  const hasConfig = broker.config().files.length > 0;
  const report = await buildDrillReport({
    host,
    names,
    agent: hasConfig ? broker.agents().chosen.id : undefined,
    hasConfig,
    asked: given.model ?? "default",
    client: given.client === undefined ? undefined : CLIENTS[given.client],
    ids: given.fault,
    onResult: (done) => talk.live(() => [`drilling … ${done}`]),
  });
  talk.live(() => []);
  return report;
}
