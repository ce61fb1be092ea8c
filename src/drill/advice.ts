import type { Limits } from "../routing/limits.ts";
import type { Drilled } from "./drill.ts";

/** A setting that would have made it better. */
export interface Advice {
  /** What it would change, as a sentence. */
  about: string;
  command: string;
  /** The faults that it is about. */
  faults: string[];
}

interface Circumstances {
  readonly chain: readonly string[];
  readonly limits: Limits;
}

const TOO_LONG = "S12";

/** Only what the drill has shown: nothing is advised for what went well. */
export function adviceOf(drilled: readonly Drilled[], { chain, limits }: Circumstances): Advice[] {
  const bad = drilled.filter(({ verdict }) => verdict.word !== "pass");
  const idsOf = (of: readonly Drilled[]): string[] => [...new Set(of.map(({ fault }) => fault.id))];
  const stranded = bad.filter(({ seen, verdict }) => verdict.word === "honest" && seen.text === "");
  const cut = bad.filter(({ seen, verdict }) => verdict.word === "honest" && seen.text !== "");
  const slow = bad.filter(({ verdict, seen }) => verdict.word === "slow" && (seen.firstWordMs ?? 0) > 15_000);
  const advice: Advice[] = [];
  const tooLong = stranded.filter(({ fault }) => fault.id === TOO_LONG);
  const isContinued = limits.onCut === "continue";
  const left = [...stranded.filter(({ fault }) => fault.id !== TOO_LONG), ...(isContinued ? cut : [])];
  if (left.length > 0 && chain.length < 2)
    advice.push({
      about: "There is nobody to take over. A fallback of another provider would have.",
      command: "models fallbacks add <provider/model>",
      faults: idsOf(left),
    });
  else if (left.length > 0) advice.push({ about: "Nobody took over. See who is passed over, and why.", command: "models explain", faults: idsOf(left) });
  if (tooLong.length > 0)
    advice.push({
      about: "A request that is too long for the first choice goes on to a model with a larger window only, and the chain has none.",
      command: "models fallbacks add <provider/model>",
      faults: idsOf(tooLong),
    });
  if (cut.length > 0 && chain.length > 1 && !isContinued)
    advice.push({
      about:
        "An answer of plain text that breaks off can go on at the next model, where that takes what was said as its own beginning, or says the same words again as the vendors of this drill do.",
      command: "config set gateway.streams.onCut continue",
      faults: idsOf(cut),
    });
  if (slow.length > 0 && limits.timeouts.firstTokenMs > 15_000)
    advice.push({
      about: `Clients waited up to ${longestWaitSeconds(slow)} s for the first word. A shorter deadline leaves a silent vendor sooner, and a model that thinks for longer.`,
      command: "config set gateway.timeouts.firstTokenMs 15000",
      faults: idsOf(slow),
    });
  return advice;
}

function longestWaitSeconds(slow: readonly Drilled[]): number {
  return Math.round(Math.max(...slow.map(({ seen }) => seen.firstWordMs ?? 0)) / 1000);
}
