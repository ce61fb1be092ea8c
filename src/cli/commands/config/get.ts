import type { Broker } from "../../../broker.ts";
import { findKey } from "../../../config/find-key.ts";
import { keyPathText } from "../../../config/key-path.ts";
import { placeText } from "../../../kernel/place.ts";
import { defineCommand } from "../../command.ts";
import type { Style } from "../../style.ts";

export interface ConfigGetReport {
  schemaVersion: 1;
  /** Empty for the whole config. */
  key: string;
  /** As this run sees it, secrets as "[secret]"; null also for a text that names an unset variable. */
  value: unknown;
  file: string | null;
  line: number | null;
  column: number | null;
}

export const configGet = defineCommand({
  summary: "Show one value as this run sees it, and where it stands",
  about: "Includes and ${VAR} are resolved. Keys, tokens and other secrets are shown as [secret]. Without a key the whole config is shown.",
  args: [{ name: "key", help: "a path such as agents.defaults.model or agents.list[0].id", optional: true, names: "config-key" }],
  rooms: [],
  options: {},
  examples: [
    { run: "config get agents.defaults.model", does: "the default model and its fallbacks" },
    { run: "config get 'models.providers.lab.baseUrl' --plain", does: "one value for a script" },
  ],
  run: (broker, _given, [key = ""]) => get(broker, key),
  human,
  plain: ({ value }) => text(value, "one line"),
});

function get(broker: Broker, key: string): ConfigGetReport {
  const config = broker.config();
  const { path, value } = findKey(config, key);
  const place = path.length === 0 && config.exists ? { file: config.path, line: 1, column: 1 } : config.placeOf(path);
  return { schemaVersion: 1, key: keyPathText(path), value, file: place?.file ?? null, line: place?.line ?? null, column: place?.column ?? null };
}

function human({ value, file, line, column }: ConfigGetReport, style: Style): string {
  const where =
    file === null ? "" : `\n${style.dim(`at ${placeText({ file: style.path(file), ...(line !== null && { line }), ...(column !== null && { column }) })}`)}`;
  return `${text(value, "many lines")}${where}`;
}

function text(value: unknown, lines: "one line" | "many lines"): string {
  return typeof value === "string" ? value : JSON.stringify(value, undefined, lines === "one line" ? undefined : 2);
}
