import { toAgentId, type AgentId } from "../kernel/ids.ts";
import { isObject } from "../kernel/json-value.ts";
import type { KeyPath, LoadedConfig } from "./loaded-config.ts";

/** A text of a list, as the files have it. */
export interface WrittenText {
  /** In the list of the files, where texts with an unset variable have their place as well. */
  readonly index: number;
  /** As the run sees it; undefined where a variable is unset. */
  readonly text: string | undefined;
  /** What a copy has to say, so that nothing of the environment gets into a file; undefined where a variable is a part of a longer text. */
  readonly copy: string | undefined;
}

/** undefined when there is no list at that path. */
export function writtenTexts(config: LoadedConfig, path: KeyPath): readonly WrittenText[] | undefined {
  const list = config.show(path)?.value;
  if (!Array.isArray(list)) return undefined;
  return list.map((item: unknown, index) => {
    const text = typeof item === "string" ? item : undefined;
    return { index, text, copy: sourceOf(config, [...path, index], text) };
  });
}

function sourceOf({ replaced, unset }: LoadedConfig, path: KeyPath, text: string | undefined): string | undefined {
  const written = path.join("\0");
  const use = [...replaced, ...unset].find((one) => one.path.join("\0") === written);
  if (use === undefined) return text;
  return use.isWhole ? `\${${use.variables[0]}}` : undefined;
}

/** The entries of `agents.list` in the files: more than those that count, where an id is missing or repeated. */
export function writtenAgents({ show }: Pick<LoadedConfig, "show">): readonly { readonly id: AgentId | undefined; readonly isDefault: boolean }[] {
  const list = show(["agents", "list"])?.value;
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    const { id, default: isDefault } = isObject(entry) ? entry : {};
    return { id: typeof id === "string" ? toAgentId(id) : undefined, isDefault: isDefault === true };
  });
}
