import type { Broker } from "../../../broker.ts";
import { refText } from "../../../catalog/model-ref.ts";
import type { ProviderId } from "../../../kernel/ids.ts";
import { AppError } from "../../../kernel/errors.ts";
import { didYouMean } from "../../../kernel/nearest.ts";
import { isMeant, type RestNote } from "../../../routing/cooldowns.ts";
import { allRests, type CooldownRow, cooldownRow, endRests, whatRests } from "../../cooldown-rows.ts";
import { defineCommand } from "../../command.ts";
import { flag, type Given } from "../../option.ts";
import type { Style } from "../../style.ts";

/** Which rests were ended. */
export interface ModelsCooldownsClearReport {
  schemaVersion: 1;
  outcome: "written" | "unchanged" | "dry run";
  agentId: string;
  /** As they were before. */
  cleared: CooldownRow[];
  /** How many rest still. */
  left: number;
}

const options = {
  all: flag("end every rest"),
  dryRun: flag("show which rests would end, and write nothing"),
};

export const modelsCooldownsClear = defineCommand({
  summary: "End the rest of an account, a model or a provider",
  about: [
    "For when the cause is gone: after topping up, or when a limit was raised. Whoever fails again rests again.",
    "The auth store is not touched: a rest that an older agent wrote there is noted as over, and counts no longer here.",
  ].join("\n\n"),
  args: [{ name: "what", help: "accounts, models, providers or addresses, as the list shows them", optional: true, rest: true, names: "model" }],
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models cooldowns clear openai:work", does: "that account, at every model" },
    { run: "models cooldowns clear openai", does: "all accounts and models of that provider" },
    { run: "models cooldowns clear --all", does: "everything" },
  ],
  run,
  human,
});

async function run(broker: Broker, { all, dryRun }: Given<typeof options>, words: readonly string[]): Promise<ModelsCooldownsClearReport> {
  if (all === words.length > 0) {
    throw new AppError("USAGE", all ? "--all ends every rest, and more words have no meaning" : "nothing was named that should be asked again", {
      hint: all ? "Leave out one of the two." : "Name it as `{cli} models cooldowns list` shows it, or give --all.",
    });
  }
  const { store, notes } = await allRests(broker);
  const ended = all ? notes : notes.filter((note) => words.some((word) => isNamed(note, word, broker)));
  for (const word of words) refuseUnknown(word, notes, broker);
  const outcome = ended.length === 0 ? "unchanged" : dryRun ? "dry run" : "written";
  if (outcome === "written") await endRests(ended, store, broker);
  const left = notes.length - ended.length;
  return { schemaVersion: 1, outcome, agentId: broker.agents().chosen.id, cleared: ended.map(cooldownRow), left };
}

function isNamed(note: RestNote, word: string, broker: Broker): boolean {
  return isMeant(note, word, meaningOf(word, broker));
}

/** A provider by any of its names, or a model by an alias. */
function meaningOf(word: string, broker: Broker): { provider?: ProviderId; model?: string } {
  const isAlias = broker.chain().aliases.find(word) !== undefined;
  if (isAlias || (word.includes("/") && !word.includes("://"))) return { model: refText(broker.chain().resolve(word).ref) };
  const provider = broker.registry().idOf(word);
  return broker.registry().get(provider) === undefined ? {} : { provider };
}

/** A word that names nothing is a slip of the hand; one that names something that does not rest is none. */
function refuseUnknown(word: string, notes: readonly RestNote[], broker: Broker): void {
  const { provider, model } = meaningOf(word, broker);
  const ids = broker.credentials().profiles.map(({ id }): string => id);
  if (provider !== undefined || model !== undefined || ids.includes(word) || notes.some((note) => isMeant(note, word, {}))) return;
  const known = [...new Set([...ids, ...notes.flatMap(({ profileId, model, endpoint }) => [profileId ?? [], model ?? [], endpoint ?? []].flat())])];
  throw new AppError("PROFILE_UNKNOWN", `"${word.slice(0, 100)}" is no account, no provider and no model`, {
    hint: `\`{cli} models cooldowns list\` shows what rests.${didYouMean(word, known)}`,
  });
}

function human({ outcome, cleared, left }: ModelsCooldownsClearReport, style: Style): string {
  const rest = left === 0 ? "Nothing rests." : `${left} ${left === 1 ? "thing rests" : "things rest"} still: ${style.cli} models cooldowns list`;
  if (outcome === "unchanged") return left === 0 ? rest : `Nothing of that rests. ${rest}`;
  const names = cleared.map((row) => `  ${whatRests(row)} ${style.dim(`(${row.reason})`)}`);
  return [
    outcome === "dry run" ? "Nothing was written. These would be asked again at once:" : `${style.good("✓")} Asked again at once:`,
    ...names,
    ...(outcome === "written" ? [style.dim(rest)] : []),
  ].join("\n");
}
