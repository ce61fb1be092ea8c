import type { Broker } from "../../../broker.ts";
import { AppError } from "../../../kernel/errors.ts";
import { isPluginId } from "../../../plugins/own-manifest.ts";
import { templateFiles } from "../../../plugins/template.ts";
import { defineCommand } from "../../command.ts";
import { flag, type Given } from "../../option.ts";
import type { Style } from "../../style.ts";

export interface PluginsCreateReport {
  schemaVersion: 1;
  id: string;
  folder: string;
  files: string[];
}

const options = { code: flag("with a program that answers for the provider, for what data cannot say") };

export const pluginsCreate = defineCommand({
  summary: "Write the beginning of a plugin into a new folder",
  about: "The folder's name becomes the plugin's id. What is written can be installed as it is; put the vendor's own address, variable and models in.",
  args: [{ name: "folder", help: "a folder that is not there yet", names: "file" }],
  rooms: [],
  options,
  examples: [
    { run: "plugins create ./acme", does: "a manifest that describes one provider" },
    { run: "plugins create ./acme --code", does: "the same with a program" },
  ],
  run,
  human: ({ folder, files, id }: PluginsCreateReport, style: Style) =>
    [
      `${style.good("✓")} Made ${style.path(folder)}: ${files.join(", ")}`,
      `Next: put in what is true of ${style.accent(id)}, then \`${style.cli} plugins install ${style.path(folder)} --dry-run\`.`,
    ].join("\n"),
  plain: ({ folder, files }) => files.map((file) => `${folder}/${file}`).join("\n"),
});

async function run({ host }: Broker, { code }: Given<typeof options>, [word = ""]: readonly string[]): Promise<PluginsCreateReport> {
  const folder = host.paths.resolve(host.cwd, word);
  const id = host.paths.basename(folder);
  if (!isPluginId(id))
    throw new AppError("USAGE", `"${id.slice(0, 100)}" cannot be the id of a plugin`, {
      hint: "Use small letters and digits, with - between them: ./acme, ./acme-cloud.",
    });
  if (host.inspect(folder) !== undefined)
    throw new AppError("PLUGIN_EXISTS", `${folder} is there already`, { hint: "Name a folder that is not there yet. Nothing was written." });
  const files = templateFiles(id, code ? "program" : "data");
  (await host.plugins()).placeFolder(folder, files);
  return { schemaVersion: 1, id, folder, files: [...files.keys()] };
}
