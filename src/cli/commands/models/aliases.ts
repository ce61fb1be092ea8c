import { refText } from "../../../catalog/model-ref.ts";
import type { AliasEntry } from "../../../catalog/resolve.ts";
import { asAppError } from "../../../kernel/errors.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import type { Style } from "../../style.ts";
import { table } from "../../table.ts";
import { wrap } from "../../text-width.ts";

export interface ModelsAliasesReport {
  schemaVersion: 1;
  /** Alias → reference as written in the config. */
  aliases: Record<string, string>;
  /** In the order of the config. */
  entries: AliasRow[];
}

export interface AliasRow {
  alias: string;
  /** As written. */
  target: string;
  /** provider/model; null when the target leads nowhere. */
  key: string | null;
  /** One of the six that a model has without anybody writing it. */
  builtIn: boolean;
  /** Why it leads nowhere. */
  reason: string | null;
}

export const modelsAliasesList = defineCommand({
  summary: "List the aliases and what they stand for",
  about:
    'An alias belongs to a model below agents.defaults.models. Six well-known models get one where they stand there without an alias; `alias: ""` turns it off. Upper and lower case are the same.',
  rooms: [],
  options: {},
  examples: [
    { run: "models aliases list", does: "every alias and its model" },
    { run: "models aliases list --plain", does: "alias and reference, one a line" },
  ],
  run: list,
  human,
  plain: (report) => report.entries.map(({ alias, target }) => `${alias} ${target}`).join("\n"),
});

function list(broker: Broker): ModelsAliasesReport {
  const { all } = broker.chain().aliases;
  const aliases: Record<string, string> = Object.create(null);
  for (const { alias, target } of all) aliases[alias] = target;
  return { schemaVersion: 1, aliases, entries: all.map((entry) => aliasRow(entry, broker)) };
}

function aliasRow({ alias, target, builtIn }: AliasEntry, { chain }: Broker): AliasRow {
  try {
    return { alias, target, builtIn, key: refText(chain().resolve(target).ref), reason: null };
  } catch (thrown) {
    return { alias, target, builtIn, key: null, reason: asAppError(thrown).message };
  }
}

function human({ entries }: ModelsAliasesReport, style: Style): string {
  if (entries.length === 0)
    return wrap('No aliases. One is written below agents.defaults.models in the config: "groq/llama-3.3-70b-versatile": { alias: "fast" }.', style.width);
  const rows = entries.map(({ alias, target, key, builtIn, reason }) => [
    style.accent(alias),
    key ?? target,
    reason !== null ? style.bad(`✗ ${reason}`) : builtIn ? style.dim("built in") : "",
  ]);
  return table(rows, { headers: ["Alias", "Model", ""], style, flexible: 1 });
}
