import { beforeAll, describe, expect, test } from "vitest";
import type { DrillClient } from "../../src/drill/ask.ts";
import { FAULTS } from "../../src/drill/faults.ts";
import { buildDrillReport, type DrillReport, type DrillRow } from "../../src/drill/report.ts";
import { nemo } from "../config/nemo.ts";
import { fakeHost } from "../support/fake-host.ts";
import { packaged } from "../support/packaged.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Three vendors of one format, two accounts at the first. */
const CONFIG = JSON.stringify({
  models: {
    providers: Object.fromEntries(
      ["north", "south", "west"].map((id) => [id, { baseUrl: `https://${id}.example/v1`, api: "openai-completions", models: [{ id: "m", name: "M" }] }]),
    ),
  },
  agents: { defaults: { model: { primary: "north/m", fallbacks: ["south/m", "west/m"] } } },
});
const STORE = JSON.stringify({
  version: 1,
  profiles: Object.fromEntries(["north:a", "north:b", "south:a"].map((id) => [id, { type: "api_key", provider: id.split(":")[0], key: `SECRET-${id}` }])),
});

async function drilled(
  config: string,
  more: { readonly ids?: readonly string[]; readonly asked?: string; readonly client?: DrillClient } = {},
): Promise<{ report: DrillReport; host: ReturnType<typeof fakeHost> }> {
  const host = fakeHost({
    files: { "/home/me/.nemo/nemo.json": config, "/home/me/.nemo/agents/main/agent/auth-profiles.json": STORE },
    packaged,
  });
  const ticking = { ...host, wait: turn };
  const report = await buildDrillReport({
    host: ticking,
    names: nemo,
    agent: undefined,
    hasConfig: true,
    asked: more.asked ?? "default",
    client: more.client,
    ids: more.ids ?? [],
  });
  return { report, host };
}

const streamedRows = ({ results }: DrillReport): DrillRow[] => results.filter(({ streamed }) => streamed);

describe("a chain of three vendors of one format", () => {
  let report: DrillReport;
  let host: ReturnType<typeof fakeHost>;
  beforeAll(async () => {
    ({ report, host } = await drilled(CONFIG));
  });

  test("is drilled against every fault, and deceives nobody", () => {
    expect(new Set(report.results.map(({ id }) => id))).toEqual(new Set(FAULTS.map(({ id }) => id)));
    expect(report.counts.fail).toBe(0);
    expect(report).toMatchObject({ firstChoice: "north/m", chain: ["north/m", "south/m", "west/m"], example: false });
  });

  test("rescues every fault before the first word", () => {
    const cut = new Set(["S08", "S09", "S14", "D10"]);
    const wanted = report.results.filter(({ id }) => !cut.has(id) && id !== "S13");
    expect(wanted.filter(({ clientSaw }) => clientSaw !== "answer")).toEqual([]);
  });

  test("tells an honest error where a part of the answer was shown, and where a filter stopped the request", () => {
    const rows = Object.fromEntries(streamedRows(report).map((row) => [row.id, [row.clientSaw, row.words, row.verdict]]));
    expect([rows["S08"], rows["S09"], rows["S14"], rows["D10"], rows["S13"]]).toEqual([
      ["error", 40, "honest"],
      ["error", 20, "honest"],
      ["error", 40, "honest"],
      ["error", 30, "honest"],
      ["error", 0, "pass"],
    ]);
  });

  test("leaves a vendor that is down or over its limit at once, and asks it no more than once for each account", () => {
    const rows = streamedRows(report);
    const attempts = Object.fromEntries(rows.map((row) => [row.id, row.attempts]));
    expect(["S04", "S05", "S06", "D03", "D04", "D05"].map((id) => attempts[id])).toEqual([1, 1, 1, 1, 1, 1]);
    expect(rows.find(({ id }) => id === "D01")?.attempts).toBe(2);
    expect(rows.find(({ id }) => id === "S03")?.attempts).toBe(2);
  });

  test("names everybody who answered as the chain does, with the account, also where a stream was held up", () => {
    const answered = report.results.filter(({ clientSaw }) => clientSaw === "answer");
    expect(answered.filter(({ servedBy }) => !report.chain.includes(servedBy ?? ""))).toEqual([]);
    expect(answered.filter(({ servedBy, profileId }) => !profileId?.startsWith(`${servedBy?.split("/")[0]}:`))).toEqual([]);
    expect(streamedRows(report).find(({ id }) => id === "S06")).toMatchObject({ servedBy: "south/m", profileId: "south:a", requests: 2 });
  });

  test("sends nothing, writes nothing, and uses no key", () => {
    expect(host.asked).toEqual([]);
    expect([...host.written.keys()]).toEqual([]);
    expect(JSON.stringify(report)).not.toContain("SECRET");
  });

  test("advises only what would have helped", () => {
    expect(report.advice.map(({ command, faults }) => [command, faults])).toEqual([
      ["config set gateway.streams.onCut continue", ["S08", "S09", "S14", "D10"]],
      ["config set gateway.timeouts.firstTokenMs 15000", expect.anything()],
    ]);
  });
});

