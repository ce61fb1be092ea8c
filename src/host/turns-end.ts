let due: (() => void)[] = [];
let isEnding = false;

/**
 * Acts when all that came in this turn of the event loop was looked at; what is asked for while they act comes in the same turn, behind all that
 * follows from them. What many connections brought is then handled step by step, each step for all of them: the processor stays in one piece of code
 * instead of going through all of it for each. And what is written leaves together: a write alone wakes somebody who sleeps, which takes longer than
 * the write.
 */
export function atTurnsEnd(act: () => void): void {
  due.push(act);
  // Not at once: undici gives a connection free at the end of the turn as well, and asks for that after it has told of the answer.
  if (due.length === 1) queueMicrotask(isEnding ? goOn : end);
}

function goOn(): void {
  process.nextTick(actAll);
}

function end(): void {
  setImmediate(() => {
    isEnding = true;
    actAll();
  });
  // Node does all that follows from the first before it comes to the second.
  setImmediate(() => {
    isEnding = false;
  });
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
