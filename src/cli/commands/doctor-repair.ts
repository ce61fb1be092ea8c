import { type Broker, openBroker } from "../../broker.ts";
import { locate } from "../../config/locate.ts";
import { asAppError, assertNever, expected } from "../../kernel/errors.ts";
import type { Mending } from "../../kernel/mending.ts";
import type { Problem } from "../../kernel/problem.ts";
import { readRepairFacts } from "../../status/repair-facts.ts";
import { offeredRepairs, type Repair, repairKey, withRepairs } from "../../status/repairs.ts";
import type { Talk } from "../talk.ts";
import { type Findings, findAll } from "./doctor-findings.ts";

/** Something that can be mended, and what became of it. */
export interface RepairRow {
  kind: Repair["kind"];
  /** Of the problem that it mends. */
  code: string;
  subject: string;
  message: string;
  would: string;
  /** Those that are, or would be, different afterwards. */
  files: string[];
  outcome: "offered" | "would be done" | "done" | "not needed" | "declined" | "failed";
  /** Why it failed. */
  reason: string | null;
}

export interface Examined extends Findings {
  readonly broker: Broker;
  readonly repairs: readonly Repair[];
}

export interface RepairWish {
  readonly yes: boolean;
  readonly dryRun: boolean;
}

const COMMAND = "doctor --repair";

/** What is wrong, and what of it can be mended. */
export async function examine(broker: Broker): Promise<Examined> {
  const findings = findAll(broker);
  const repairs = repairsFor(broker, findings, await broker.host.mending());
  return { ...findings, broker, repairs, problems: withRepairs(findings.problems, repairs) };
}

function repairsFor(broker: Broker, { problems, configWasRead }: Findings, mending: Mending): Repair[] {
  const { host, names } = broker;
  const wasRead = configWasRead === "yes";
  const facts = readRepairFacts({
    host,
    names,
    mending,
    configProblems: wasRead ? [] : problems,
    configFiles: wasRead ? broker.config().files : [...new Set([locate(host, names).configPath, ...placesOf(problems)])],
    stateDir: locate(host, names).stateDir,
    agentDirs: agentDirs(broker, configWasRead),
  });
  return offeredRepairs(facts);
}

function placesOf(problems: readonly Problem[]): string[] {
  return problems.flatMap(({ place }) => (place === undefined ? [] : [place.file]));
}

/** Of the agents that the config lists, and of those that left a folder. */
function agentDirs({ host, names, agents }: Broker, configWasRead: Findings["configWasRead"]): string[] {
  const folder = host.paths.join(locate(host, names).stateDir, "agents");
  const usual = host.listFolder(folder).map(({ name }) => host.paths.join(folder, name, "agent"));
  const known = configWasRead === "yes" ? [agents().chosen.dir, agents().mainDir, ...agents().all.map(({ dir }) => dir)] : [];
  return [...new Set([...known, ...usual].map((dir) => host.paths.resolve(dir)))];
}

/** Mends what is agreed to, looks again, and goes on while there is something new: a config that is whole again names further stores. */
export async function repairAll(broker: Broker, wish: RepairWish, talk: Talk): Promise<{ readonly rows: RepairRow[]; readonly after: Examined }> {
  const rows: RepairRow[] = [];
  const seen = new Set<string>();
  for (let after = await examine(broker); ; after = await examine(await lookedAtAfresh(broker))) {
    const fresh = after.repairs.filter((repair) => !seen.has(repairKey(repair)));
    if (fresh.length === 0) return { rows, after };
    for (const repair of fresh) seen.add(repairKey(repair));
    rows.push(...(await repairRound(fresh, { broker, wish, talk })));
    if (wish.dryRun) return { rows, after };
  }
}

interface Round {
  readonly broker: Broker;
  readonly wish: RepairWish;
  readonly talk: Talk;
}

/** All questions come before the first change: who gives up has changed nothing. */
async function repairRound(repairs: readonly Repair[], { broker, wish, talk }: Round): Promise<RepairRow[]> {
  if (wish.dryRun) return repairs.map((repair) => repairRow(repair, "would be done"));
  const agreed = new Set<Repair>();
  for (const repair of repairs) if (wish.yes || (await isAgreed(repair, talk))) agreed.add(repair);
  const rows: RepairRow[] = [];
  for (const repair of repairs) rows.push(agreed.has(repair) ? await mended(repair, broker) : repairRow(repair, "declined"));
  return rows;
}

async function isAgreed({ problem, would }: Repair, talk: Talk): Promise<boolean> {
  if (talk.isInteractive) talk.note(problem.message);
  return talk.confirm(`${would[0]?.toUpperCase()}${would.slice(1)}?`, {
    instead: "Give --yes to mend all of it, or --dry-run to see what would be done.",
    initial: "yes",
  });
}

async function mended(repair: Repair, broker: Broker): Promise<RepairRow> {
  try {
    return repairRow(repair, await carryOut(repair, broker));
  } catch (thrown) {
    return { ...repairRow(repair, "failed"), reason: expected(thrown).message };
  }
}

async function carryOut(repair: Repair, broker: Broker): Promise<"done" | "not needed"> {
  const mending = await broker.host.mending();
  switch (repair.kind) {
    case "restrict":
      mending.restrict(repair.what.path, repair.what.most);
      return "done";
    case "bring back": {
      const again = await lookedAtAfresh(broker);
      const isNeeded = (): boolean => repairsFor(again, findAll(again), mending).some((other) => repairKey(other) === repairKey(repair));
      const { file, backup, aside, kept } = repair.what;
      return mending.bringBack({ file, backup, aside, kept, command: COMMAND, isNeeded });
    }
    case "sweep":
      return (await mending.sweep(repair.what.file, COMMAND)).length > 0 ? "done" : "not needed";
    default:
      return assertNever(repair);
  }
}

/** A broker that has read nothing yet, about the same agent. */
async function lookedAtAfresh({ host, names, agents }: Broker): Promise<Broker> {
  return openBroker({ host, names, agent: flaggedAgent(agents) });
}

function flaggedAgent(agents: Broker["agents"]): string | undefined {
  try {
    const { chosen, chosenBy } = agents();
    return chosenBy === "flag" ? chosen.id : undefined;
  } catch (thrown) {
    if (asAppError(thrown).code.startsWith("CONFIG_")) return undefined;
    throw thrown;
  }
}

export function repairRow({ kind, problem, would, files }: Repair, outcome: RepairRow["outcome"]): RepairRow {
  const { code, subject, message } = problem;
  return { kind, code, subject, message, would, files: [...files], outcome, reason: null };
}
