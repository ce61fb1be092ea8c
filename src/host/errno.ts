/** Codes that Node has no name for: on Linux, then on macOS. */
const UNNAMED: Readonly<Record<string, string>> = process.platform === "darwin" ? { "-69": "EDQUOT", "-70": "ESTALE" } : { "-122": "EDQUOT", "-116": "ESTALE" };

/** The system's code of a failed call, for example `ENOENT`; undefined when it is no system failure but a bug. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return undefined;
  return ("errno" in thrown ? UNNAMED[String(thrown.errno)] : undefined) ?? thrown.code;
}
