import { type Broker, openBroker } from "../../../broker.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { PluginMachine } from "../../../kernel/plugin-machine.ts";
import { isAsInstalled, placeParcel } from "../../../plugins/install.ts";
import { differences, isCurrentRelease, updatable, type Updatable } from "../../../plugins/update.ts";
import { defineCommand } from "../../command.ts";
import { hang, hintLine } from "../../hanging-text.ts";
import { flag, type Given } from "../../option.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { wrap } from "../../text-width.ts";
import { agree, openParcel } from "./open-parcel.ts";
import { parcelRow } from "./parcel-row.ts";

export interface PluginsUpdateReport {
  schemaVersion: 1;
  dryRun: boolean;
  plugins: UpdateRow[];
}

export interface UpdateRow {
  id: string;
  /** `outdated`: with `--dry-run` what would be updated. */
  outcome: "updated" | "unchanged" | "outdated" | "failed";
  from: string;
  version: string | null;
  newVersion: string | null;
  /** What it would bring, or send, that it did not before. */
  changes: string[];
  /** Why it failed, and what to do. */
  error: { code: string; message: string; hint: string } | null;
}

const options = {
  all: flag("every plugin that was installed"),
  yes: flag("agree to what they bring without being asked"),
  dryRun: flag("show what would be updated, and change nothing"),
};

type Flags = Given<typeof options>;

export const pluginsUpdate = defineCommand({
  summary: "Update plugins from where they were installed",
  about: "Each new version is shown and asked about as at its installation. Exit 1 when one could not be updated; the others are.",
  args: [{ name: "id", help: "the id of a plugin", names: "plugin", optional: true }],
  options,
  examples: [
    { run: "plugins update acme", does: "looks where it came from, shows what is new, asks" },
    { run: "plugins update --all --dry-run", does: "what is out of date" },
  ],
  run,
  human,
  plain: ({ plugins }) => plugins.map(({ id, outcome }) => `${id}\t${outcome}`).join("\n"),
  exitCode: ({ plugins }) => (plugins.some(({ outcome }) => outcome === "failed") ? 1 : 0),
});

async function run(opened: Broker, given: Flags, [word]: readonly string[], talk: Talk): Promise<PluginsUpdateReport> {
  if ((word === undefined) !== given.all) throw new AppError("USAGE", "name one plugin, or give --all", { hint: "For example: {cli} plugins update --all" });
  const broker = given.dryRun ? opened : await withAllBack(opened);
  const chosen = updatable(word, broker.plugins(), broker);
  if (chosen.length === 0) return { schemaVersion: 1, dryRun: given.dryRun, plugins: [] };
  const machine = await broker.host.plugins();
  const rows: UpdateRow[] = [];
  for (const one of chosen) rows.push(await updated(one, { broker, machine, talk, ...given }));
  return { schemaVersion: 1, dryRun: given.dryRun, plugins: rows };
}

/** What an update that was killed left beside its place is there again before it is looked for. */
async function withAllBack(broker: Broker): Promise<Broker> {
  const { host, names } = broker;
  const machine = await host.plugins();
  const back = machine.bringBack(host.paths.join(broker.config().stateDir, "extensions"));
  return back.length === 0 ? broker : openBroker({ host, names });
}

interface Updating extends Flags {
  readonly broker: Broker;
  readonly machine: PluginMachine;
  readonly talk: Talk;
}

/** One that fails is a row, and the others go on. Giving up at a question ends all. */
async function updated(one: Updatable, updating: Updating): Promise<UpdateRow> {
  const { plugin, record } = one;
  const row: UpdateRow = {
    id: plugin.id,
    outcome: "unchanged",
    from: record.from,
    version: record.version ?? null,
    newVersion: null,
    changes: [],
    error: null,
  };
  try {
    return { ...row, ...(await lookedAt(one, updating)) };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === "INTERRUPTED" || thrown.code === "TERMINAL_NEEDED") throw thrown;
    return { ...row, outcome: "failed", error: { code: thrown.code, message: thrown.message, hint: thrown.hint } };
  }
}

async function lookedAt(one: Updatable, { broker, machine, talk, yes, dryRun }: Updating): Promise<Partial<UpdateRow>> {
  const { plugin, record } = one;
  const { host, names } = broker;
  const isWhole = isAsInstalled({ ...plugin, record }, machine);
  if (isWhole && (await isCurrentRelease(one, { host, names, homeDir: broker.homeDir() }))) return {};
  const parcel = await openParcel(broker, record.from);
  if (parcel.manifest.id !== plugin.id)
    throw new AppError("PLUGIN_REFUSED", `${record.from} holds another plugin now: ${parcel.manifest.id}`, {
      hint: `Uninstall ${plugin.id} if it is no longer wanted.`,
    });
  if (isWhole && parcel.record.content === record.content) return {};
  const changes = [...(isWhole ? [] : ["Its files were changed since it was installed."]), ...differences(one, parcel)];
  const news = { newVersion: parcel.record.version ?? null, changes };
  if (dryRun) return { outcome: "outdated", ...news };
  const shown = parcelRow(parcel, broker);
  await agree({ ...shown, warnings: [...changes, ...shown.warnings] }, `Update ${plugin.id}?`, { talk, yes });
  await placeParcel(parcel, { host, machine, stateDir: broker.config().stateDir });
  return { outcome: "updated", ...news };
}

function human({ plugins }: PluginsUpdateReport, style: Style): string {
  if (plugins.length === 0) return "No plugin was installed with this program, so there is nothing to update.";
  return plugins.flatMap((row) => rowLines(row, style)).join("\n");
}

function rowLines({ id, outcome, version, newVersion, changes, error }: UpdateRow, style: Style): string[] {
  const versions = newVersion === null || newVersion === version ? "" : ` ${version ?? ""} -> ${newVersion}`;
  const head = {
    updated: `${style.good("✓")} ${style.accent(id)}${versions} updated`,
    unchanged: `${style.dim("-")} ${style.accent(id)} is up to date`,
    outdated: `${style.warn("!")} ${style.accent(id)}${versions} would be updated`,
    failed: `${style.bad("✗")} ${style.accent(id)} was not updated: ${error?.message ?? ""}`,
  }[outcome];
  const after = error === null ? (outcome === "outdated" ? [`${style.cli} plugins update ${id}`] : []) : [error.hint];
  return [wrap(head, style.width, "  "), ...changes.map((change) => hang("  ", change, style.width)), ...after.map((hint) => hintLine("  ", hint, style))];
}
