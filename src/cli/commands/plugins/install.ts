import type { Broker } from "../../../broker.ts";
import { writtenTexts } from "../../../config/written-text.ts";
import { AppError } from "../../../kernel/errors.ts";
import { planPlugin } from "../../../plugins/enablement-edits.ts";
import { type Enablement, enablement } from "../../../plugins/enablement.ts";
import { folderOf, placeParcel, refuseTaken } from "../../../plugins/install.ts";
import type { Parcel } from "../../../plugins/parcel.ts";
import { defineCommand } from "../../command.ts";
import { flag, type Given } from "../../option.ts";
import { plannedEdit } from "../../planned-edit.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { wrap } from "../../text-width.ts";
import { agree, openParcel } from "./open-parcel.ts";
import { type ParcelRow, parcelLines, parcelRow } from "./parcel-row.ts";

export interface PluginsInstallReport extends ParcelRow {
  schemaVersion: 1;
  outcome: "installed" | "linked" | "dry run";
  /** Where it is, or with `--dry-run` would be. */
  folder: string;
  enabled: boolean;
  /** What decides that. */
  reason: string;
}

const options = {
  link: flag("use the folder where it is, so that changes in it count at once; it is added to plugins.load.paths"),
  yes: flag("agree to what it brings without being asked"),
  dryRun: flag("show what it brings, and install nothing"),
};

export const pluginsInstall = defineCommand({
  summary: "Install a plugin from a folder, an archive or npm",
  about:
    "What it brings is shown first: providers, the hosts that their keys go to, and whether it brings a program. Nothing of it is run before you agree, and no install script ever. A hash of all files is kept, so that later changes are noticed.",
  args: [{ name: "source", help: "a folder, a .tgz or .tar archive, or an npm package as name or name@1.2.3", names: "file" }],
  options,
  examples: [
    { run: "plugins install ./acme --dry-run", does: "what the plugin in that folder brings" },
    { run: "plugins install ./acme", does: "the same, then asks" },
    { run: "plugins install signalbox-plugin-acme@1.0.0 --yes", does: "a pinned release of the npm registry" },
  ],
  run,
  human,
  plain: ({ id, outcome, folder }) => `${id}\t${outcome}\t${folder}`,
});

type Flags = Given<typeof options>;

async function run(broker: Broker, { link, yes, dryRun }: Flags, [word = ""]: readonly string[], talk: Talk): Promise<PluginsInstallReport> {
  const { host } = broker;
  const parcel = await openParcel(broker, word);
  const row = parcelRow(parcel, broker);
  const { stateDir } = broker.config();
  if (link && row.source !== "folder") throw new AppError("USAGE", "--link takes a folder", { hint: "Without --link an archive or a package is installed." });
  refuseTaken(parcel, broker.plugins(), { host, stateDir });
  const folder = link ? row.from : folderOf(row.id, { host, stateDir });
  if (!dryRun) {
    await agree(row, link ? `Use ${row.id} from where it is?` : `Install ${row.id} and use it?`, { talk, yes });
    if (link) await linkFolder(broker, talk, row.from);
    else await placeParcel(parcel, { host, machine: await host.plugins(), stateDir });
  }
  const place = link ? "config" : "global";
  const state = dryRun ? standing(broker, parcel, place) : await turnOn(broker, talk, parcel, place);
  return { schemaVersion: 1, outcome: dryRun ? "dry run" : link ? "linked" : "installed", ...row, folder, enabled: state.isOn, reason: state.reason };
}

type Placed = "config" | "global";

async function linkFolder(broker: Broker, talk: Talk, folder: string): Promise<void> {
  await plannedEdit({ broker, talk, command: "plugins install", dryRun: false }, ({ config }) => {
    const path = ["plugins", "load", "paths"];
    const index = writtenTexts(config(), path)?.length ?? 0;
    return { edits: [{ kind: "insert", path, index, value: folder }], facts: undefined, warnings: [] };
  });
}

function standing(broker: Broker, { manifest }: Parcel, place: Placed): Enablement {
  return enablement(manifest.id, place, broker.config().value.plugins);
}

/** What was agreed to is on, unless the config says otherwise; then the config is changed, for that is what was asked. */
async function turnOn(broker: Broker, talk: Talk, parcel: Parcel, place: Placed): Promise<Enablement> {
  const { id } = parcel.manifest;
  const now = standing(broker, parcel, place);
  if (now.isOn) return now;
  const { after } = await plannedEdit({ broker, talk, command: "plugins install", dryRun: false }, ({ config, plugins, registry }) =>
    planPlugin(id, "on", { config: config(), plugins: plugins(), registry: registry() }),
  );
  return enablement(id, place, after.config().value.plugins);
}

function human(report: PluginsInstallReport, style: Style, { yes }: Flags): string {
  const { id, version, outcome, folder, providers } = report;
  const title = `${style.accent(id)}${version === null ? "" : ` ${version}`}`;
  const shown = parcelLines(report, style);
  if (outcome === "dry run") return [`Nothing was installed. ${style.bold("This would be:")}`, ...shown, ...stateLines(report, style)].join("\n");
  const [first] = providers;
  return [
    ...(yes ? shown : []),
    `${style.good("✓")} ${outcome === "linked" ? `Using ${title} from` : `Installed ${title} in`} ${style.path(folder)}`,
    ...stateLines(report, style),
    ...(first === undefined
      ? []
      : [
          wrap(
            `Next: \`${style.cli} plugins info ${first.id}\` says how to log in, \`${style.cli} models list --all --provider ${first.id}\` lists its models.`,
            style.width,
          ),
        ]),
  ].join("\n");
}

function stateLines({ enabled, reason }: PluginsInstallReport, style: Style): string[] {
  return enabled ? [] : [wrap(`${style.warn("!")} It is off: ${reason}.`, style.width, "  ")];
}
