let due: (() => void)[] = [];

/**
 * Acts when all that came in this turn of the event loop was looked at. What is written then leaves together: a write alone wakes somebody who sleeps,
 * which takes longer than the write.
 */
export function atTurnsEnd(act: () => void): void {
  if (due.length === 0) setImmediate(actAll);
  due.push(act);
}

/** One that throws keeps no other from its turn. */
function actAll(): void {
  const all = due;
  due = [];
  let next = 0;
  try {
    while (next < all.length) all[next++]?.();
  } finally {
    for (const act of all.slice(next)) atTurnsEnd(act);
  }
}
