/** Counts the blocks of an answer from 0, in the order in which they are first named. */
export interface Blocks {
  of(name: string): number;
}

export function createBlocks(): Blocks {
  const numbers = new Map<string, number>();
  return {
    of(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    },
  };
}
