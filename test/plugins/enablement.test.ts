import { expect, test } from "vitest";
import { enablement } from "../../src/plugins/enablement.ts";

test.each([
  ["nothing is said", "global", {}, true, "nothing in the config says otherwise"],
  ["all are off", "global", { enabled: false, entries: { lab: { enabled: true } } }, false, "plugins.enabled is false: no plugin is loaded"],
  [
    "it is denied, though allowed and turned on",
    "global",
    { deny: ["lab"], allow: ["lab"], entries: { lab: { enabled: true } } },
    false,
    "named in plugins.deny",
  ],
  ["others are allowed", "global", { allow: ["other"], entries: { lab: { enabled: true } } }, false, "not named in plugins.allow, which names others"],
  ["an empty list allows all", "global", { allow: [] }, true, "nothing in the config says otherwise"],
  [
    "it has the memory slot, though turned off",
    "global",
    { slots: { memory: "lab" }, entries: { lab: { enabled: false } } },
    true,
    "has the memory slot (plugins.slots.memory)",
  ],
  ["it is turned off", "config", { entries: { lab: { enabled: false } } }, false, "plugins.entries.lab.enabled is false"],
  ["it has settings only", "workspace", { entries: { lab: { config: {} } } }, true, "nothing in the config says otherwise"],
  ["it is bundled", "bundled", {}, false, "bundled plugins are off until plugins.entries turns them on"],
  ["nobody agreed to it", "unasked", {}, false, "nobody agreed to it here"],
  ["nobody agreed to it, but it is turned on", "unasked", { entries: { lab: { enabled: true } } }, true, "plugins.entries.lab.enabled is true"],
  ["it is bundled and turned on", "bundled", { entries: { lab: { enabled: true } } }, true, "plugins.entries.lab.enabled is true"],
] as const)("%s", (_title, origin, settings, isOn, reason) => {
  expect(enablement("lab", origin, settings)).toEqual({ isOn, reason });
});

test("three bundled plugins need no word", () => {
  expect(["device-pair", "phone-control", "talk-voice"].map((id) => enablement(id, "bundled").isOn)).toEqual([true, true, true]);
});
