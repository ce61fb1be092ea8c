type Hear = (text: string) => void;

let listener: Hear | undefined;

/** After so long a wait a person wonders what is going on. */
const LONG_WAIT_MS = 1000;

/** Says where the person of this process is told what is waited for; gives back what ends that. Nobody is told unless this was called. */
export function hearLongWaits(hear: Hear): () => void {
  listener = hear;
  return () => {
    if (listener === hear) listener = undefined;
  };
}

/** Called in each round of a wait: tells once, when it has become a long one. `what`: a sentence, without its full stop. */
export function longWait(what: () => string): (waitedMs: number) => void {
  let isTold = false;
  return (waitedMs) => {
    if (isTold || waitedMs < LONG_WAIT_MS) return;
    isTold = true;
    listener?.(what());
  };
}
