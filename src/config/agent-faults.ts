import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { type AgentId, toAgentId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { type AgentsSource, listedAgents } from "./agents.ts";
import { RowList } from "./row-list.ts";

/** Throws CONFIG_AGENT_DIR_SHARED when two agents name one folder: each would overwrite the other's accounts. */
export function refuseSharedDirs(host: Host, config: AgentsSource): void {
  const foldsCase = host.platform === "darwin" || host.platform === "win32";
  const owners = new Map<string, number>();
  for (const { dir, index } of listedAgents(host, config)) {
    const absolute = host.paths.resolve(dir);
    const key = foldsCase ? absolute.toLowerCase() : absolute;
    const owner = owners.get(key);
    if (owner !== undefined) throw sharedDir(owner, index, config);
    owners.set(key, index);
  }
}

/** Entries of `agents.list` that do not count as written. Ids may come from variables, so they are named by their position. */
export function agentProblems(config: AgentsSource): Problem[] {
  const rows = new RowList();
  const seen = new Set<AgentId>();
  let defaults = 0;
  (config.value.agents?.list ?? []).forEach((entry, index) => {
    const id = toAgentId(entry.id);
    const isSecondDefault = entry.default === true && ++defaults > 1;
    if (seen.has(id))
      rows.add(() =>
        problemAt(config, index, "CONFIG_AGENT_DIR_SHARED", "repeats the id of an agent before it; the first counts", "Give it an id of its own."),
      );
    if (isSecondDefault)
      rows.add(() =>
        problemAt(
          config,
          index,
          "CONFIG_DUPLICATE_DEFAULT",
          "says default: true, and so does an agent before it; the first counts",
          "Leave `default: true` at one agent.",
        ),
      );
    seen.add(id);
  });
  return rows.all();
}

function problemAt(config: AgentsSource, index: number, code: Problem["code"], message: string, hint: string): Problem {
  const subject = `agents.list[${index}]`;
  const place = config.placeOf(["agents", "list", index]);
  return { code, severity: "warning", subject, message: `${subject} ${message}`, hint, ...(place !== undefined && { place }) };
}

function sharedDir(owner: number, position: number, config: AgentsSource): AppError {
  const place = config.placeOf(["agents", "list", position]);
  return new AppError("CONFIG_AGENT_DIR_SHARED", `agents.list[${owner}] and agents.list[${position}] have the same folder`, {
    hint: "Give one of them another agentDir.",
    ...(place !== undefined && { place }),
    keyPath: `agents.list[${position}]`,
  });
}
