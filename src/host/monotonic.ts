/** Milliseconds of a clock that nobody sets. `performance.now()` would load nine modules of Node for it: a millisecond of a start. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
