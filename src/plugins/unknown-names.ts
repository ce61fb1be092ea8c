import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import { didYouMean } from "../kernel/nearest.ts";
import type { Problem } from "../kernel/problem.ts";

/**
 * Ids in `plugins.entries`, `.allow`, `.deny` and `.slots.memory` that none of the plugins on this machine has: one note an id.
 * The line is not looked for: it would cost every command a second reading of the file, for what is mostly a plugin of the agent's own.
 */
export function unknownNames(config: LoadedConfig, known: ReadonlySet<string>): Problem[] {
  const notes: Problem[] = [];
  const noted = new Set(known);
  for (const [id, path] of namedIds(config)) {
    if (id.trim() === "" || noted.has(id)) continue;
    noted.add(id);
    notes.push({
      code: "PLUGIN_UNKNOWN",
      severity: "note",
      subject: path.join("."),
      message: `no plugin "${id}" was found here`,
      hint: didYouMean(id, known).trim() || "Nothing to do if the agent brings it along. Otherwise install it, or remove the entry.",
      place: { file: config.path },
    });
  }
  return notes;
}

function* namedIds({ value }: LoadedConfig): Generator<readonly [id: string, path: KeyPath]> {
  const { entries = {}, allow = [], deny = [], slots } = value.plugins ?? {};
  for (const id of Object.keys(entries)) yield [id, ["plugins", "entries", id]];
  for (const [at, id] of allow.entries()) yield [id, ["plugins", "allow", at]];
  for (const [at, id] of deny.entries()) yield [id, ["plugins", "deny", at]];
  if (slots?.memory !== undefined && slots.memory !== "none") yield [slots.memory, ["plugins", "slots", "memory"]];
}
