const SHORTEST_SECONDS = 30;
const LONGEST_SECONDS = 10 * 366 * 24 * 3600;

/**
 * How long a token lives, in seconds, as an issuer states it (RFC 6749, 5.1); some write the number as text, and with 0 many mean a token without
 * an end. "over": it has ended, or will before anybody can use it. "senseless": it cannot be.
 */
export function lifetimeIn(value: unknown): number | "none" | "over" | "senseless" {
  const seconds = typeof value === "string" && /^-?\d{1,12}$/.test(value.trim()) ? Number(value) : value;
  if (seconds === undefined || seconds === null || seconds === 0) return "none";
  if (typeof seconds !== "number" || !(seconds <= LONGEST_SECONDS)) return "senseless";
  return seconds < SHORTEST_SECONDS ? "over" : Math.floor(seconds);
}

/** With blanks between them, or commas as GitHub has it. undefined where none are stated. */
export function scopesIn(value: unknown): readonly string[] | undefined {
  if (typeof value !== "string" || value.length > 4096) return undefined;
  return value.split(/[\s,]+/).filter((scope) => /^[\u0021-\u007e]+$/.test(scope));
}
