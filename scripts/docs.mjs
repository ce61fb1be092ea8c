import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { importSources } from "./bundle.mjs";
import { filesBelow } from "./content-stamp.mjs";
import { brandPage, cliPage, errorsPage, providersPage } from "./render-docs.mjs";
import { reportSchemas } from "./report-schema.mjs";
import { root } from "./run-program.mjs";
import { libraryReference } from "./library-reference.mjs";

/**
 * `npm run docs`: writes every page and schema that is made from the code. `--check` writes nothing and fails where one is not up to date.
 * Folders that hold only such files are listed in OWNED: a file there that is no longer made is removed.
 */
const OWNED = ["docs/schema", "docs/cli"];
const TEMPLATES = "docs/templates";

/** Where the commands are listed, each with the file that it is loaded from. */
const COMMAND_LISTS = ["index.ts", "model-commands.ts", "account-commands.ts"].map((file) => join(root, "src/cli/commands", file));

/** What the pages are made of, as an entry module. */
const SOURCES = Object.entries({
  "brand.ts": "brands",
  "kernel/errors.ts": "ERRORS, EXIT",
  "providers/index.ts": "builtinProviders",
  "providers/logins/index.ts": "builtinLogins",
  "config/json-schema.ts": "configJsonSchema",
  "cli/commands/index.ts": "commands",
  "cli/help.ts": "fill, usage",
  "cli/parse-words.ts": "commonOptions, flagName",
})
  .map(([file, names]) => `export { ${names} } from ${JSON.stringify(join(root, "src", file))};`)
  .join("\n");

const { values } = parseArgs({ options: { check: { type: "boolean" } } });
const pages = await render();
const stale = [...pages].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text).map(([path]) => path);
const extra = OWNED.flatMap(filesBelow).filter((path) => !pages.has(path));
if (values.check) check();
else write();

async function render() {
  const kit = await importSources(SOURCES);
  const brands = Object.values(kit.brands);
  const commands = await Promise.all(Object.entries(kit.commands).map(async ([path, { load }]) => [path, await load()]));
  const found = new Map([
    ["docs/library-reference.md", libraryReference()],
    ["docs/errors.md", errorsPage(kit.ERRORS, kit.EXIT)],
    ["docs/providers.md", providersPage(kit.builtinProviders, kit.builtinLogins)],
    ["docs/schema/config.json", json(kit.configJsonSchema())],
  ]);
  for (const [path, schema] of reportSchemas(COMMAND_LISTS, join(root, "tsconfig.json"))) {
    found.set(`docs/schema/${path.replaceAll(" ", "-")}.json`, json(schema));
  }
  for (const brand of brands) {
    found.set(`docs/cli/${brand.bin}.md`, cliPage(brand, commands, kit));
    for (const name of readdirSync(join(root, TEMPLATES)).sort()) {
      found.set(`docs/${brand.bin}/${name}`, brandPage(readFileSync(join(root, TEMPLATES, name), "utf8"), brand, kit));
    }
  }
  return found;
}

function check() {
  const faults = [...stale.map((path) => `${path} is not what the code says`), ...extra.map((path) => `${path} is made by nothing`)];
  if (faults.length === 0) return console.log(`${pages.size} pages are up to date`);
  console.log([...faults, "run `npm run docs`"].join("\n"));
  process.exitCode = 1;
}

function write() {
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), pages.get(path));
    console.log(`written  ${path}`);
  }
  for (const path of extra) {
    rmSync(join(root, path));
    console.log(`removed  ${path}`);
  }
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
