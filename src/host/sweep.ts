import { readdirSync } from "node:fs";
import * as path from "node:path";
import { removeQuietly } from "./atomic-file.ts";
import { beside, leftoverKind } from "./beside.ts";
import { isOver, LEASE_MS } from "./break-lock.ts";
import { isOlderThan } from "./disk-clock.ts";
import { errnoOf } from "./errno.ts";
import { readLockRecord } from "./lock-record.ts";

/**
 * What interrupted writers left beside a file, for the holder of its lock to remove: everything that was to become its content, since nobody else
 * may make such a file; of locks and claims in the making, those whose maker is dead. `file` is a real path.
 */
export function leftovers(file: string): string[] {
  const { lock } = beside(file);
  const folder = path.dirname(file);
  return readdirSync(folder)
    .map((name) => ({ kind: leftoverKind(file, name), place: path.join(folder, name) }))
    .filter(({ kind, place }) => {
      if (kind === undefined) return false;
      if (kind.kind === "temporary") return true;
      if (kind.kind === "candidate") return kind.maker === "dead" || (kind.maker === "foreign" && isOlderThan(place, LEASE_MS, lock));
      const claim = readLockRecord(place);
      return claim !== undefined && isOver(place, claim, lock);
    })
    .map(({ place }) => place);
}

/** Sweeping fails nobody. */
export function sweep(file: string): void {
  try {
    for (const place of leftovers(file)) removeQuietly(place);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}
