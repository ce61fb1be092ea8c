import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { type AgentId, MAIN_AGENT, toAgentId } from "../kernel/ids.ts";
import { type Agent, type Agents, chooseAgent, configuredAgents } from "./agents.ts";
import type { ConfigEdit, JsonValue } from "./config-edit.ts";
import type { InstallationNames } from "./installation.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { absolutePath } from "./locate.ts";
import type { Planned } from "./planned.ts";
import { looksSecret, secretRefused } from "./secret-looks.ts";
import { writtenAgents } from "./written-text.ts";

/** What an edit of the list of agents is planned from. */
export interface AgentEditFacts {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly config: LoadedConfig;
  readonly agents: Agents;
}

export interface NewAgent {
  readonly id: string;
  readonly name: string | undefined;
  /** As a person writes it. */
  readonly dir: string | undefined;
  /** A reference that was checked. */
  readonly model: string | undefined;
  readonly standing: "default" | "one of several";
}

export interface AgentAdded {
  readonly id: AgentId;
  /** `main`, where it was there without being listed and is listed now. */
  readonly alsoListed: AgentId | undefined;
}

export interface AgentRemoved {
  readonly agent: Agent;
  /** Set when the removed one was the default. */
  readonly newDefault: AgentId | undefined;
}

export interface DefaultChanged {
  readonly id: AgentId;
  readonly previous: AgentId | undefined;
}

const LIST = ["agents", "list"] as const;
/** At the end of the list. Where none is listed, `main` is there all the same, and would be gone: it is listed first. Throws AGENT_EXISTS. */
export function planAgentAdd(wanted: NewAgent, facts: AgentEditFacts): Planned<AgentAdded> {
  const { config } = facts;
  const id = agentIdOf(wanted.id);
  const written = writtenAgents(config);
  if (written.some((one) => one.id === id)) throw agentExists(id, facts);
  const dir = wanted.dir === undefined ? undefined : ownFolder(wanted.dir, id, facts);
  const isDefault = wanted.standing === "default";
  const others = isDefault ? undefault(facts) : [];
  const alsoListed = written.length === 0 && id !== MAIN_AGENT ? MAIN_AGENT : undefined;
  const entry = members({ id, default: isDefault || undefined, name: wanted.name, agentDir: dir, model: wanted.model });
  const inserted = [...(alsoListed === undefined ? [] : [members({ id: MAIN_AGENT, default: !isDefault || undefined })]), entry];
  const edits = inserted.map((value, i): ConfigEdit => ({ kind: "insert", path: LIST, index: written.length + i, value }));
  return { edits: [...others, ...edits], facts: { id, alsoListed }, warnings: [] };
}

/** Every entry of that id. Throws AGENT_UNKNOWN, and USAGE for the only one. */
export function planAgentRemove(word: string, facts: AgentEditFacts): Planned<AgentRemoved> {
  const agent = knownAgent(word, facts);
  const all = configuredAgents(facts.host, facts.config);
  const left = all.filter(({ id }) => id !== agent.id);
  if (left.length === 0) {
    throw new AppError("USAGE", `${agent.id} is the only agent`, { hint: "Add another one first: `{cli} agents add <id>`." });
  }
  const edits = writtenAgents(facts.config)
    .flatMap(({ id }, index): ConfigEdit[] => (id === agent.id ? [{ kind: "remove", path: [...LIST, index] }] : []))
    .toReversed();
  return { edits, facts: { agent, newDefault: agent.isDefault ? nextDefault(left, facts) : undefined }, warnings: mainMoves(agent, facts) };
}

/** Takes `default: true` from the others. Throws AGENT_UNKNOWN. */
export function planAgentDefault(word: string, facts: AgentEditFacts): Planned<DefaultChanged> {
  const agent = knownAgent(word, facts);
  const previous = configuredAgents(facts.host, facts.config).find(({ isDefault }) => isDefault)?.id;
  const index = writtenAgents(facts.config).findIndex(({ id }) => id === agent.id);
  const set: readonly ConfigEdit[] = agent.isDefault ? [] : [{ kind: "set", path: [...LIST, index, "default"], value: true }];
  return { edits: [...undefault(facts, index), ...set], facts: { id: agent.id, previous }, warnings: [] };
}

