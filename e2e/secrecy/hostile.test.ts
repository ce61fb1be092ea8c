import { describe, expect, test } from "vitest";
import { CASES } from "./cases.ts";
import { brands } from "../../src/brand.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { main } from "../../src/cli/main.ts";
import { CONFIG, HOME, STORE } from "../../test/credentials/open-facts.ts";
import { nodeLogin } from "../../src/host/login-machine.ts";
import { nodeServer } from "../../src/host/server-machine.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { PluginMachine } from "../../src/kernel/plugin-machine.ts";
import { fakeHost } from "../../test/support/fake-host.ts";
import { fakeRefreshing } from "../../test/support/fake-refreshing.ts";
import { fakeTerminal } from "../../test/support/fake-terminal.ts";
import { HOSTILE, harmfulIn } from "../../test/support/hostile.ts";
import { packaged } from "../../test/support/packaged.ts";

const json = (value: unknown): string => JSON.stringify(value);
/** Every fourth; each place takes others. All of them in every place would only take longer. */
const some = (start: number): string[] => HOSTILE.filter((_, index) => index % 4 === start % 4);
const named = (prefix: string, start: number, value: (text: string) => unknown): Record<string, unknown> =>
  Object.fromEntries(some(start).map((text) => [`${prefix}${text}`, value(text)]));

/** Every name and text that a vendor, a colleague or an identity provider may choose is hostile. */
const files = {
  [CONFIG]: json({
    agents: {
      defaults: {
        model: { primary: "groq/llama-3.3-70b-versatile", fallbacks: some(1).map((text) => `groq/${text}`) },
        imageModel: { primary: "google/gemini-3-pro-preview", fallbacks: some(2).map((text) => `lab/${text}`) },
        models: named("groq/", 1, (text) => ({ alias: text })),
      },
      list: [
        { id: "main", default: true },
        { id: "second", name: HOSTILE.join(" ") },
        { id: "third", name: HOSTILE.join("") },
      ],
    },
    auth: { order: { groq: some(6).map((text) => `groq:${text}`) }, profiles: named("mistral:", 2, () => ({ provider: "mistral", mode: "api_key" })) },
    models: {
      providers: {
        lab: { baseUrl: "http://127.0.0.1:9/v1", api: "openai-completions", apiKey: "x", models: some(4).map((text) => ({ id: text, name: text })) },
        ...named("lab", 3, (text) => ({ baseUrl: `http://127.0.0.1:9/${text}`, api: text, models: [{ id: "x", name: text }] })),
      },
    },
    plugins: { entries: named("plugin", 4, () => ({ enabled: true })) },
    messages: named("", 5, (text) => text),
  }),
  [STORE]: json({
    version: 1,
    profiles: {
      "groq:good": { type: "api_key", provider: "groq", key: "x", email: HOSTILE.join("") },
      ...named("groq:", 6, (text) => ({ type: "api_key", provider: "groq", key: "x", email: text })),
      ...named("odd:", 7, (text) => ({ type: text, provider: text, [text]: text })),
      ...named("own:", 8, (text) => ({ type: "token", provider: text, token: "x", expires: 1 })),
    },
    usageStats: named("groq:", 6, (text) => ({ disabledUntil: 9e12, disabledReason: text })),
  }),
  [`${HOME}/.nemo/agents/main/agent/models.json`]: json({
    providers: named("attic", 10, (text) => ({ baseUrl: "http://127.0.0.1:9", api: text, apiKey: "x", models: [{ id: text, name: text }] })),
  }),
  [`${HOME}/.nemo/.env`]: some(5)
    .map((text) => `BROKEN ${text}`)
    .join("\n"),
  [`${HOME}/.nemo/agents/second/agent/auth.json`]: json(named("", 11, () => ({ type: "api_key", key: "x" }))),
};

/** Nothing is found, and nothing can be written: names are looked at before. */
const noPlugins = new Proxy({} as PluginMachine, {
  get: () => () => {
    throw new AppError("FILE_MISSING", "there is nothing", { hint: "Name another one." });
  },
});

async function say(
  argv: readonly string[],
  { stdin = "", on = files }: { readonly stdin?: string | undefined; readonly on?: Readonly<Record<string, string>> } = {},
) {
  const host = fakeHost({ packaged, files: on, login: nodeLogin, refreshing: fakeRefreshing(), server: nodeServer, plugins: noPlugins });
  const terminal = fakeTerminal({ readStdin: () => stdin });
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv });
  return { exit, text: terminal.said.out + terminal.said.err };
}

/** Tabs part the columns of plain lines; the one within a name does not count as one of them. */
const harmfulLines = (text: string, format: readonly string[] = []): string[] =>
  text.split("\n").filter((line) => harmfulIn(format[0] === "--plain" ? line.replaceAll(/(?<!tab)\t/g, "") : line).length > 0);
const wordsOf = (words: string): string[] => words.split(" ").filter((word) => word !== "");

describe.each(Object.keys(commands))("%s", (path) => {
  const cases = CASES[path] ?? [];

  test("names from outside reach no terminal as they are, in any format", async () => {
    for (const { words, stdin } of cases) {
      for (const format of [[], ["--json"], ["--plain"]]) {
        const argv = [...path.split(" "), ...wordsOf(words), ...format];
        const { exit, text } = await say(argv, { stdin });
        expect([argv, harmfulLines(text, format), exit === 70]).toEqual([argv, [], false]);
      }
    }
  });

  test("neither do words that were given", async () => {
    const [words] = cases.map(({ words }) => wordsOf(words));
    for (const [index, text] of HOSTILE.entries()) {
      const given = [...(words ?? []).map((word) => (word.startsWith("-") ? word : text)), ...((words ?? []).length === 0 ? [text] : [])];
      const argv = [...path.split(" "), ...given, ...(index % 2 === 0 ? [] : ["--json"])];
      const { exit, text: said } = await say(argv, { stdin: text, on: {} });
      expect([argv, harmfulLines(said), exit === 70]).toEqual([argv, [], false]);
    }
  });
});

test("the machine of these tests is one that commands can read, and its names are shown", async () => {
  const { exit, text } = await say(["models", "aliases", "list"]);
  expect(exit).toBe(0);
  expect(text).toContain("\\u{1b}");
});

test("errors of a config, of a command's name and of a flag are harmless too", async () => {
  for (const text of HOSTILE) {
    for (const argv of [
      [text],
      ["models", text],
      [`--${text}`],
      ["models", "status", `--${text}`],
      ["models", "status", "--agent", text],
      ["__complete", "models", "show", text],
    ]) {
      expect([argv, harmfulLines((await say(argv)).text)]).toEqual([argv, []]);
    }
    const terminal = fakeTerminal();
    const broken = fakeHost({ packaged, files: { [CONFIG]: json({ agents: { [text]: text, defaults: { [text]: text, model: { [text]: 1 } } } }) } });
    await main({ brand: brands.nemo, version: "1.2.3", host: broken, terminal, argv: ["models", "status"] });
    expect([text, harmfulLines(terminal.said.err)]).toEqual([text, []]);
  }
});
