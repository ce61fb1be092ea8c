import type { Broker } from "../../../broker.ts";
import { keyPathText } from "../../../config/key-path.ts";
import type { KeyPath } from "../../../config/loaded-config.ts";
import type { Planned } from "../../../config/planned.ts";
import { settableKey, settablePath, settableValue } from "../../../config/settable.ts";
import { AppError } from "../../../kernel/errors.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { flag } from "../../option.ts";
import { isLoginSecret, secretVariable, writeVariable } from "../../login-secret.ts";
import { plannedEdit } from "../../planned-edit.ts";
import { shownValue, takenBack } from "../../shown-value.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";

export interface ConfigSetReport extends EditReport {
  key: string;
  /** As it is written. */
  value: unknown;
  /** As it was in effect, secrets as "[secret]"; null where nothing was set. */
  previous: unknown;
}

export const configSet = defineCommand({
  summary: "Set one value in the config",
  about:
    "The value is JSON5; where the key takes text, plain words do. It is written as it is: '${VAR}' stays a reference to the variable, and '$${VAR}' means the text ${VAR}. The change goes to the file that holds the key, and nothing else in it is touched. Secrets are refused: on a command line others can see them.",
  args: [
    { name: "key", help: "a path such as agents.defaults.model or agents.list[0].id", names: "config-key" },
    { name: "value", help: "JSON5, or plain words" },
  ],
  rooms: [],
  options: { text: flag("take the value as text, whatever it looks like"), ...editOptions },
  examples: [
    { run: "config set agents.defaults.model groq/llama-3.3-70b-versatile", does: "the default model" },
    { run: "config set agents.defaults.modelPolicy.allow '[\"groq/*\"]'", does: "a list" },
    { run: "config set models.providers.lab.apiKey '${LAB_API_KEY}'", does: "a reference to a variable" },
    { run: "config set agents.defaults.workspace ~/work --dry-run", does: "what would change" },
  ],
  run: (broker, given, [key = "", value = ""], talk) => set(broker, talk, { key, value, ...given }),
  human,
});

interface Asked {
  readonly key: string;
  readonly value: string;
  readonly text: boolean;
  readonly dryRun: boolean;
}

interface Facts {
  readonly path: KeyPath;
  readonly value: unknown;
  readonly previous: unknown;
}

async function set(broker: Broker, talk: Talk, asked: Asked): Promise<ConfigSetReport> {
  const { report, facts } = await plannedEdit({ broker, talk, command: "config set", dryRun: asked.dryRun }, ({ config }): Planned<Facts> => {
    const key = settableKey(config(), asked.key);
    const value = isLoginSecret(key.path) ? nameOfVariable(asked.value, key.path) : settableValue(asked.value, key, asked.text ? "as text" : "as fits");
    const path = settablePath(key, value, config().show(key.path)?.value);
    return { edits: [{ kind: "set", path, value }], facts: { path, value, previous: config().show(path)?.value ?? null }, warnings: [] };
  });
  return { ...report, key: keyPathText(facts.path), value: facts.value, previous: facts.previous };
}

/** The name of a variable is no secret, and the only thing that a login reads there. */
function nameOfVariable(written: string, path: KeyPath): string {
  if (secretVariable(written) !== undefined) return written;
  throw new AppError("USAGE", `${keyPathText(path)} names the variable that holds the secret, and is not the secret; nothing was written`, {
    hint: `${writeVariable(String(path[2]))} The history of your shell may still hold what you typed.`,
    keyPath: keyPathText(path),
  });
}

function human(report: ConfigSetReport, style: Style): string {
  const { key, value, previous, outcome } = report;
  const now = `${key} = ${shownValue(value)}`;
  const before = previous === null ? "" : style.dim(` (was ${shownValue(previous)})`);
  return editLines(report, { says: [now + before, ...takenBack(outcome, style)], stays: `${now}, as before` }, style);
}
