import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Everything below a folder, each entry as one line: kind, permissions, time of change, and the hash of its bytes or the target of its link. */
export function snapshot(folder: string): string[] {
  const lines = [describe(folder)];
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    lines.push(...(lstatSync(path).isDirectory() ? snapshot(path) : [describe(path)]));
  }
  return lines;
}

function describe(path: string): string {
  const facts = lstatSync(path);
  return `${path} ${(facts.mode & 0o7777).toString(8)} ${facts.mtimeMs} ${content(path)}`;
}

function content(path: string): string {
  const facts = lstatSync(path);
  if (facts.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  return facts.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "folder";
}
