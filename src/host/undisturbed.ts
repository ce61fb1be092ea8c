const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let acts = 0;
const held = new Set<NodeJS.Signals>();
const hold = (signal: NodeJS.Signals): void => void held.add(signal);

/**
 * Runs `act` to its end although Ctrl-C is pressed, or the process is told to go: what was held back is obeyed afterwards. Where somebody else in this
 * process listens for the signal, it got it at once, and ends the process in its own time.
 */
export async function undisturbed<T>(act: () => Promise<T>): Promise<T> {
  if (acts++ === 0) for (const signal of SIGNALS) process.on(signal, hold);
  try {
    return await act();
  } finally {
    acts -= 1;
    if (acts === 0) letGo();
  }
}

/** Not before those who waited for `act` gave back their locks. */
function letGo(): void {
  for (const signal of SIGNALS) process.off(signal, hold);
  const due = [...held].filter((signal) => process.listenerCount(signal) === 0);
  held.clear();
  if (due.length > 0) setImmediate(() => due.forEach((signal) => process.kill(process.pid, signal)));
}
