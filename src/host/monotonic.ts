/** Milliseconds of a clock that nobody sets. `performance.now()` would load more of Node for it. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
