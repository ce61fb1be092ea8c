/** As they are: tests of who embeds this may put clocks of their own in their place. */
const { setImmediate: later, clearImmediate: notLater } = globalThis;

let due: (() => void)[] = [];
let planned: NodeJS.Immediate | undefined;
let isEnding = false;

/**
 * Acts when all that came in this turn of the event loop was looked at; what is asked for while they act comes in the same turn, behind all that
 * follows from them. What many connections brought is then handled step by step, each step for all of them: the processor stays in one piece of code
 * instead of going through all of it for each. And what is written leaves together: a write alone wakes somebody who sleeps, which takes longer than
 * the write.
 */
export function atTurnsEnd(act: () => void): void {
  due.push(act);
  if (due.length === 1 && !isEnding) queueMicrotask(plan);
}

/** What the caller asks Node for as long as it runs is done before: undici gives the connection of an answer free at the end of the turn as well. */
export function endTurnLater(): void {
  if (due.length > 0 && !isEnding) queueMicrotask(plan);
}

function plan(): void {
  notLater(planned);
  planned = later(begin);
}

function begin(): void {
  planned = undefined;
  isEnding = true;
  actAll();
}

function actAll(): void {
  const all = due;
  due = [];
  let next = 0;
  try {
    while (next < all.length) all[next++]?.();
  } finally {
    // One that throws keeps no other from its turn.
    due.unshift(...all.slice(next));
    queueMicrotask(afterwards);
  }
}

/** Node comes to its ticks when all that follows is done. */
function afterwards(): void {
  process.nextTick(goOn);
}

function goOn(): void {
  if (due.length > 0) actAll();
  else isEnding = false;
}
