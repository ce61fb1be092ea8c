import { expect, test } from "vitest";
import { editedOn } from "../edited-on.ts";

const CONFIG = '{ agents: { defaults: { model: "openai/gpt-5", models: { "groq/a": { alias: "fast" } } }, list: [{ id: "work" }] } }\n';

test("people see the file and the new model, with the one before", async () => {
  expect(await editedOn(CONFIG, "models set fast")).toEqual({
    exit: 0,
    out: "Updated ~/.nemo/nemo.json\nDefault model: groq/a (was openai/gpt-5)\n",
    err: "",
    config: CONFIG.replace("openai/gpt-5", "groq/a"),
  });
});

test("programs see the same as facts", async () => {
  const { out } = await editedOn(CONFIG, "models set fast --agent work --json");
  expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, outcome: "written", role: "default", primary: "groq/a", previous: null, agentId: "work" });
  expect(JSON.parse((await editedOn(CONFIG, "models set-image fast --json")).out)).toMatchObject({ role: "image", primary: "groq/a", agentId: null });
});

test("what is set already is left alone, and a dry run writes nothing", async () => {
  expect(await editedOn(CONFIG, "models set openai/gpt-5")).toMatchObject({ out: "Default model: openai/gpt-5, as before\n", config: undefined });
  const { out, config } = await editedOn(CONFIG, "models set fast --dry-run");
  expect(config).toBeUndefined();
  expect(out).toContain("Default model: groq/a (was openai/gpt-5)");
});

test("a model that no list knows is used all the same, with one line on stderr and the nearest that are known", async () => {
  const { exit, err, config } = await editedOn(CONFIG, "models set openai/gpt-5-minni");
  expect(exit).toBe(0);
  expect(err.replaceAll(/\s+/g, " ")).toMatch(
    /^! openai\/gpt-5-minni is used as it is, but is none of the \d+ models known of openai\. Did you mean openai\/gpt-5-mini/,
  );
  expect(config).toContain("openai/gpt-5-minni");
  const bare = await editedOn(CONFIG, "models set fsat");
  expect(bare.err).toMatch(/Did you mean fast/);
});

test("a usual alias that is none here is refused with the model that it means; a slip of one is warned of with it", async () => {
  for (const [word, meant] of [
    ["opus", "anthropic/claude-opus-4-6"],
    ["GPT", "openai/gpt-5.2"],
    ["gemini-flash", "google/gemini-3-flash-preview"],
  ] as const) {
    for (const command of ["models set", "models set-image", "models fallbacks add", "models aliases add mine"]) {
      const { exit, err, config } = await editedOn("{}\n", `${command} ${word}`);
      expect([exit, config, err.replaceAll(/\s+/g, " ")]).toEqual([
        64,
        undefined,
        `error: "${word.toLowerCase()}" is no alias here, and no model known of anthropic [MODEL_REF_INVALID] hint: It usually means ${meant}: give that, or \`nemo models aliases add ${word.toLowerCase()} ${meant}\` first. A model of that name is written anthropic/${word}. `,
      ]);
    }
  }
  const slip = await editedOn("{}\n", "models set opsu");
  expect([slip.exit, slip.err.replaceAll(/\s+/g, " ")]).toEqual([0, expect.stringContaining("Did you mean anthropic/claude-opus-4-6")]);
  expect(await editedOn("{}\n", "models set anthropic/opus")).toMatchObject({ exit: 0, config: expect.stringContaining("anthropic/opus") });
  const there = '{ agents: { defaults: { models: { "anthropic/claude-opus-4-6": {} } } } }\n';
  expect((await editedOn(there, "models set opus")).out).toContain("Default model: anthropic/claude-opus-4-6\n");
});

test("no word is said of a model that was in use before, or of a server of one's own", async () => {
  expect((await editedOn(CONFIG, "models set groq/a")).err).toBe("");
  expect((await editedOn(CONFIG, "models set ollama/nobody-knows-this")).err).toBe("");
});

test("an account that a reference pins must be one of that provider", async () => {
  const store = { version: 1, profiles: { "groq:work": { type: "api_key", provider: "groq", key: "gsk-only-for-tests" } } };
  const files = { "/home/me/.nemo/agents/main/agent/auth-profiles.json": JSON.stringify(store) };
  expect((await editedOn(CONFIG, "models set fast@groq:work", { files })).out).toContain("Default model: groq/a@groq:work");
  expect(await editedOn(CONFIG, "models set fast@groq:wrok", { files })).toMatchObject({
    exit: 64,
    err: 'error: there is no account "groq:wrok" [PROFILE_UNKNOWN]\nhint: Accounts of groq: groq:work. Did you mean "groq:work"?\n',
    config: undefined,
  });
  expect(await editedOn(CONFIG, "models set openai/gpt-5@groq:work", { files })).toMatchObject({
    exit: 64,
    err: "error: the account groq:work is one of groq, not of openai [PROFILE_UNKNOWN]\nhint: No account of openai was found.\n",
  });
  expect((await editedOn(CONFIG, "models set fast@groq:0123456789abcdef0123456789abcdef", { files })).err).not.toContain("0123456789");
});

test("a word that is near an alias and no listed model of one's own server is warned of; of a server without a list nothing is known", async () => {
  const models = '{ "lab/m1": { alias: "fast" } }';
  const configOf = (listed: string) =>
    `{ agents: { defaults: { model: "lab/m1", models: ${models} } }, models: { providers: { lab: { baseUrl: "http://127.0.0.1:1/v1", models: ${listed} } } } }\n`;
  const { exit, err } = await editedOn(configOf('[{ id: "m1", name: "One" }]'), "models set fats");
  expect([exit, err.replaceAll(/\s+/g, " ")]).toEqual([
    0,
    expect.stringContaining("lab/fats is used as it is, but is none of the 1 model known of lab. Did you mean fast?"),
  ]);
  expect((await editedOn(configOf("[]"), "models set lab/other")).err).not.toContain("is used as it is");
});
