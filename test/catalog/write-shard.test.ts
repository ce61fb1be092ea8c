import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bareEntry, entryOf } from "../../src/catalog/read-shard.ts";
import { FACTS, type StatedFacts } from "../../src/catalog/readings.ts";
import { MODALITIES, parseShard } from "../../src/catalog/shard-format.ts";
import { packShard, shardText } from "../../src/catalog/write-shard.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";

const provider = toProviderId("lab");
const tokens = fc.integer({ min: 1, max: 10_000_000 });
const amount = fc.integer({ min: 0, max: 500_000 }).map((thousandths) => thousandths / 1000);
const modes = fc.subarray([...MODALITIES], { minLength: 1 });
const price = fc.record({ input: amount, output: amount, cacheRead: amount, cacheWrite: amount }, { requiredKeys: ["input", "output"] });
const facts = fc.record(
  {
    name: fc.string({ minLength: 1 }),
    protocol: fc.constantFrom(...PROTOCOL_IDS),
    baseUrl: fc.webUrl(),
    contextTokens: tokens,
    outputTokens: tokens,
    input: modes,
    output: modes,
    tools: fc.boolean(),
    reasoning: fc.boolean(),
    usdPerMTok: price,
    releasedOn: fc.constantFrom("2025-01-31", "2026-11-21"),
    openWeights: fc.boolean(),
    deprecated: fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<StatedFacts>;
const sources = ["2026-11-10", "2026-09-27", "2026-01-22"].map((checkedOn) => ({ url: `https://example.com/${checkedOn}`, checkedOn }));

test("what is packed comes out again: the first source's facts, what others add, and where they disagree", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9/:@.-]{0,20}$/), fc.array(facts, { minLength: 1, maxLength: 3 }), (id, stated) => {
      const readings = stated.map((one, i) => ({ source: sources[i] ?? { url: "", checkedOn: "" }, facts: one }));
      const shard = parseShard(shardText(packShard("lab", [{ id, stated: readings }], [])), "lab.json");
      const [row] = shard.models;
      if (row === undefined) throw new TypeError("one model was packed");
      const entry = entryOf(row, { shard, provider, origin: "embedded" });
      for (const fact of FACTS) {
        const first = readings.find((reading) => reading.facts[fact] !== undefined);
        if (fact === "name" && stated[0]?.name === undefined) continue;
        expect(entry.readings[fact]?.[0]).toEqual(first === undefined ? undefined : { value: first.facts[fact], source: first.source });
        expect(entry.spec[fact]).toEqual(first?.facts[fact]);
      }
      const said = (entry.readings.contextTokens ?? []).map(({ value }) => value);
      const expected = stated.flatMap(({ contextTokens }) => contextTokens ?? []);
      expect(said).toEqual(expected.filter((value, i) => i === 0 || value !== expected[0]));
    }),
  );
});

test("ids are listed once, sorted, by the first source that has them, and never beside a row", () => {
  const [one, other] = [sources[0], sources[1]] as [(typeof sources)[0], (typeof sources)[0]];
  const shard = packShard(
    "lab",
    [{ id: "b", stated: [{ source: one, facts: { tools: true } }] }],
    [
      { source: one, ids: ["c", "a", "b", "a"] },
      { source: other, ids: ["a", "d"] },
    ],
  );
  expect(shard.ids).toEqual([
    [0, ["a", "c"]],
    [1, ["d"]],
  ]);
  expect(bareEntry("d", 1, { shard, provider, origin: "embedded" })).toMatchObject({ knows: "ids", readings: { id: [{ value: "d", source: other }] } });
});
