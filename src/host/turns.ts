/** The last one in each line. */
const lines = new Map<string, Promise<void>>();

/** Runs `act` when all who asked before for one of `files` are done: within this process first come, first served, without asking the disk. */
export async function inTurn<T>(files: readonly string[], act: () => Promise<T>): Promise<T> {
  const before = files.flatMap((file) => lines.get(file) ?? []);
  let leave = (): void => undefined;
  const mine = new Promise<void>((resolve) => {
    leave = resolve;
  });
  for (const file of files) lines.set(file, mine);
  try {
    await Promise.all(before);
    return await act();
  } finally {
    leave();
    for (const file of files) if (lines.get(file) === mine) lines.delete(file);
  }
}
