import { planAliasAdd, planAliasRemove } from "../../../routing/alias-edits.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { refuseMistake, warnOfUnlisted } from "../../named-model.ts";
import { flag } from "../../option.ts";
import { editFacts, plannedEdit } from "../../planned-edit.ts";
import type { Style } from "../../style.ts";

export interface ModelsAliasesAddReport extends EditReport {
  alias: string;
  /** provider/model, with @account where one is pinned. */
  target: string;
  /** The alias that the model had before: it has one at a time. */
  replaced: string | null;
  /** The models, as written, that had this alias before. */
  takenFrom: string[];
}

export interface ModelsAliasesRemoveReport extends EditReport {
  /** As it was written. */
  alias: string;
  /** The models that had it, as written; more than one where the config gave it twice. */
  targets: string[];
  /** One that its model had without anybody writing it: it is turned off now. */
  builtIn: boolean;
}

export const modelsAliasesAdd = defineCommand({
  summary: "Give a model an alias",
  about: [
    "An alias is made of letters, digits and _ . : - alone; upper and lower case are the same. A model has one at a time: another one replaces it.",
    "It is kept below agents.defaults.models. An older agent that reads the same file takes the models there for the only ones allowed; {cli} does not, unless agents.defaults.modelPolicy.allow or signalbox.legacyAllowlist says so.",
  ].join("\n\n"),
  args: [
    { name: "alias", help: "the new word" },
    { name: "model", help: "provider/model, or another alias", names: "model" },
  ],
  rooms: [],
  options: { force: flag("take the alias away from the model that has it"), ...editOptions },
  examples: [
    { run: "models aliases add fast groq/llama-3.3-70b-versatile", does: "fast stands for that model" },
    { run: "models aliases add fast openai/gpt-5-mini --force", does: "and now for another one" },
  ],
  run: async (broker, { force, dryRun }, [alias = "", word = ""], talk): Promise<ModelsAliasesAddReport> => {
    await refuseMistake(word, broker);
    const wanted = { alias: alias.trim(), word, taken: force ? "take it" : "refuse" } as const;
    const edit = await plannedEdit({ broker, talk, command: "models aliases add", dryRun }, (view) => planAliasAdd(wanted, editFacts(view)));
    const { chosen, replaced, takenFrom } = edit.facts;
    if (edit.report.outcome !== "unchanged") await warnOfUnlisted(chosen, edit.before, { broker, talk });
    return { ...edit.report, alias: edit.facts.alias, target: chosen.text, replaced: replaced ?? null, takenFrom: [...takenFrom] };
  },
  human: (report, style) => {
    const { alias, target, replaced, takenFrom } = report;
    const change = `Alias ${style.accent(alias)} -> ${target}`;
    const before = [...(replaced === null ? [] : [`in place of ${replaced}`]), ...(takenFrom.length === 0 ? [] : [`taken from ${takenFrom.join(", ")}`])];
    return editLines(report, { says: [`${change}${before.length === 0 ? "" : style.dim(` (${before.join(", ")})`)}`], stays: `${change}, as before` }, style);
  },
});

export const modelsAliasesRemove = defineCommand({
  summary: "Take an alias away from its model",
  about: 'The model\'s other settings stay, also an entry without any. One of the six aliases that models have by themselves is turned off by `alias: ""`.',
  args: [{ name: "alias", help: "the word, in upper or lower case", names: "alias" }],
  rooms: [],
  options: editOptions,
  examples: [
    { run: "models aliases remove fast", does: "fast is no alias any more" },
    { run: "models aliases remove opus --dry-run", does: "what would change" },
  ],
  run: async (broker, { dryRun }, [word = ""], talk): Promise<ModelsAliasesRemoveReport> => {
    const { report, facts } = await plannedEdit({ broker, talk, command: "models aliases remove", dryRun }, (view) => planAliasRemove(word, editFacts(view)));
    return { ...report, alias: facts.alias, targets: [...facts.targets], builtIn: facts.builtIn };
  },
  human: removedText,
});

function removedText(report: ModelsAliasesRemoveReport, style: Style): string {
  const removed = `Alias ${style.accent(report.alias)} removed from ${report.targets.join(" and ")}`;
  return editLines(report, { says: [removed], stays: removed }, style);
}
