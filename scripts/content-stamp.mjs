import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run-program.mjs";

/**
 * One hash over the names and bytes of files and folders, so that work is skipped when nothing changed.
 * Modification times are not asked: a fresh checkout has new ones.
 * @param {readonly string[]} paths relative to the repository; what is absent counts as absent
 * @param {string} extra anything else that the result depends on
 */
export function contentStamp(paths, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const path of paths) {
    for (const file of filesBelow(path)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

/** True when the file at `stampFile` holds that stamp. */
export function isStamped(stampFile, stamp) {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8").trim() === stamp;
}

/** Files at or below a path of the repository, sorted, with slashes. */
export function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesBelow(`${path}/${name}`));
}
