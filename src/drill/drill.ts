import type { Generation } from "../gateway/generation.ts";
import type { Host } from "../kernel/host.ts";
import { ask, type DrillClient, type Seen } from "./ask.ts";
import type { Fault } from "./faults.ts";
import { openStage, type Stage } from "./stage.ts";
import { judge, type Verdict } from "./verdict.ts";
import { WORDS } from "./wall.ts";

export interface DrillInput {
  readonly host: Host;
  readonly generation: Generation;
  readonly client: DrillClient;
  /** As a client would name it: "default", an alias, "provider/model". */
  readonly model: string;
  readonly faults: readonly Fault[];
}

/** One fault, asked for in one way. */
export interface Drilled {
  readonly fault: Fault;
  readonly streamed: boolean;
  /** Of several requests the last. */
  readonly seen: Seen;
  /** How often the first choice was asked. */
  readonly attempts: number;
  /** How often anybody was. */
  readonly asked: number;
  /** Who was asked last went on with words that were put into its mouth. */
  readonly isPrefilled: boolean;
  readonly verdict: Verdict;
}

/** How it goes in good weather: who answers then is the first choice. */
export interface Fair {
  readonly seen: Seen;
  /** What answers, as the vendors of the drill know it. */
  readonly target: string | undefined;
}

export async function fairWeather({ host, generation, client, model }: DrillInput): Promise<Fair> {
  const stage = openStage(host, generation);
  const seen = await ask(stage, client, model, "streamed");
  return { seen, target: isWhole(seen) ? stage.wall.knocks.at(-1)?.target : undefined };
}

/** All faults, streamed and in one piece, each before vendors that know nothing of the others. */
export async function* drill(input: DrillInput, target: string): AsyncGenerator<Drilled> {
  for (const fault of input.faults) {
    for (const streamed of fault.streamedOnly === true || fault.sequence !== undefined ? [true] : [true, false]) {
      const stage = openStage(input.host, input.generation);
      stage.wall.misbehave(fault, target);
      const all = await askAll(stage, input, { fault, streamed });
      const attempts = stage.wall.knocks.filter((knock) => knock.target === target).length;
      const seen = all.at(-1);
      if (seen === undefined) continue;
      const { isPrefilled = false } = stage.wall.knocks.at(-1) ?? {};
      yield { fault, streamed, seen, attempts, isPrefilled, asked: stage.wall.knocks.length, verdict: judge({ fault, all, attempts, isWhole }) };
    }
  }
}

async function askAll(
  stage: Stage,
  { client, model }: DrillInput,
  { fault, streamed }: { readonly fault: Fault; readonly streamed: boolean },
): Promise<Seen[]> {
  const { count, everyMs } = fault.sequence ?? { count: 1, everyMs: 0 };
  const all: Seen[] = [];
  for (let i = 0; i < count; i++) {
    const beganMs = stage.clock.nowMs();
    all.push(await ask(stage, client, model, streamed ? "streamed" : "in one piece"));
    const restMs = everyMs - (stage.clock.nowMs() - beganMs);
    if (i < count - 1 && restMs > 0) await stage.clock.run(stage.clock.wait(restMs));
  }
  return all;
}

/** Every word, each once, and a good end. */
export function isWhole({ end, text }: Pick<Seen, "end" | "text">): boolean {
  return end === "answer" && text === WORDS.join("");
}
