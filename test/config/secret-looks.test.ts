import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { looksSecret } from "../../src/config/secret-looks.ts";

test("keys of vendors, with or without a published beginning, look secret", () => {
  for (const key of [
    "sk-ant-api03-abcdefghijklmnop",
    "gsk_0123456789abcdefghijklmno",
    "0123456789abcdef0123456789abcdef",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    " groq/sk-abcdefghijklmnop1234 ",
  ])
    expect([key, looksSecret(key)]).toEqual([key, true]);
});

test("aliases and names do not", () => {
  for (const word of ["fast", "gpt-5.2", "claude-opus-4-6", "my-very-long-name-for-work-2026", "internationalisation-of-names", ""])
    expect([word, looksSecret(word)]).toEqual([word, false]);
});

test("no model of the catalogue does", () => {
  const folder = join(import.meta.dirname, "../../src/catalog/data");
  const shards = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const ids = shards.flatMap((name) => {
    const { models = [], ids: bare = [] } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { models?: [string][]; ids?: [number, string[]][] };
    const provider = name.replace(/\.json$/, "");
    return [...models.map(([id]) => id), ...bare.flatMap(([, list]) => list)].map((id) => `${provider}/${id}`);
  });
  expect(ids.length).toBeGreaterThan(5000);
  expect(ids.filter(looksSecret)).toEqual([]);
});

test("looking at a very long word costs little", () => {
  expect(looksSecret("a".repeat(1_000_000))).toBe(false);
});
