import type { Broker } from "../../../broker.ts";
import { locate } from "../../../config/locate.ts";
import { asAppError } from "../../../kernel/errors.ts";
import type { Host } from "../../../kernel/host.ts";
import { defineCommand } from "../../command.ts";
import type { Style } from "../../style.ts";
import { table } from "../../table.ts";

export interface ConfigPathReport {
  schemaVersion: 1;
  configPath: string;
  /** `broken`: it is there and cannot be used; `config validate` says why. */
  state: "read" | "none yet" | "broken";
  homeDir: string;
  stateDir: string;
  /** The state folder is one of an earlier version. */
  legacyStateDir: boolean;
  profile: string | null;
  agent: string | null;
  agentDir: string | null;
  /** Every file that is looked for, in reading order. */
  files: { file: string; what: FileKind; exists: boolean }[];
}

type FileKind = "config" | "included" | "variables" | "accounts" | "generated models";

export const configPath = defineCommand({
  summary: "Show which files are read",
  about: "{PFX}_CONFIG_PATH names the config file and {PFX}_STATE_DIR its folder; --profile chooses a folder of its own. Works also when the config is broken.",
  rooms: [],
  options: {},
  examples: [
    { run: "config path", does: "every file that is read, and whether it is there" },
    { run: "config path --plain", does: "the path of the config file alone" },
  ],
  run: report,
  human,
  plain: (shown) => shown.configPath,
});

function report(broker: Broker): ConfigPathReport {
  const { host, names } = broker;
  const { homeDir, stateDir, legacyStateDir, configPath: path } = locate(host, names);
  const read = readConfig(broker);
  const variables = [...new Set([host.cwd, stateDir])].map((folder) => host.paths.join(folder, ".env"));
  const found = (what: FileKind, file: string) => ({ file, what, exists: host.inspect(file) !== undefined });
  return {
    schemaVersion: 1,
    configPath: path,
    state: read.state,
    homeDir,
    stateDir,
    legacyStateDir,
    profile: names.profile ?? null,
    agent: read.agent,
    agentDir: read.agentDir,
    files: [
      found("config", path),
      ...read.included.map((file) => found("included", file)),
      ...variables.map((file) => found("variables", file)),
      ...agentFiles(host, read.agentDir).map(([what, file]) => found(what, file)),
    ],
  };
}

interface ConfigReading {
  readonly state: ConfigPathReport["state"];
  readonly included: readonly string[];
  readonly agent: string | null;
  readonly agentDir: string | null;
}

function readConfig(broker: Broker): ConfigReading {
  try {
    const { exists, files, path } = broker.config();
    const { id, dir } = broker.agents().chosen;
    return { state: exists ? "read" : "none yet", included: files.filter((file) => file !== path), agent: id, agentDir: dir };
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!error.code.startsWith("CONFIG_")) throw error;
    return { state: "broken", included: [], agent: null, agentDir: null };
  }
}

function agentFiles({ paths }: Host, agentDir: string | null): [FileKind, string][] {
  if (agentDir === null) return [];
  return [
    ["accounts", paths.join(agentDir, "auth-profiles.json")],
    ["generated models", paths.join(agentDir, "models.json")],
  ];
}

function human(shown: ConfigPathReport, style: Style): string {
  const rows = shown.files.map(({ file, what, exists }) => [what, style.path(file), exists ? style.good("✓ there") : style.dim("none")]);
  const lines = [
    table(rows, { style, flexible: 1 }),
    "",
    `State folder: ${style.path(shown.stateDir)}${shown.legacyStateDir ? style.warn(" (of an earlier version)") : ""}`,
  ];
  if (shown.agent !== null && shown.agentDir !== null) lines.push(`Agent:        ${shown.agent}, in ${style.path(shown.agentDir)}`);
  if (shown.state === "broken") lines.push("", `${style.bad("✗")} The config cannot be used: ${style.accent("{cli} config validate")} says why.`);
  return lines.join("\n");
}