test("a chain of one is advised to have a second, and a drilled fault can be named", async () => {
  const { report } = await drilled(CONFIG.replace('"fallbacks":["south/m","west/m"]', '"fallbacks":[]'), { ids: ["s04"] });
  expect(report.results.map(({ id, clientSaw }) => [id, clientSaw])).toEqual([
    ["S04", "error"],
    ["S04", "error"],
  ]);
  expect(report.advice.map(({ command }) => command)).toEqual(["models fallbacks add <provider/model>"]);
});

test("an unknown fault, an unknown model, and a chain in which nobody would answer, are said so", async () => {
  await expect(drilled(CONFIG.replace(/"primary.*?\]/, '"primary":"nowhere/m"'))).rejects.toMatchObject({ code: "DRILL_NOBODY" });
  await expect(drilled(CONFIG, { ids: ["S99"] })).rejects.toMatchObject({ code: "DRILL_FAULT_UNKNOWN", exit: 64 });
  await expect(drilled(CONFIG, { asked: "nobody/knows" })).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN", exit: 64 });
});

describe("a chain whose streams go on where they break off", () => {
  const CUTS = ["S08", "S09", "S14", "D10"];
  const north = { baseUrl: "https://north.example/v1", api: "openai-completions", models: [{ id: "m", name: "M" }] };
  const continuing = (primary: string, fallbacks: readonly string[]): string =>
    JSON.stringify({
      ...JSON.parse(CONFIG),
      models: {
        providers: {
          ...JSON.parse(CONFIG).models.providers,
          east: { ...north, baseUrl: "https://east.example", api: "anthropic-messages" },
          up: { ...north, api: "openai-responses" },
        },
      },
      agents: { defaults: { model: { primary, fallbacks } } },
      gateway: { streams: { onCut: "continue" } },
    });

  test.each([
    ["openai-chat", "north/m", "south/m"],
    ["openai-chat", "north/m", "east/m"],
    ["openai-chat", "east/m", "south/m"],
    ["anthropic-messages", "east/m", "north/m"],
    ["anthropic-messages", "north/m", "east/m"],
    ["anthropic-messages", "east/m", "anthropic/claude-sonnet-4-5"],
    ["openai-responses", "up/m", "north/m"],
    ["openai-responses", "north/m", "south/m"],
  ] as const)("has every cut rescued for clients of %s, from %s by %s", async (client, first, second) => {
    const { report } = await drilled(continuing(first, [second]), { ids: CUTS, client });
    const isPrefilled = (id: string): boolean => second.startsWith("anthropic/") && id !== "S14";
    const rows = report.results.map(({ id, verdict, clientSaw, words, servedBy, takenOverBy, takenOverHow, requests }) => ({
      ...{ id, verdict, clientSaw, words, servedBy, takenOverBy, takenOverHow, requests },
    }));
    expect(rows).toEqual(
      CUTS.map((id) => ({
        ...{ id, verdict: "pass", clientSaw: "answer", words: 60, servedBy: first, takenOverBy: second },
        takenOverHow: isPrefilled(id) ? "prefill" : "same-words",
        // There the prefill was refused, and all of it asked for.
        requests: second.startsWith("anthropic/") && id === "S14" ? 3 : 2,
      })),
    );
    expect(report.advice).toEqual([]);
  });

  test("of one model ends in the error, and is advised to have a second", async () => {
    const { report } = await drilled(continuing("north/m", []), { ids: CUTS });
    expect(report.counts).toEqual({ pass: 0, slow: 0, honest: 4, fail: 0 });
    expect(report.advice.map(({ command, faults }) => [command, faults])).toEqual([["models fallbacks add <provider/model>", CUTS]]);
  });

  test("still deceives nobody with any other fault", async () => {
    const { report } = await drilled(continuing("north/m", ["south/m", "west/m"]));
    expect([report.counts.fail, report.counts.honest]).toEqual([0, 0]);
    // Silence that a client waits for: the only two that are not as if nothing had happened.
    expect(new Set(report.results.filter(({ verdict }) => verdict !== "pass").map(({ id }) => id))).toEqual(new Set(["S06", "S07"]));
    expect(new Set(report.results.map(({ takenOverHow }) => takenOverHow))).toEqual(new Set([null, "same-words"]));
  });
});
