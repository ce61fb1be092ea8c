import { expect, test } from "vitest";
import type { Plugin } from "../../src/plugins/plugin.ts";
import { unusedProviders } from "../../src/plugins/search.ts";

const plugin = (id: string, status: Plugin["status"], ...providerIds: string[]): Plugin => ({
  ...{ id, name: id, form: "data", origin: "global", footing: "global", folder: `/x/${id}`, source: `/x/${id}/signalbox.plugin.json`, status },
  ...{ providerIds, channelIds: [], hasConfigSchema: true, providers: [], describes: [] },
});

test("what a plugin that is off or broken would bring is known by it, and what one that is on brings is not", () => {
  const plugins = [plugin("on", "enabled", "one"), plugin("off", "disabled", "two", "three"), plugin("bad", "error", "four")];
  expect(unusedProviders({ workspaceDir: "/w", plugins, problems: [] })).toEqual(
    new Map([
      ["two", { pluginId: "off", state: "off" }],
      ["three", { pluginId: "off", state: "off" }],
      ["four", { pluginId: "bad", state: "broken" }],
    ]),
  );
});
