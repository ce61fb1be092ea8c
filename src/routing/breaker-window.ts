/** Counts what became of the last requests at each address, in this process. */
export interface BreakerWindow {
  /** Whether more than half of at least ten requests of the last half minute failed. `broke off`: it was noted as answered when it began. */
  note(endpoint: string, outcome: "failed" | "answered" | "broke off", atMs: number): boolean;
}

const HALF_MS = 15_000;
const LEAST = 10;

interface Counts {
  readonly fromMs: number;
  failed: number;
  all: number;
}

/** Two halves of a window: the older one goes when the newer one is full. */
export function openBreakerWindow(): BreakerWindow {
  const halves = new Map<string, [older: Counts, newer: Counts]>();
  return {
    note: (endpoint, outcome, atMs) => {
      const [older, newer] = moved(halves.get(endpoint), atMs);
      if (outcome !== "broke off") newer.all++;
      if (outcome !== "answered") newer.failed++;
      halves.set(endpoint, [older, newer]);
      const all = older.all + newer.all;
      const isMostly = outcome !== "answered" && all >= LEAST && (older.failed + newer.failed) * 2 > all;
      if (isMostly) halves.delete(endpoint);
      return isMostly;
    },
  };
}

function moved(known: [older: Counts, newer: Counts] | undefined, atMs: number): [older: Counts, newer: Counts] {
  const none: Counts = { fromMs: atMs, failed: 0, all: 0 };
  if (known === undefined || atMs - known[1].fromMs >= 2 * HALF_MS) return [none, { ...none }];
  return atMs - known[1].fromMs >= HALF_MS ? [known[1], none] : known;
}
