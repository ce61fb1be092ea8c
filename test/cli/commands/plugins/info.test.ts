import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { pluginsInfo } from "../../../../src/cli/commands/plugins/info.ts";
import { AppError } from "../../../../src/kernel/errors.ts";
import { toModelId, toProviderId } from "../../../../src/kernel/ids.ts";
import type { CustomProvider } from "../../../../src/provider/registry.ts";
import { brokerOver, EXTENSIONS, installed, plainStyle } from "./broker-over.ts";

test("a provider is shown with where each fact was read, under any of its names", async () => {
  const report = await pluginsInfo.run(brokerOver({}), {}, ["Acme-AI"], noTalk);
  expect(report.provider).toMatchObject({
    id: "acme",
    modelsPath: "/models",
    quirks: { maxTokensField: "max_tokens" },
    sources: [
      { fact: "all", url: "https://vendor.example/docs", checkedOn: "2026-11-21" },
      { fact: "prefixes", url: "https://acme.example/blog", checkedOn: "2026-11-20" },
    ],
    entries: [],
  });
  expect(pluginsInfo.human(report, plainStyle, {})).toBe(
    [
      "acme  Acme  not set up",
      "  endpoint     https://api.acme.example/v1",
      "  speaks       openai-chat",
      "  log in       API key: ACME_API_KEY, ACME_KEY (begins with ac-)",
      "               made at https://acme.example/keys",
      "  log in       Acme login",
      "               For your own use.",
      "  also called  acme-ai",
      "  note         It is made up.",
      "  read         https://docs.acme.example",
      "  model list   https://api.acme.example/v1/models",
      "  departs by   maxTokensField: max_tokens",
      "  source       https://vendor.example/docs, 2026-11-21",
      "  source       https://acme.example/blog, 2026-11-20 (prefixes)",
      "  models       nemo models list --all --provider acme",
    ].join("\n"),
  );
});

test("what the config lays over a provider is named with its line", async () => {
  const id = toProviderId("acme");
  const entry: CustomProvider = {
    id,
    origin: { kind: "config", place: { file: "/home/me/.nemo/nemo.json", line: 7, column: 3 } },
    baseUrl: "http://10.0.0.1/v1",
    models: [{ provider: id, id: toModelId("m"), name: "m" }],
  };
  const report = await pluginsInfo.run(brokerOver({}, [entry]), {}, ["acme"], noTalk);
  expect(report.provider).toMatchObject({ baseUrl: "http://10.0.0.1/v1", local: true });
  expect(report.provider?.entries).toEqual([
    { origin: "config", plugin: null, file: "/home/me/.nemo/nemo.json", line: 7, baseUrl: "http://10.0.0.1/v1", models: 1 },
  ]);
  expect(pluginsInfo.human(report, plainStyle, {})).toContain("  entry        config at ~/.nemo/nemo.json:7: http://10.0.0.1/v1, 1 model");
});

test("an address that depends on the account says of what it is made", async () => {
  const report = await pluginsInfo.run(brokerOver({}), {}, ["anvil"], noTalk);
  expect(pluginsInfo.human(report, plainStyle, {})).toContain("  endpoint     made of your region");
});

test("a plugin is shown with the keys of older agents at the top", async () => {
  const report = await pluginsInfo.run(brokerOver({ files: installed("lab-auth", { name: "Lab login", providers: ["lab"] }) }), {}, ["lab login"], noTalk);
  expect(report).toMatchObject({ schemaVersion: 1, id: "lab-auth", name: "Lab login", status: "loaded", providerIds: ["lab"], provider: null });
  expect(pluginsInfo.human(report, plainStyle, {})).toBe(
    [
      "lab-auth  Lab login  ✓ on",
      "  why          nothing in the config says otherwise",
      "  brings       lab",
      "  from         global",
      "  runs         nothing here: it is code for inside an agent",
      "  code         ~/.nemo/extensions/lab-auth/index.ts",
      "  manifest     ~/.nemo/extensions/lab-auth/nemo.plugin.json",
    ].join("\n"),
  );
});

test("where a plugin and a provider share an id, both are shown", async () => {
  const report = await pluginsInfo.run(brokerOver({ files: installed("acme") }), {}, ["acme"], noTalk);
  expect([report.source, report.provider?.id]).toEqual([`${EXTENSIONS}/acme/index.ts`, "acme"]);
  expect(
    pluginsInfo
      .human(report, plainStyle, {})
      .split("\n")
      .filter((line) => line.startsWith("acme")),
  ).toEqual(["acme  Acme  not set up", "acme  ✓ on"]);
});

test("an id that nobody has is an error with the nearest names", async () => {
  const unknown = async (id: string): Promise<unknown> => {
    try {
      return await pluginsInfo.run(brokerOver({ files: installed("lab") }), {}, [id], noTalk);
    } catch (thrown) {
      return thrown;
    }
  };
  const near = await unknown("acne");
  expect(near).toBeInstanceOf(AppError);
  expect(near).toMatchObject({
    code: "PLUGIN_UNKNOWN",
    exit: 64,
    message: `no provider and no plugin is named "acne"`,
    hint: `Did you mean "acme"?`,
    facts: { suggestions: ["acme"] },
  });
  expect(await unknown("zzzzzzzzzz")).toMatchObject({ code: "PLUGIN_UNKNOWN", hint: "`{cli} plugins list` shows all of them." });
});
