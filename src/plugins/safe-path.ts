const LONGEST = 200;
/** Of Windows: whatever follows the point. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A file's path inside a package, as every system would understand it in the same way: with slashes, in ASCII, without `.`, `..`, a
 * drive or a character that some system reads as something else. undefined for any other.
 */
export function safePath(text: string): string | undefined {
  const path = text.startsWith("./") ? text.slice(2) : text;
  if (path === "" || path.length > LONGEST || /[^\x20-\x7e]|[\\:*?"<>|]/.test(path)) return undefined;
  const isSafe = path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && !/[. ]$/.test(part) && !RESERVED.test(part));
  return isSafe ? path : undefined;
}
