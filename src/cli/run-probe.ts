import type { Broker } from "../broker.ts";
import { openCatalog } from "../catalog/open-catalog.ts";
import { chosenAccounts } from "../probe/account-choice.ts";
import { planProbes, type ProbeOptions, type ProbePlan, runProbes } from "../probe/probe.ts";
import type { ProbeSummary } from "../probe/summary.ts";
import type { ProbeFacts } from "../probe/targets.ts";
import { counted } from "./counted.ts";
import { answerLine, type Asking, progressLines } from "./probe-progress.ts";
import type { Talk } from "./talk.ts";

/** What a probe needs to know; the catalogue is opened for it alone. */
export function probeFacts(broker: Broker): ProbeFacts {
  const { config, registry, credentials, chain, host } = broker;
  const catalog = openCatalog({ host, registry: registry(), stateDir: config().stateDir });
  return { config: config(), registry: registry(), credentials: credentials(), chain: chain(), catalog, nowMs: host.nowMs() };
}

/** For `models status --probe`. */
export async function probeAccounts(broker: Broker, talk: Talk, options: ProbeOptions): Promise<ProbeSummary> {
  const facts = probeFacts(broker);
  const { provider, profileIds } = options;
  const isInChain = facts.chain.entries.some(({ resolution }) => resolution?.ref.provider === provider);
  chosenAccounts({ profileIds, ...(provider !== undefined && !isInChain && { provider }) }, facts);
  return runPlan(broker, talk, planProbes(facts, options), facts, options);
}

/** Asks everybody of the plan, and shows on stderr who has answered. */
export async function runPlan(broker: Broker, talk: Talk, plan: ProbePlan, facts: ProbeFacts, options: ProbeOptions): Promise<ProbeSummary> {
  const total = plan.asked.length;
  const costs = options.tier === "free" ? "their lists of models, which costs nothing" : "one small request each";
  if (total > 0) talk.note(`Asking ${counted(total, "account")}, ${costs}…`);
  const states: Asking[] = plan.asked.map(() => "waiting");
  const draw = (): void => talk.live((style) => progressLines(plan.asked, states, style));
  const summary = await runProbes(plan, facts, options, {
    host: broker.host,
    homeDir: broker.config().homeDir,
    isInteractive: talk.isInteractive,
    withheld: broker.registry().variables,
    onStart: (index) => {
      states[index] = "asked";
      draw();
    },
    onRow: (row, index, done) => {
      states[index] = row;
      if (talk.isLive) draw();
      else talk.note(answerLine(row, done, total));
    },
  });
  talk.live(() => []);
  return summary;
}
