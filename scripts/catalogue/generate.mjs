#!/usr/bin/env node
// Writes src/catalog/data: node scripts/catalogue/generate.mjs [--tarballs <folder>]
// The same packages give the same bytes. With --tarballs, packages found there are not fetched again.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { importSources } from "../bundle.mjs";
import { root } from "../run-program.mjs";
import { mergeReadings } from "./merge.mjs";
import { PACKAGES, sourceOf, unpack } from "./packages.mjs";
import { readGenaiPrices } from "./read-genai-prices.mjs";
import { readMastra } from "./read-mastra.mjs";
import { readPiAi } from "./read-pi-ai.mjs";
import { readTokenlens } from "./read-tokenlens.mjs";

const READERS = { "pi-ai": readPiAi, mastra: readMastra, "genai-prices": readGenaiPrices, tokenlens: readTokenlens };

/** What the generator shares with the program: the shard format, and how prices and formats are read, are written down once. */
const SHARED = ["catalog/write-shard.ts", "catalog/sdk-protocols.ts", "catalog/stated-price.ts", "providers/index.ts"]
  .map((file) => `export * from ${JSON.stringify(join(root, "src", file))};`)
  .join("\n");

/** File name → text, of every file of src/catalog/data. `readings`: newest source first. */
export function catalogueFiles(readings, { packShard, shardText, spell, vendor }) {
  const shards = mergeReadings(readings, { packShard, spell, vendor });
  const providers = shards.map(({ provider, models, ids }) => [provider, models.length, ids.reduce((sum, [, list]) => sum + list.length, 0)]);
  const index = `{"v":1,"providers":[\n${providers.map((row) => JSON.stringify(row)).join(",\n")}\n]}\n`;
  return new Map([["index.json", index], ...shards.map((shard) => [`${shard.provider}.json`, shardText(shard)])]);
}

async function main() {
  const { values } = parseArgs({ options: { tarballs: { type: "string" } } });
  const folder = values.tarballs === undefined ? mkdtempSync(join(tmpdir(), "packages-")) : resolve(values.tarballs);
  const { packShard, shardText, sdkProtocol, statedPrice, builtinProviders } = await importSources(SHARED);
  const readings = PACKAGES.map((wanted) => READERS[wanted.key](unpack(wanted, folder), sourceOf(wanted), { sdkProtocol, statedPrice }));
  const vendors = new Map(builtinProviders.flatMap((vendor) => [vendor.id, ...(vendor.aliases ?? [])].map((id) => [id, vendor])));
  const spell = (theirs) => vendors.get(theirs)?.id ?? theirs;
  const files = catalogueFiles(readings, { packShard, shardText, spell, vendor: (id) => vendors.get(id) });
  writeAll(files, join(root, "src/catalog/data"));
  if (values.tarballs === undefined) rmSync(folder, { recursive: true });
}

function writeAll(files, target) {
  mkdirSync(target, { recursive: true });
  for (const old of readdirSync(target)) if (!files.has(old)) rmSync(join(target, old));
  for (const [name, text] of files) writeFileSync(join(target, name), text);
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  console.log(`${files.size} files, ${Math.round(bytes / 1024)} KB, in ${target}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
