import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const data = join(root, "src", "catalog", "data");
const schema = join(root, "docs", "schema", "config.json");

/** The files that the build puts into the package, read where they are made. */
export const packaged: Readonly<Record<string, string>> = {
  ...Object.fromEntries(readdirSync(data).map((name) => [`catalog/${name}`, readFileSync(join(data, name), "utf8")])),
  ...(existsSync(schema) ? { "config.schema.json": readFileSync(schema, "utf8") } : {}),
};
