const GATHER_MS = 20;
/** A reader of stderr that does not keep up costs lines, never memory. */
const MOST_LINES = 10_000;

let waiting: string[] = [];
let timer: NodeJS.Timeout | undefined;

/** One write for many lines. */
export function log(line: string): void {
  if (waiting.length < MOST_LINES) waiting.push(line);
  timer ??= setTimeout(flushLog, GATHER_MS).unref();
}

export function flushLog(): void {
  clearTimeout(timer);
  timer = undefined;
  if (waiting.length === 0) return;
  const lines = waiting;
  waiting = [];
  process.stderr.write(`${lines.join("\n")}\n`);
}