/** Of all but the entry at `kept`. */
function undefault({ config }: AgentEditFacts, kept?: number): ConfigEdit[] {
  return writtenAgents(config).flatMap(({ isDefault }, index): ConfigEdit[] =>
    isDefault && index !== kept ? [{ kind: "remove", path: [...LIST, index, "default"] }] : [],
  );
}

function members(values: Readonly<Record<string, JsonValue | undefined>>): JsonValue {
  return Object.fromEntries(Object.entries(values).filter((one): one is [string, JsonValue] => one[1] !== undefined));
}

/** Throws USAGE for a text in which nothing can be a part of an id. */
function agentIdOf(text: string): AgentId {
  if (looksSecret(text)) throw secretRefused("USAGE", "the id of an agent");
  if (/[a-z0-9]/i.test(text)) return toAgentId(text);
  throw new AppError("USAGE", `"${text.slice(0, 100)}" cannot be the id of an agent`, { hint: "An id is made of letters, digits, - and _, for example work." });
}

/** Throws AGENT_UNKNOWN. */
function knownAgent(word: string, { host, names, config }: AgentEditFacts): Agent {
  try {
    return chooseAgent(host, config, names, word).chosen;
  } catch (thrown) {
    throw looksSecret(word) ? secretRefused("AGENT_UNKNOWN", "the id of an agent") : thrown;
  }
}

function agentExists(id: AgentId, { host, config }: AgentEditFacts): AppError {
  const ids = configuredAgents(host, config).map((agent) => agent.id);
  return new AppError("AGENT_EXISTS", `an agent is configured as "${id}" already`, {
    hint: `Choose another id. Taken: ${ids.join(", ")}.`,
    suggestions: ids,
  });
}

/** From `~` or absolute: a relative path would lead elsewhere from every folder. Throws CONFIG_AGENT_DIR_SHARED. */
function ownFolder(text: string, id: AgentId, { host, config }: AgentEditFacts): string {
  if (text.includes("${")) {
    throw new AppError("USAGE", "--dir would be read as a variable", { hint: "Name the folder itself, or write agentDir into the config by hand." });
  }
  const absolute = absolutePath(host, config.homeDir, text);
  const folded = (path: string): string => (host.platform === "darwin" || host.platform === "win32" ? path.toLowerCase() : path);
  const owner = configuredAgents(host, config).find((agent) => agent.id !== id && folded(host.paths.resolve(agent.dir)) === folded(absolute));
  if (owner === undefined) return text.startsWith("~") ? text.trim() : absolute;
  throw new AppError("CONFIG_AGENT_DIR_SHARED", `the folder is that of the agent ${owner.id} already`, {
    hint: "Each agent keeps its accounts in a folder of its own. Without --dir it gets one below the state folder.",
  });
}

/** The first that says so, else the first. */
function nextDefault(left: readonly Agent[], { config }: AgentEditFacts): AgentId | undefined {
  const marked = writtenAgents(config).filter(({ isDefault }) => isDefault);
  return (left.find(({ id }) => marked.some((one) => one.id === id)) ?? left[0])?.id;
}

/** Other agents see the accounts in main's folder; without its entry that is the usual one. */
function mainMoves(agent: Agent, { host, config }: AgentEditFacts): string[] {
  if (agent.id !== MAIN_AGENT) return [];
  const usual = host.paths.join(config.stateDir, "agents", MAIN_AGENT, "agent");
  if (host.paths.resolve(agent.dir) === host.paths.resolve(usual)) return [];
  return [`The other agents see the accounts that main keeps. They are in ${agent.dir}, and will be looked for in ${usual} from now on.`];
}
