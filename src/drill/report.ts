import { refText } from "../catalog/model-ref.ts";
import { type Generation, loadGeneration } from "../gateway/generation.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { InstallationNames } from "../config/installation.ts";
import { adviceOf, type Advice } from "./advice.ts";
import type { DrillClient } from "./ask.ts";
import { drill, type Drilled, type DrillInput, fairWeather } from "./drill.ts";
import { exampleHost } from "./example.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { PRETENDED } from "./stage.ts";

/** How one's own chain stands up to faults. Nobody was asked, and no time has passed: milliseconds are those of the drill's clock. */
export interface DrillReport {
  schemaVersion: 1;
  agentId: string;
  /** There is no config yet: a built-in example was drilled. */
  example: boolean;
  /** What the clients of the drill asked for. */
  asked: string;
  client: DrillClient;
  /** Who answers in good weather; every fault is this one's. */
  firstChoice: string;
  chain: string[];
  /** Providers whose account was pretended, because there is none. */
  pretended: string[];
  results: DrillRow[];
  counts: { pass: number; slow: number; honest: number; fail: number };
  advice: Advice[];
}

export interface DrillRow {
  id: string;
  title: string;
  streamed: boolean;
  verdict: "pass" | "slow" | "honest" | "fail";
  why: string | null;
  /** What the client got: a whole answer, or an error. */
  clientSaw: "answer" | "error" | "nothing";
  error: string | null;
  words: number;
  /** Who spoke first. */
  servedBy: string | null;
  profileId: string | null;
  /** Who went on where that one broke off. */
  takenOverBy: string | null;
  /** `prefill`: it took what was said as its own beginning. `same-words`: it said all of it again, as the vendors of a drill do. */
  takenOverHow: "prefill" | "same-words" | null;
  /** Requests that reached the first choice, and that reached anybody. */
  attempts: number;
  requests: number;
  firstWordMs: number | null;
  tookMs: number;
}

export interface DrillWishes {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly agent: string | undefined;
  /** Whether there is a config to drill. */
  readonly hasConfig: boolean;
  readonly asked: string;
  readonly client: DrillClient | undefined;
  readonly ids: readonly string[];
  readonly onResult?: (done: number, total: number) => void;
}

/** Throws what is wrong with the config or with the word for the model, DRILL_FAULT_UNKNOWN, and DRILL_NOBODY when nobody would answer even in good weather. */
export async function buildDrillReport(wishes: DrillWishes): Promise<DrillReport> {
  const { names, agent, hasConfig, asked } = wishes;
  const faults = chosenFaults(wishes.ids);
  const host = hasConfig ? wishes.host : exampleHost(wishes.host, names);
  const generation = await loadGeneration({ host, names, agent, warn: () => undefined });
  const input: DrillInput = { host, generation, client: wishes.client ?? clientOf(generation), model: asked, faults };
  const fair = await fairWeather(input);
  if (fair.target === undefined || fair.seen.servedBy === undefined) {
    if (asked !== "default") generation.route(asked, {});
    throw new AppError("DRILL_NOBODY", `nobody would answer "${asked}" even in good weather: ${fair.seen.error ?? "there was no answer"}`, {
      hint: "`{cli} models explain` says why, model by model.",
    });
  }
  const drilled: Drilled[] = [];
  for await (const result of drill(input, fair.target)) {
    drilled.push(result);
    wishes.onResult?.(drilled.length, faults.length);
  }
  const { broker } = generation;
  const chain = broker
    .chain()
    .entries.flatMap(({ resolution, role }) => (resolution === undefined || role === "image" || role === "image-fallback" ? [] : [refText(resolution.ref)]));
  const results = drilled.map(rowOf);
  const count = (word: DrillRow["verdict"]): number => results.filter(({ verdict }) => verdict === word).length;
  const pretended = new Set([fair.seen.profile, ...results.map(({ profileId }) => profileId)].filter((id) => id?.endsWith(PRETENDED)));
  return {
    schemaVersion: 1,
    agentId: broker.agents().chosen.id,
    example: !hasConfig,
    asked,
    client: input.client,
    firstChoice: fair.seen.servedBy,
    chain,
    pretended: [...pretended].map((id) => (id ?? "").slice(0, -PRETENDED.length)),
    results,
    counts: { pass: count("pass"), slow: count("slow"), honest: count("honest"), fail: count("fail") },
    advice: adviceOf(drilled, { chain, limits: generation.limits }),
  };
}

function chosenFaults(ids: readonly string[]): readonly Fault[] {
  if (ids.length === 0) return FAULTS;
  return ids.map((id) => {
    const found = FAULTS.find((fault) => fault.id === id.toUpperCase());
    if (found !== undefined) return found;
    throw new AppError("DRILL_FAULT_UNKNOWN", `no fault of the drill is called "${id}"`, { hint: `They are ${FAULTS.map((fault) => fault.id).join(", ")}.` });
  });
}

/** The format of the first model, where clients speak it. */
function clientOf({ broker }: Generation): DrillClient {
  const first = broker.chain().entries.find(({ resolution }) => resolution !== undefined)?.resolution;
  const protocol =
    first === undefined ? undefined : (broker.catalog().find(first.ref)?.spec.protocol ?? broker.registry().get(first.ref.provider)?.provider.protocol);
  return protocol === "anthropic-messages" || protocol === "openai-responses" ? protocol : "openai-chat";
}

function rowOf({ fault, streamed, seen, attempts, asked, verdict, isPrefilled }: Drilled): DrillRow {
  return {
    id: fault.id,
    title: fault.title,
    streamed,
    verdict: verdict.word,
    why: verdict.why ?? null,
    clientSaw: seen.end,
    error: seen.error ?? null,
    words: seen.text === "" ? 0 : seen.text.trim().split(/\s+/).length,
    servedBy: seen.servedBy ?? null,
    profileId: seen.profile ?? null,
    takenOverBy: seen.takenOverBy ?? null,
    takenOverHow: seen.takenOverBy === undefined ? null : isPrefilled ? "prefill" : "same-words",
    attempts,
    requests: asked,
    firstWordMs: seen.firstWordMs ?? null,
    tookMs: seen.tookMs,
  };
}
