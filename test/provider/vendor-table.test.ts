import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apiKey, type Provider } from "../../src/provider/provider.ts";
import { vendorTable } from "../../src/provider/vendor-table.ts";
import { builtinProviders } from "../../src/providers/index.ts";

const source = { url: "https://example.com", checkedOn: "2026-11-21" };
const vendor = (id: string, more: Partial<Provider> = {}): Provider => ({
  id,
  label: id,
  protocol: "openai-chat",
  baseUrl: `https://${id}.example/v1`,
  auth: [apiKey(`${id.toUpperCase()}_KEY`)],
  docs: "https://example.com/docs",
  quirks: {},
  source,
  ...more,
});

test("a table answers what is asked of all vendors, and gives each", () => {
  const shared = vendor("b", { aliases: ["bee"], auth: [apiKey(["A_KEY", "B_KEY"]), { kind: "none", label: "none" }] });
  const table = vendorTable([vendor("a"), shared]);
  expect(table.ids).toEqual(["a", "b"]);
  expect([...table.aliases]).toEqual([["bee", "b"]]);
  expect([...table.variables]).toEqual([
    ["A_KEY", ["a", "b"]],
    ["B_KEY", ["b"]],
  ]);
  expect([table.vendor("b"), table.vendor("bee"), table.vendor("constructor"), table.problems]).toEqual([shared, undefined, undefined, []]);
});

test("the file that the build makes of the vendors says what their files say", () => {
  const dir = join(import.meta.dirname, "..", "..", "dist", "cli");
  const lines = readFileSync(join(dir, "vendors.json"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(builtinProviders.map((provider) => JSON.parse(JSON.stringify(provider))));
});
