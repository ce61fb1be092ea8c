import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import * as path from "node:path";

/** Where a path really leads, whether or not there is anything yet. */
export interface RealTarget {
  readonly file: string;
  /** A link leads there, and there is nothing: rather a disk that is not mounted than a place where folders are to be made. */
  readonly dangles: boolean;
}

const MAX_LINKS = 40;

/** Follows links in every part of the path, also those that dangle. Throws what the system says; `ELOOP` when links lead in a circle. */
export function realTarget(name: string): RealTarget {
  return follow(path.resolve(name), { links: 0, by: "name" });
}

function follow(name: string, reached: { readonly links: number; readonly by: "name" | "link" }): RealTarget {
  const stats = lstatSync(name, { throwIfNoEntry: false });
  const parent = path.dirname(name);
  // The system names a circle better than we could.
  if (parent === name || reached.links > MAX_LINKS || (stats !== undefined && !stats.isSymbolicLink()))
    return { file: realpathSync.native(name), dangles: false };
  const folder = follow(parent, { ...reached, by: "name" });
  if (stats !== undefined) return follow(path.resolve(folder.file, readlinkSync(name)), { links: reached.links + 1, by: "link" });
  return { file: path.join(folder.file, path.basename(name)), dangles: folder.dangles || reached.by === "link" };
}
