import { fchmodSync, fchownSync, fstatSync, type Stats } from "node:fs";
import { errnoOf } from "./errno.ts";
import { readOnly, strangerName } from "./write-failure.ts";

/** What `createWhole` gave it. */
const MADE_AS = 0o600;
const GROUP_BITS = 0o070;
const OTHER_BITS = 0o007;

/**
 * Gives a file that is to replace another the other's owner and group, then its mode. Throws FILE_READ_ONLY when the owner, or a group that may do
 * what others may not, cannot be kept. Access lists and other extended attributes are not carried over.
 */
export function dress(descriptor: number, name: string, old: Stats | undefined, mode: number): void {
  if (old !== undefined) keepOwner(descriptor, name, old, mode);
  if (mode !== MADE_AS) fchmodSync(descriptor, mode);
}

function keepOwner(descriptor: number, name: string, old: Stats, mode: number): void {
  const { uid, gid } = fstatSync(descriptor);
  if (uid === old.uid && gid === old.gid) return;
  try {
    fchownSync(descriptor, old.uid, old.gid);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    if (uid !== old.uid) {
      const owner = strangerName(old) ?? "another user";
      throw readOnly(name, `belongs to ${owner}; written by you it would be yours`, `Run this as ${owner}, or have the file given to you.`, thrown);
    }
    if ((mode & GROUP_BITS) >> 3 === (mode & OTHER_BITS)) return;
    throw readOnly(name, "may be used by a group that you cannot give it", `Run this as a member of group ${old.gid}, or give the file another group.`, thrown);
  }
}
