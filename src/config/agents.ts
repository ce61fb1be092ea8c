import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { type AgentId, MAIN_AGENT, toAgentId } from "../kernel/ids.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import type { Place } from "../kernel/place.ts";
import type { InstallationNames } from "./installation.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { looksSecret, secretRefused } from "./secret-looks.ts";
import { absolutePath, agentDirVariables, processVariable } from "./locate.ts";

export interface AgentModel {
  readonly primary?: string;
  /** Present, even when empty, only where the agent has a list of its own: an empty one disables the defaults' fallbacks. */
  readonly fallbacks?: readonly string[];
}

export interface Agent {
  readonly id: AgentId;
  readonly name?: string;
  /** Holds auth-profiles.json and models.json. */
  readonly dir: string;
  readonly isDefault: boolean;
  readonly model?: AgentModel;
  /** Where the config lists it. Found out when it is asked for. */
  readonly place?: Place | undefined;
}

export interface Agents {
  readonly all: readonly Agent[];
  /** The one that this run is about. When an environment variable names a folder, it is the default agent with that folder. */
  readonly chosen: Agent;
  readonly chosenBy: "flag" | "environment" | "default";
  /** The environment variable that named the folder, if one did. */
  readonly variable?: string;
  /** The folder whose store secondary agents read through to. */
  readonly mainDir: string;
}

/** What the list of agents is made from: a config, before or after it is wholly loaded. */
export type AgentsSource = Pick<LoadedConfig, "value" | "homeDir" | "stateDir" | "placeOf">;

/** An entry of `agents.list`, by its position there. */
export interface ListedAgent {
  readonly id: AgentId;
  readonly dir: string;
  readonly index: number;
}

/** The entries of `agents.list` that count: each id once, the first. */
export function listedAgents(host: Host, config: AgentsSource): readonly ListedAgent[] {
  const agents = new Map<AgentId, ListedAgent>();
  (config.value.agents?.list ?? []).forEach((entry, index) => {
    const id = toAgentId(entry.id);
    if (agents.has(id)) return;
    const dir = entry.agentDir?.trim() ? absolutePath(host, config.homeDir, entry.agentDir) : usualDir(host, config, id);
    agents.set(id, { id, dir, index });
  });
  return [...agents.values()];
}

/** The agents of the config in its order; `main` alone where it lists none. */
export function configuredAgents(host: Host, config: AgentsSource): readonly Agent[] {
  const listed = listedAgents(host, config);
  const entries = config.value.agents?.list ?? [];
  if (listed.length === 0) return [{ id: MAIN_AGENT, dir: usualDir(host, config, MAIN_AGENT), isDefault: true }];
  const standard = listed.find(({ index }) => entries[index]?.default === true) ?? listed[0];
  return listed.map((agent) => {
    const { id, dir, index } = agent;
    const facts = { id, name: entries[index]?.name, dir, isDefault: agent === standard, model: entries[index]?.model };
    return agentAt(facts, () => config.placeOf(["agents", "list", index]));
  });
}

/** `--agent`, else the folder that a variable names, else the default agent. Throws AGENT_UNKNOWN. */
export function chooseAgent(host: Host, config: AgentsSource, names: InstallationNames, flag: string | undefined): Agents {
  const all = configuredAgents(host, config);
  const variable = agentDirVariables(names).find((name) => processVariable(host, name) !== undefined);
  const folder = variable === undefined ? undefined : absolutePath(host, config.homeDir, processVariable(host, variable) ?? "");
  const mainDir = folder ?? all.find(({ id }) => id === MAIN_AGENT)?.dir ?? usualDir(host, config, MAIN_AGENT);
  if (flag !== undefined) return { all, chosen: named(all, flag), chosenBy: "flag", mainDir };
  const standard = all.find(({ isDefault }) => isDefault) ?? named(all, MAIN_AGENT);
  if (folder === undefined || variable === undefined) return { all, chosen: standard, chosenBy: "default", mainDir };
  return { all, chosen: agentAt({ ...factsOf(standard), dir: folder }, () => standard.place), chosenBy: "environment", variable, mainDir };
}

interface AgentFacts {
  readonly id: AgentId;
  readonly name: string | undefined;
  readonly dir: string;
  readonly isDefault: boolean;
  readonly model: AgentModel | undefined;
}

function agentAt({ name, model, ...facts }: AgentFacts, placeOf: () => Place | undefined): Agent {
  return {
    ...facts,
    ...(name !== undefined && { name }),
    ...(model !== undefined && { model }),
    get place() {
      return placeOf();
    },
  };
}

/** Without the place, which costs a second parsing. */
function factsOf({ id, name, dir, isDefault, model }: Agent): AgentFacts {
  return { id, name, dir, isDefault, model };
}

function named(all: readonly Agent[], flag: string): Agent {
  if (looksSecret(flag)) throw secretRefused("AGENT_UNKNOWN", "the id of an agent");
  const wanted = flag.trim() === "" ? undefined : toAgentId(flag);
  const found = all.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  const ids = all.map(({ id }) => id);
  const suggestions = nearest(flag, ids);
  throw new AppError("AGENT_UNKNOWN", `no agent is configured as "${flag.slice(0, 100)}"`, {
    hint: `Known: ${ids.join(", ")}.${didYouMean(flag, ids)} \`{cli} agents list\` shows them.`,
    suggestions,
  });
}

function usualDir(host: Host, config: AgentsSource, id: AgentId): string {
  return host.paths.join(config.stateDir, "agents", id, "agent");
}
