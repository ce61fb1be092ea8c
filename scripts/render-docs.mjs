/** Pages that are made from the code. All pure: facts in, Markdown out. */
const MADE = "<!-- Made by `npm run docs`; changes here are lost. -->";

/** For scripts; the numbers from 64 on are those of sysexits.h. */
const EXIT_MEANS = {
  ok: "done",
  usage: "the command line is wrong",
  badData: "a file holds bad data",
  noInput: "a file that was named is missing, or nothing came on stdin",
  unavailable: "a vendor, a program or a feature is not available",
  internal: "a bug of ours",
  io: "reading or writing failed",
  temporary: "try again later, for example because another program holds a lock",
  noPermission: "no permission, or no credential",
  config: "the config is wrong",
  interrupted: "stopped by Ctrl-C",
};

/** `ERRORS` of src/kernel/errors.ts. */
export function errorsPage(errors, exits) {
  const rows = Object.entries(errors).map(([code, { exit, http, means }]) => [`\`${code}\``, String(exit), String(http), means]);
  const used = new Set([exits.ok, ...Object.values(errors).map(({ exit }) => exit)]);
  const exitRows = Object.entries(exits).flatMap(([name, exit]) => (used.has(exit) ? [[String(exit), EXIT_MEANS[name] ?? missing(name)]] : []));
  return page("Errors", [
    'Every failure has a code, a sentence and a next step. With `--json` it is the one document on stdout: `{"error": {"code", "message", "hint", …}}`.',
    "The codes below are also the `code` of the problems that the reading commands show as rows; a row does not end the program.",
    "## Exit codes",
    "`1` and `2` are findings, never failures: what `models status --check`, `models auth audit --check`, `doctor` and `plugins doctor` found, and what `models probe` (`1`: somebody does not answer), `models scan` (`1`: no model calls tools), `models drill` (`1`: a fault got through), `models auth refresh` (`1`: a login cannot be used, `2`: it can, but was not renewed) and `plugins update` (`1`: one failed) ended with.",
    table(["Exit", "Means"], exitRows),
    "## Codes",
    "`HTTP` is the status with which the gateway answers a request that meets that code; most of them no request meets. What the gateway says besides, of itself and of vendors, is in [gateway.md](gateway.md#the-gateways-own-errors).",
    table(["Code", "Exit", "HTTP", "Means"], rows),
  ]);
}

/** The built-in vendors, in the order of their ids. `logins`: by provider, the ways to log in from here. */
export function providersPage(providers, logins) {
  const rows = [...providers]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((provider) => [
      `\`${provider.id}\`${aliases(provider)}`,
      `[${provider.label}](${provider.docs})`,
      provider.protocol,
      provider.baseUrl === undefined ? "depends on the account" : `\`${provider.baseUrl}\``,
      provider.auth.map((method) => methodText(method, logins.has(provider.id))).join("; "),
      `[${provider.source.checkedOn}](${provider.source.url})`,
    ]);
  return page("Providers", [
    `${rows.length} providers are built in, each one file of data in \`src/providers\`. Configs and plugins add others.`,
    table(["Id", "Vendor", "Wire format", "Base URL", "Credentials, strongest first", "Read on"], rows),
  ]);
}

/** The reference of one binary. `kit` brings what help itself uses, so that both say the same. */
export function cliPage(brand, commands, kit) {
  const names = { bin: brand.bin, name: brand.name, envPrefix: brand.envPrefix };
  const sections = commands.map(([path, command]) => commandSection(path, command, names, kit));
  const contents = commands.map(([path, { summary }]) => `- [\`${brand.bin} ${path}\`](#${`${brand.bin} ${path}`.replaceAll(" ", "-")}): ${summary}`);
  return page(`The command line of ${brand.name}`, [
    `Commands that show something read what is there and write nothing but their own cache; those that change something say what they changed. stdout is the answer, stderr is talk. Exit codes and error codes: [errors.md](../errors.md). Storing and removing credentials, step by step: [credentials.md](../${brand.bin}/credentials.md).`,
    contents.join("\n"),
    "## Flags of every command",
    flagTable(kit.commonOptions, names, kit),
    ...sections,
  ]);
}

/** A page that people wrote, with the names of one brand. */
export function brandPage(template, brand, kit) {
  return `${MADE}\n\n${kit.fill(template, { bin: brand.bin, name: brand.name, envPrefix: brand.envPrefix }).trim()}\n`;
}

function commandSection(path, command, names, kit) {
  const parts = [`## ${names.bin} ${path}`, `${command.summary}.`, code(kit.usage(path, command, names))];
  if (command.about !== undefined) parts.push(about(kit.fill(command.about, names)));
  const args = (command.args ?? []).map(({ name, help }) => [`\`<${name}>\``, prose(kit.fill(help, names))]);
  if (args.length > 0) parts.push(table(["Argument", ""], args));
  if (Object.keys(command.options).length > 0) parts.push(flagTable(command.options, names, kit));
  parts.push(code(command.examples.map(({ run, does }) => `${names.bin} ${run}  # ${does}`).join("\n")));
  if (command.raw !== true) parts.push(`\`--json\`: [schema](../schema/${path.replaceAll(" ", "-")}.json).`);
  return parts.join("\n\n");
}

function flagTable(options, names, kit) {
  const rows = Object.entries(options).map(([key, { placeholder, help }]) => [
    `\`${`${kit.flagName(key)} ${placeholder}`.trim()}\``,
    prose(kit.fill(help, names)),
  ]);
  return table(["Flag", ""], rows);
}

function methodText(method, canLogIn) {
  switch (method.kind) {
    case "api_key":
    case "token":
      return method.env.length === 0 ? method.label : `${method.label}: ${method.env.map((name) => `\`${name}\``).join(", ")}`;
    case "oauth":
      return [`${method.label} (${loginText(method, canLogIn)})`, ...method.env.map((name) => `\`${name}\``)].join(", ");
    case "delegated":
      return `${method.label} (by ${method.to})`;
    case "none":
      return method.label;
    default:
      throw new Error(`docs do not know the auth method ${method.kind}`);
  }
}

/** The note of a login that its vendor forbids says that it is never used. */
function loginText({ flow, note = "" }, canLogIn) {
  if (/\bnever used\b/.test(note)) return "recognised, never used";
  return canLogIn ? flow : "not offered here; one that an older agent stored counts until it ends";
}

function missing(name) {
  throw new Error(`EXIT_MEANS does not say what the exit code "${name}" means`);
}

function aliases({ aliases: others = [] }) {
  return others.length === 0 ? "" : ` (${others.map((alias) => `\`${alias}\``).join(", ")})`;
}

function page(title, parts) {
  return `${[MADE, `# ${title}`, ...parts].join("\n\n")}\n`;
}

function table(headers, rows) {
  return [headers, headers.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`)
    .join("\n");
}

/** Markdown takes `<name>` for a tag. */
function prose(text) {
  return text.replaceAll("<", "&lt;");
}

/** Lines that hold columns stay as they are. */
function about(text) {
  return /\S {2,}\S/.test(text) ? code(text) : prose(text);
}

function code(text) {
  return `\`\`\`\n${text}\n\`\`\``;
}
