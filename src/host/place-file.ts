import { linkSync, statSync } from "node:fs";
import { createWhole, removeQuietly } from "./atomic-file.ts";
import { candidateName } from "./beside.ts";
import { errnoOf } from "./errno.ts";

/** What disks without hard links answer, and systems that do not allow them. */
const NO_LINKS = new Set(["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** Makes `name` appear together with its content, for one process alone. False when there is such a file already. */
export function placeFile(name: string, content: string, link: typeof linkSync = linkSync): boolean {
  const candidate = candidateName(name);
  const bytes = Buffer.from(content, "utf8");
  createWhole(candidate, bytes, () => undefined);
  try {
    link(candidate, name);
    return true;
  } catch (thrown) {
    // A network disk may lose the answer to a link that it made (link(2)).
    if (statSync(candidate, { throwIfNoEntry: false })?.nlink === 2) return true;
    const reason = errnoOf(thrown) ?? "";
    if (reason === "EEXIST") return false;
    if (NO_LINKS.has(reason)) return createOrLose(name, bytes);
    throw thrown;
  } finally {
    removeQuietly(candidate);
  }
}

/** Empty for a moment, so that others must take an empty lock for held. */
function createOrLose(name: string, bytes: Uint8Array): boolean {
  try {
    createWhole(name, bytes, () => undefined);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}
