/** Lines `[oldStart, oldEnd)` of a text became lines `[newStart, newEnd)` of another; counted from 0. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** More differences than that are shown as one. */
const MOST_DIFFERENCES = 500;

/** With the line ends; a carriage return alone ends none. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => `${line}\n`);
  const last = lines.pop()?.slice(0, -1) ?? "";
  return last === "" ? lines : [...lines, last];
}

/** The fewest lines that are different (E. W. Myers, An O(ND) Difference Algorithm, 1986). */
export function lineChanges(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [oldEnd, newEnd] = [before.length, after.length];
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) [oldEnd, newEnd] = [oldEnd - 1, newEnd - 1];
  if (start === oldEnd && start === newEnd) return [];
  const whole = { oldStart: start, oldEnd, newStart: start, newEnd };
  if (start === oldEnd || start === newEnd) return [whole];
  const kept = commonLines(before.slice(start, oldEnd), after.slice(start, newEnd));
  return kept === undefined ? [whole] : gaps(kept, whole);
}

/** What lies between the lines that are kept. Pairs count from `whole`. */
function gaps(kept: readonly (readonly [number, number])[], whole: LineChange): LineChange[] {
  const changes: LineChange[] = [];
  let [oldStart, newStart] = [whole.oldStart, whole.newStart];
  const pairs = kept.map(([x, y]) => [x + whole.oldStart, y + whole.newStart] as const);
  for (const [x, y] of [...pairs, [whole.oldEnd, whole.newEnd] as const]) {
    if (x > oldStart || y > newStart) changes.push({ oldStart, oldEnd: x, newStart, newEnd: y });
    [oldStart, newStart] = [x + 1, y + 1];
  }
  return changes;
}

/** Pairs of equal lines, in order; undefined when there are too many differences. */
function commonLines(a: readonly string[], b: readonly string[]): (readonly [number, number])[] | undefined {
  const reached = new Map<number, number>([[1, 0]]);
  const rounds: ReadonlyMap<number, number>[] = [];
  for (let round = 0; round <= MOST_DIFFERENCES; round++) {
    rounds.push(new Map(reached));
    for (let k = -round; k <= round; k += 2) {
      let x = step(reached, k, round);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return traced(rounds, a.length, b.length);
    }
  }
  return undefined;
}

/** Down from the diagonal above, or right from the one below, whichever is further. */
function step(reached: ReadonlyMap<number, number>, k: number, round: number): number {
  const [above, below] = [reached.get(k + 1) ?? 0, reached.get(k - 1) ?? 0];
  return k === -round || (k !== round && below < above) ? above : below + 1;
}

function traced(rounds: readonly ReadonlyMap<number, number>[], length: number, otherLength: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let [x, y] = [length, otherLength];
  for (let round = rounds.length - 1; round >= 0; round--) {
    const reached = rounds[round] ?? new Map<number, number>();
    const k = x - y;
    const from = k === -round || (k !== round && (reached.get(k - 1) ?? 0) < (reached.get(k + 1) ?? 0)) ? k + 1 : k - 1;
    const startX = reached.get(from) ?? 0;
    const startY = startX - from;
    while (x > startX && y > startY) pairs.unshift([--x, --y]);
    [x, y] = [startX, startY];
  }
  return pairs;
}
