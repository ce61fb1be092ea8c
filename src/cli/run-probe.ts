import type { Broker } from "../broker.ts";
import { openCatalog } from "../catalog/open-catalog.ts";
import { AppError } from "../kernel/errors.ts";
import { didYouMean } from "../kernel/nearest.ts";
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

/** Throws PROVIDER_UNKNOWN and PROFILE_UNKNOWN before anybody is asked. */
function refuseUnknown({ registry, credentials, chain }: ProbeFacts, { provider, profileIds }: Pick<ProbeOptions, "provider" | "profileIds">): void {
  const inChain = chain.entries.some(({ resolution }) => resolution?.ref.provider === provider);
  if (provider !== undefined && registry.get(provider) === undefined && !inChain) {
    const known = registry.all.map(({ provider: { id } }) => id);
    throw new AppError("PROVIDER_UNKNOWN", `no provider is named "${provider}"`, { hint: didYouMean(provider, known).trim() || "See `{cli} plugins list`." });
  }
  const ids = credentials.profiles.map(({ id }): string => id);
  const unknown = profileIds.find((id) => !ids.includes(id));
  if (unknown !== undefined)
    throw new AppError("PROFILE_UNKNOWN", `there is no account "${unknown}"`, { hint: `${didYouMean(unknown, ids)} See \`{cli} models auth list\`.`.trim() });
}

/** For `models status --probe`. */
export async function probeAccounts(broker: Broker, talk: Talk, options: ProbeOptions): Promise<ProbeSummary> {
  const facts = probeFacts(broker);
  refuseUnknown(facts, options);
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
