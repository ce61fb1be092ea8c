const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let acts = 0;
let isHolding = false;
const held = new Set<NodeJS.Signals>();
const hold = (signal: NodeJS.Signals): void => void held.add(signal);

/**
 * Runs `act` to its end although Ctrl-C is pressed, or the process is told to go: what was held back is obeyed afterwards. Where somebody else in this
 * process listens for the signal, it got it at once, and ends the process in its own time.
 */
export async function undisturbed<T>(act: () => Promise<T>): Promise<T> {
  acts += 1;
  if (!isHolding) for (const signal of SIGNALS) process.on(signal, hold);
  isHolding = true;
  try {
    return await act();
  } finally {
    acts -= 1;
    // Two turns: signals that came while `act` ended are only seen in between, and would be lost if nobody listened any more.
    if (acts === 0) setImmediate(() => setImmediate(letGo));
  }
}

/** Not before those who waited for `act` gave back their locks. */
function letGo(): void {
  if (acts > 0) return;
  for (const signal of SIGNALS) process.off(signal, hold);
  isHolding = false;
  const due = [...held].filter((signal) => process.listenerCount(signal) === 0);
  held.clear();
  for (const signal of due) process.kill(process.pid, signal);
}
