import { buildStatusReport, type StatusReport } from "../../src/status/report.ts";
import { DAY, type FactsInput, NOW, openFacts } from "../credentials/open-facts.ts";

/** The report of one machine. */
export function statusOf(machine: FactsInput = {}, warnWithinMs = DAY): StatusReport {
  const { config, agents, registry, credentials, chain } = openFacts(machine);
  return buildStatusReport({ config, agents, registry, credentials, chain, otherProblems: registry.problems, nowMs: NOW, warnWithinMs });
}
