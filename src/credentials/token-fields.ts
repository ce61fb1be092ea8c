const SHORTEST_SECONDS = 30;
const LONGEST_SECONDS = 10 * 366 * 24 * 3600;

/** How long a token lives, as an issuer states it. Some write the number as text; some state none, and some what cannot be. */
export function lifetimeIn(value: unknown): number | "none" | "senseless" {
  if (value === undefined || value === null) return "none";
  const seconds = typeof value === "string" && /^\d{1,12}$/.test(value.trim()) ? Number(value) : value;
  return typeof seconds === "number" && seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS ? Math.floor(seconds) : "senseless";
}

/** With blanks between them, or commas as GitHub has it. undefined where none are stated. */
export function scopesIn(value: unknown): readonly string[] | undefined {
  if (typeof value !== "string" || value.length > 4096) return undefined;
  return value.split(/[\s,]+/).filter((scope) => /^[\u0021-\u007e]+$/.test(scope));
}
