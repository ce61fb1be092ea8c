import { describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { main } from "../../src/cli/main.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { fakeRefreshing } from "../support/fake-refreshing.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { packaged } from "../support/packaged.ts";

async function run(argv: readonly string[], machine: FakeMachine = {}, brand: keyof typeof brands = "nemo") {
  const host = fakeHost({ packaged, refreshing: fakeRefreshing(), ...machine });
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands[brand], version: "1.2.3", host, terminal, argv });
  return { exit, ...terminal.said, wrote: host.written.size, asked: host.asked.length };
}

/** Words without which a command does nothing, and how those end on an empty machine that do not end with 0. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "models show": ["groq/llama-3.3-70b-versatile"],
  "models refresh": ["--file", "/none"],
  "models set": ["groq/llama-3.3-70b-versatile", "--dry-run"],
  "models set-image": ["groq/llama-3.3-70b-versatile", "--dry-run"],
  "models add-server": ["no address"],
  "models scan": ["--no-input"],
  "models drill": ["--fault", "S04"],
  "models cooldowns clear": ["groq:one"],
  "models auth token": ["--profile", "groq:one"],
  "plugins install": ["a b"],
  "plugins uninstall": ["lab"],
  "plugins create": ["/none/lab", "--id", "/"],
  "gateway serve": ["--port", "x"],
  "gateway keys create": ["a b/c"],
  "gateway keys revoke": ["none"],
  "models aliases add": ["fast", "groq/llama-3.3-70b-versatile", "--dry-run"],
  "models aliases remove": ["fast"],
  ...Object.fromEntries(
    ["fallbacks", "image-fallbacks"].flatMap((list) => [
      [`models ${list} add`, ["groq/llama-3.3-70b-versatile", "--dry-run"]],
      [`models ${list} remove`, ["groq/llama-3.3-70b-versatile"]],
      [`models ${list} move`, ["groq/llama-3.3-70b-versatile", "1"]],
      [`models ${list} clear`, ["--dry-run"]],
    ]),
  ),
  "models auth paste-api-key": ["--provider", "groq"],
  "models auth paste-token": ["--provider", "groq"],
  "models auth show": ["env:NOPE"],
  "models auth rename": ["groq:one", "groq:two"],
  "models auth logout": ["groq:one"],
  "models auth order get": ["--provider", "groq"],
  "models auth order set": ["groq:one", "--provider", "groq"],
  "models auth order clear": ["--provider", "groq"],
  "agents add": ["work", "--dry-run"],
  "agents remove": ["work"],
  "agents default": ["work"],
  "plugins info": ["groq"],
  "plugins enable": ["lab"],
  "plugins disable": ["lab"],
  "config get": ["agents"],
  "config set": ["agents.defaults.model", "groq/llama-3.3-70b-versatile", "--dry-run"],
  "config unset": ["agents.defaults.model"],
  completion: ["bash"],
};
const EXPECTED: Readonly<Record<string, number>> = {
  "models refresh": 66,
  "models add-server": 64,
  "models scan": 77,
  "models auth login": 64,
  "models auth login-github-copilot": 64,
  "models auth token": 64,
  "models cooldowns clear": 64,
  "plugins create": 64,
  "plugins install": 64,
  "plugins update": 64,
  "gateway status": 69,
  "gateway serve": 64,
  "gateway keys create": 64,
  "gateway keys revoke": 64,
  "plugins uninstall": 64,
  "models aliases remove": 64,
  "models fallbacks remove": 64,
  "models fallbacks move": 64,
  "models image-fallbacks remove": 64,
  "models image-fallbacks move": 64,
  "models auth add": 64,
  "models auth paste-api-key": 66,
  "models auth paste-token": 66,
  "models auth setup-token": 66,
  "models auth show": 64,
  "models auth rename": 64,
  "models auth logout": 64,
  "models auth order set": 64,
  "agents remove": 64,
  "agents default": 64,
  "plugins enable": 64,
  "plugins disable": 64,
  "config get": 64,
  "config unset": 64,
  "config undo": 66,
  doctor: 1,
};

describe.each(Object.keys(commands))("%s", (path) => {
  test("its help line is its summary, and every brand's help names that brand alone", async () => {
    const command = await commands[path]?.load();
    expect(command?.summary).toBe(commands[path]?.summary);
    for (const brand of Object.values(brands)) {
      const { exit, out, err } = await run([...path.split(" "), "--help"], {}, brand.bin as keyof typeof brands);
      expect([exit, err]).toEqual([0, ""]);
      expect(out).toContain(`Usage  ${brand.bin} ${path}`);
      expect(out).not.toMatch(/\{(cli|bin|name|PFX)\}/);
      for (const other of Object.values(brands)) if (other !== brand) expect(out).not.toMatch(new RegExp(`\\b(${other.bin}|${other.envPrefix})\\b`));
    }
  });

  test("what the list says of its first word is what the command says", async () => {
    const [first] = (await commands[path]?.load())?.args ?? [];
    expect(commands[path]?.argument).toBe(first?.names);
  });

  test("every line of its help fits 80 columns, and it has an example that names it", async () => {
    const { out } = await run([...path.split(" "), "--help"]);
    expect(out.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    expect(out).toContain(`nemo ${path}`);
  });

  test("its examples can be typed as they are: no shell takes a placeholder in angle brackets", async () => {
    const { examples = [] } = (await commands[path]?.load()) ?? {};
    expect(examples.filter(({ run: words }) => /<\S/.test(words))).toEqual([]);
  });

  test("runs on an empty machine, in JSON and for people, and opens every room that it asks", async () => {
    const words = [...path.split(" "), ...(NEEDED[path] ?? [])];
    for (const more of [["--json"], []]) {
      const { exit, out, err, wrote, asked } = await run([...words, ...more]);
      expect([exit, wrote, asked, err.includes("INTERNAL"), out.includes("INTERNAL")]).toEqual([EXPECTED[path] ?? 0, 0, 0, false, false]);
    }
  });

  test("a flag that does not exist is refused with 64, in JSON too", async () => {
    const words = [...path.split(" "), "--no-such-flag"];
    expect(await run(words)).toMatchObject({ exit: 64, out: "", wrote: 0, asked: 0 });
    const { exit, out, err } = await run([...words, "--json"]);
    expect([exit, err]).toEqual([64, ""]);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "USAGE", hint: `See \`nemo ${path} --help\`.` } });
  });
});

test.each(["models status", "gateway keys list", "config validate", "models drill"])("what `%s` says of an empty machine fits 60 columns", async (words) => {
  const { out } = await run(words.split(" "), { env: { COLUMNS: "60" } });
  const sentences = out.split("\n").filter((line) => !/^ +[A-Z]\d\d /.test(line));
  expect(sentences.length).toBeGreaterThan(0);
  expect(sentences.filter((line) => [...line].length > 60)).toEqual([]);
});

test("help names --plain only where there are plain lines", async () => {
  expect((await run(["models", "list", "--help"])).out).toContain("--plain ");
  expect((await run(["models", "set", "--help"])).out).not.toContain("--plain");
  expect((await run(["__complete", "models", "set", "--p"])).out).toBe("--profile\n");
});

test("without words the program shows its help", async () => {
  const { exit, out } = await run([]);
  expect(exit).toBe(0);
  expect(out).toMatch(/^NEMO 1\.2\.3: /);
});

test("--version says the version, wherever it stands", async () => {
  expect(await run(["--version"])).toMatchObject({ exit: 0, out: "1.2.3\n", err: "" });
  expect(await run(["-V"])).toMatchObject({ exit: 0, out: "1.2.3\n" });
});

test("with --json a group without a command, and the version, are one document too", async () => {
  const missing = (message: string, hint: string) => ({ error: { code: "USAGE", message, hint } });
  for (const [words, document] of [
    ["--json", missing("a command is missing", "See `nemo --help`.")],
    ["models auth --json", missing('a command is missing after "models auth"', "See `nemo models auth --help`.")],
    ["config --json", missing('a command is missing after "config"', "See `nemo config --help`.")],
  ] as const) {
    const { exit, out, err } = await run(words.split(" "));
    expect([exit, JSON.parse(out), err]).toEqual([64, document, ""]);
  }
  for (const words of [
    ["--json", "--version"],
    ["models", "list", "--version", "--json"],
  ]) {
    const { exit, out } = await run(words);
    expect([exit, JSON.parse(out)]).toEqual([0, { schemaVersion: 1, version: "1.2.3" }]);
  }
  expect((await run(["models", "auth"])).exit).toBe(0);
});

test("a key that was given as a profile's name is repeated nowhere", async () => {
  const key = `gsk_${"canary0123456".repeat(4)}`;
  for (const more of [[], ["--json"]]) {
    const { out, err } = await run(["--profile", key, "models", "status", ...more]);
    expect(`${out}${err}`).not.toContain("canary");
    expect(out).toContain("[secret]");
  }
});

test("an error says what, where and what next, on stderr", async () => {
  const { exit, out, err } = await run(["models", "lst"]);
  expect([exit, out]).toEqual([64, ""]);
  expect(err).toBe('error: there is no command "lst" below "models". Did you mean "list" or "set"? [COMMAND_UNKNOWN]\nhint: See `nemo models --help`.\n');
});

test("errors on a terminal are coloured, unless NO_COLOR or --no-color says otherwise", async () => {
  const isColoured = async (argv: readonly string[], env: Readonly<Record<string, string>>, stderrIsTty = true) => {
    const terminal = fakeTerminal({ stderrIsTty });
    await main({ brand: brands.nemo, version: "1.2.3", host: fakeHost({ packaged, env }), terminal, argv });
    return terminal.said.err.includes("\u001b");
  };
  expect(await isColoured(["nope"], {})).toBe(true);
  expect(await isColoured(["nope"], {}, false)).toBe(false);
  expect(await isColoured(["nope"], { NO_COLOR: "1" })).toBe(false);
  expect(await isColoured(["nope", "--no-color"], {})).toBe(false);
  expect(await isColoured(["nope"], { FORCE_COLOR: "1" }, false)).toBe(true);
});

test("hints say the profile that is active", async () => {
  const { err } = await run(["models", "lst"], { env: { NEMO_PROFILE: "work" } });
  expect(err).toContain("`nemo --profile work models --help`");
});

test("a profile of an impossible name is refused like any other word, wherever it was named", async () => {
  const refused = 'error: "../x" is not the name of a profile [USAGE]\nhint: Use letters, digits, _ and -; at most 64, beginning with a letter or digit.\n';
  expect(await run(["models", "status"], { env: { NEMO_PROFILE: "../x" } })).toMatchObject({ exit: 64, out: "", err: refused });
  expect(await run(["models", "status", "--profile", "../x"])).toMatchObject({ exit: 64, out: "", err: refused });
  const { exit, out } = await run(["models", "lst", "--json"], { env: { NEMO_PROFILE: "../x" } });
  expect([exit, JSON.parse(out).error.hint]).toEqual([64, "See `nemo models --help`."]);
});

test("--json and --plain exclude each other, and --plain is refused where lines make no sense", async () => {
  expect((await run(["models", "status", "--json", "--plain"])).exit).toBe(64);
  expect((await run(["doctor", "--plain"])).err).toContain("has no plain lines");
});

test("a broken config stops a command with 78, names the line, and leaves everything as it was", async () => {
  const machine = { files: { "/home/me/.nemo/nemo.json": '{\n  "agents": {\n    "defaults": nope\n' } };
  const { exit, err, wrote } = await run(["models", "status"], machine);
  expect([exit, wrote]).toEqual([78, 0]);
  expect(err).toContain("~/.nemo/nemo.json:3:17");
});

test("a hostile alias reaches no terminal as it is", async () => {
  const config = JSON.stringify({ agents: { defaults: { models: { "openai/gpt-5": { alias: "x\u001b[2Jy" } } } } });
  const { out } = await run(["models", "aliases", "list"], { files: { "/home/me/.nemo/nemo.json": config } });
  expect(out).toContain("x\\u{1b}[2Jy");
  expect(out).not.toContain("\u001b");
});

test("completion offers commands, flags, providers and models", async () => {
  const words = async (...typed: string[]) => (await run(["__complete", ...typed])).out.trimEnd().split("\n");
  expect(await words("mod")).toEqual(["models"]);
  expect(await words("models", "au")).toEqual(["auth"]);
  expect(await words("models", "status", "--probe-t")).toEqual(["--probe-timeout"]);
  expect(await words("models", "show", "anthro")).toEqual(["anthropic/"]);
  expect(await words("models", "show", "anthropic/claude-opus-4-6")).toContain("anthropic/claude-opus-4-6");
  expect(await words("completion", "z")).toEqual(["zsh"]);
});

test("completion is silent while the config is broken", async () => {
  const broken = { files: { "/home/me/.nemo/nemo.json": "{" } };
  expect(await run(["__complete", "models", "show", "a"], broken)).toMatchObject({ exit: 0, out: "", err: "" });
});
