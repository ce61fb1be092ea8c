import type { Agents } from "../config/agents.ts";
import type { ConfigEdit, JsonValue } from "../config/config-edit.ts";
import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import { type WrittenText, writtenAgents, writtenTexts } from "../config/written-text.ts";
import { AppError } from "../kernel/errors.ts";
import type { AgentId } from "../kernel/ids.ts";

/** Which of the two choices of models: the one for text, or the one for images. */
export type ChoiceKind = "model" | "imageModel";

/** A choice of models as the files have it: a primary and fallbacks, of all agents or of one. */
export interface WrittenChoice {
  /** undefined: of all agents. */
  readonly agentId: AgentId | undefined;
  /** Of the choice; of `agents.list` where the agent, `main`, is listed nowhere. */
  readonly path: KeyPath;
  readonly form: "text" | "object" | "absent" | "agent not listed";
  readonly primary: string | undefined;
  /** undefined where the choice has no list. */
  readonly fallbacks: readonly WrittenText[] | undefined;
}

/** With `--agent` that agent's own, else the one of all. Throws USAGE for an agent's image model: there is none. */
export function writtenChoice(kind: ChoiceKind, config: LoadedConfig, { chosen, chosenBy }: Pick<Agents, "chosen" | "chosenBy">): WrittenChoice {
  if (chosenBy !== "flag") return choiceOfAll(kind, config);
  if (kind === "imageModel") throw onlyForAll("agents have no image model of their own");
  const index = writtenAgents(config).findIndex(({ id }) => id === chosen.id);
  if (index < 0) return { agentId: chosen.id, path: ["agents", "list"], form: "agent not listed", primary: undefined, fallbacks: undefined };
  return { agentId: chosen.id, ...choiceAt(["agents", "list", index, "model"], chosen.model?.primary, config) };
}

export function choiceOfAll(kind: ChoiceKind, config: LoadedConfig): WrittenChoice {
  return { agentId: undefined, ...choiceAt(["agents", "defaults", kind], config.value.agents?.defaults?.[kind]?.primary, config) };
}

/** For what every agent shares. `what` completes "… : leave out --agent". */
export function onlyForAll(what: string): AppError {
  return new AppError("USAGE", `${what}, so --agent cannot be given here`, { hint: "Leave out --agent: the change counts for all agents." });
}

function choiceAt(path: KeyPath, primary: string | undefined, config: LoadedConfig): Omit<WrittenChoice, "agentId"> {
  const written = config.show(path);
  const form = written === undefined ? "absent" : typeof written.value === "object" && written.value !== null ? "object" : "text";
  return { path, form, primary: primary?.trim() || undefined, fallbacks: writtenTexts(config, [...path, "fallbacks"]) };
}

/** A text alone stays one; an agent that says nothing yet gets one. */
export function setPrimary({ path, form, agentId }: WrittenChoice, text: string, config: LoadedConfig): ConfigEdit[] {
  if (form === "agent not listed") return listed(agentId ?? "main", text, config);
  const isTextAlone = form === "text" || (form === "absent" && agentId !== undefined);
  return [{ kind: "set", path: isTextAlone ? path : [...path, "primary"], value: text }];
}

/** The whole list anew. */
export function setFallbacks({ path, form, agentId }: WrittenChoice, texts: readonly string[], config: LoadedConfig): ConfigEdit[] {
  if (form === "agent not listed") return listed(agentId ?? "main", { fallbacks: texts }, config);
  return [{ kind: "set", path: [...path, "fallbacks"], value: texts }];
}

function listed(id: string, model: JsonValue, config: LoadedConfig): ConfigEdit[] {
  return [{ kind: "insert", path: ["agents", "list"], index: writtenAgents(config).length, value: { id, model } }];
}
