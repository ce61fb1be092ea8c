import type { Broker } from "../../../broker.ts";
import { AppError } from "../../../kernel/errors.ts";
import { PREFERENCES } from "../../../probe/scan-ranking.ts";
import { defineCommand } from "../../command.ts";
import { amount, choice, count, flag, type Given, list, type Option, text } from "../../option.ts";
import type { ListedReport, ScanReport } from "../../scan-report.ts";
import { listedLines, scanLines } from "../../scan-lines.ts";
import { speedText, testText } from "../../scan-cells.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";

/** With `--no-probe` a bare list. */
export type ModelsScanReport = ScanReport | ListedReport;

const options = {
  source: list("<provider>", "whose models: a provider, or `local` for every server of your own (default openrouter)", { names: "provider" }),
  provider: text("<name>", "only models whose id begins with this vendor, as in <vendor>/<model>"),
  minParams: amount("<b>", "only models of at least so many billion parameters, by their name"),
  maxAgeDays: amount("<days>", "only models that came out within so many days, where that is known"),
  paid: flag("also models that cost money; what the requests cost at most is said first"),
  limit: unlessGiven(count("<n>", "test at most this many models, those that promise most", 0), "all"),
  noProbe: flag("list them and test nothing"),
  repeat: count("<n>", "make each test this many times; figures are medians", 1),
  prefer: choice(PREFERENCES, "what ranks first: models that see images, then the quickest (images), or one figure", "images"),
  maxCandidates: count("<n>", "choose at most this many for each list", 6),
  timeout: unlessGiven(
    count("<ms>", "give up on a request after this many milliseconds", 0),
    "12000; 60000 for servers of your own, which may have to load a model",
  ),
  concurrency: unlessGiven(count("<n>", "test this many models at a time", 0), "3; 1 for servers of your own"),
  yes: flag("write the choice without asking: it replaces the fallbacks"),
  noInput: flag("ask nothing, write nothing"),
  keepExisting: flag("put the chosen ones after the fallbacks that are there"),
  setDefault: flag("the first that is chosen becomes the default model"),
  setImage: flag("the first that is chosen for images becomes the image model"),
  dryRun: flag("test, and show what --yes would change; nothing is written"),
};

type Flags = Given<typeof options>;

export const modelsScan = defineCommand({
  summary: "Test free models for real, and choose fallbacks among them",
  about: [
    "Lists the free models of OpenRouter, or of any --source, and sends each one request a test: whether it calls a tool, sees an image, answers in JSON, streams. A model fails a test when it does not do it and when the provider answers with an error; the reason is shown.",
    "In a terminal the best are then offered to choose from. Nothing is written without consent: your choice there, or --yes. --json and --no-input write nothing by themselves. Exits 1 when no model calls tools.",
  ].join("\n\n"),
  options,
  examples: [
    { run: "models scan", does: "test the free models of OpenRouter and choose" },
    { run: "models scan --no-probe --min-params 70", does: "list the large ones; needs no key" },
    { run: "models scan --source local", does: "test the models of Ollama, LM Studio, vLLM and others on this machine" },
    { run: "models scan --provider qwen --repeat 3 --prefer throughput", does: "rank one vendor's models by speed" },
    { run: "models scan --yes --keep-existing", does: "put the best after the fallbacks that are there, without a question" },
    { run: "models scan --json", does: "all that was found, for a script; writes nothing" },
  ],
  run,
  human: (report: ModelsScanReport, style: Style) => (Array.isArray(report) ? listedLines(report, style) : scanLines(report, style)),
  plain: (report: ModelsScanReport) => (Array.isArray(report) ? report.map(({ modelRef }) => modelRef) : report.results.map(plainLine)).join("\n"),
  exitCode: (report: ModelsScanReport) => (Array.isArray(report) || report.results.some(({ tool }) => tool.ok) ? 0 : 1),
});

/** A number whose default depends on whom is asked. */
function unlessGiven({ help, ...option }: Option<number>, usual: string): Option<number | undefined> {
  return { ...option, help: help.replace(/\(default 0\)$/, `(default ${usual})`), default: undefined };
}

async function run(broker: Broker, given: Flags & { readonly json?: boolean }, _args: readonly string[], talk: Talk): Promise<ModelsScanReport> {
  const isAsked = !given.yes && !given.noInput && given.json !== true && !given.dryRun;
  if (!given.noProbe && !talk.isInteractive && !given.yes && !given.noInput && given.json !== true)
    throw new AppError("TERMINAL_NEEDED", "there is no terminal to choose on", {
      hint: "Give --yes to take the best, --no-input to change nothing, or --json for a script. Nobody was asked.",
    });
  const { scanModels } = await import("../../run-scan.ts");
  return scanModels(broker, talk, { ...given, asks: isAsked ? "person" : "nobody" });
}

function plainLine({ modelRef, tool, image, json, stream, tokensPerSecond }: ScanReport["results"][number]): string {
  return [modelRef, ...[tool, image, json, stream].map(testText), speedText(tokensPerSecond)].join("\t");
}
