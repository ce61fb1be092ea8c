/** How many further attempts an address is worth: spent by retries, earned by answers. A storm then costs little more than what was asked. */
export interface RetryBuckets {
  /** Whether there is enough for one more attempt; then it is spent. */
  take(endpoint: string, after: "timeout" | "other"): boolean;
  earn(endpoint: string): void;
}

const CAPACITY = 20;
const COSTS = { timeout: 4, other: 2 };

export function openRetryBuckets(): RetryBuckets {
  const levels = new Map<string, number>();
  return {
    take: (endpoint, after) => {
      const level = levels.get(endpoint) ?? CAPACITY;
      if (level < COSTS[after]) return false;
      levels.set(endpoint, level - COSTS[after]);
      return true;
    },
    earn: (endpoint) => {
      const level = levels.get(endpoint);
      if (level !== undefined && level < CAPACITY) levels.set(endpoint, level + 1);
    },
  };
}
