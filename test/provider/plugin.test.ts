import { assert, json, jsonValue, oneof, property, record, string } from "fast-check";
import { expect, test } from "vitest";
import { parseManifest } from "../../src/provider/plugin.ts";

const FILE = "/x/nemo.plugin.json";

test("a manifest is its id and its schema, and what else it says", () => {
  const text = JSON.stringify({
    id: " lab-auth ",
    configSchema: { type: "object" },
    name: "Lab",
    version: "1.2.0",
    description: "Logs in to the lab",
    providers: ["lab"],
    channels: ["telegram"],
    uiHints: { key: { label: "Key" } },
  });
  expect(parseManifest(text, FILE)).toEqual({
    kind: "manifest",
    manifest: {
      id: "lab-auth",
      name: "Lab",
      version: "1.2.0",
      description: "Logs in to the lab",
      providers: ["lab"],
      channels: ["telegram"],
      skills: [],
      configSchema: { type: "object" },
    },
  });
});

test.each([
  ["not JSON", `{ "id": lab }`, 1, 9, /./],
  ["JSON5, which a manifest is not", `{ id: "lab", configSchema: {} }`, 1, 3, /./],
  ["a list", "[]", 1, 1, /object/],
  ["null", "null", 1, 1, /object/],
  ["nothing", "", 1, 1, /./],
  ["no id", `{ "configSchema": {} }`, 1, 1, /"id"/],
  ["a blank id", `{\n  "id": "  ",\n  "configSchema": {} }`, 2, 9, /"id"/],
  ["no schema", `{ "id": "lab" }`, 1, 1, /"configSchema"/],
  ["a schema that is a list", `{ "id": "lab",\n "configSchema": [] }`, 2, 18, /"configSchema"/],
  ["a version that is a number", `{ "id": "lab", "configSchema": {},\n  "version": 2 }`, 2, 14, /"version"/],
  ["providers that are a text", `{ "id": "lab", "configSchema": {}, "providers": "lab" }`, 1, 49, /"providers"/],
  ["a provider that is a number", `{ "id": "lab", "configSchema": {}, "providers": ["a", 3] }`, 1, 55, /"providers"/],
])("%s is broken, with the line and the column", (_title, text, line, column, message) => {
  const reading = parseManifest(text, FILE);
  expect(reading).toMatchObject({ kind: "broken", place: { file: FILE, line, column } });
  expect(reading.kind === "broken" ? reading.message : "").toMatch(message);
});

test("a deep manifest and one with __proto__ do no harm", () => {
  expect(parseManifest("[".repeat(100_000), FILE).kind).toBe("broken");
  expect(parseManifest(`{ "__proto__": { "id": "lab", "configSchema": {} } }`, FILE)).toMatchObject({ kind: "broken" });
  expect(parseManifest(`{ "id": "lab", "configSchema": {}, "__proto__": { "version": 3 } }`, FILE)).toMatchObject({ kind: "manifest" });
});

test("any text and any JSON gets an answer, never a throw", () => {
  const texts = oneof(
    string(),
    json(),
    record({ id: jsonValue(), configSchema: jsonValue(), providers: jsonValue() }).map((value) => JSON.stringify(value)),
  );
  assert(
    property(texts, (text) => ["manifest", "broken"].includes(parseManifest(text, FILE).kind)),
    { numRuns: 500 },
  );
});
