import { cutMiddle } from "./text-width.ts";

/** Lines at the end of a terminal that are drawn again in their place. */
export interface LiveView {
  /** In place of those shown before; none takes them away. Each is cut to the width: a line that wraps could not be found again. */
  show(lines: readonly string[]): void;
  /** Writes above them. */
  above(write: () => void): void;
}

/** `write` goes to a terminal of `width` columns. */
export function liveView(write: (text: string) => void, width: () => number): LiveView {
  let shown: readonly string[] = [];
  const show = (lines: readonly string[]): void => {
    const cut = lines.map((line) => cutMiddle(line, width() - 1));
    const back = shown.length === 0 ? "" : `\u001b[${shown.length}A`;
    const rest = shown.length > cut.length ? "\u001b[0J" : "";
    if (back !== "" || cut.length > 0) write(`${back}${cut.map((line) => `\u001b[2K${line}\n`).join("")}${rest}`);
    shown = cut;
  };
  return {
    show,
    above: (say) => {
      const lines = shown;
      show([]);
      say();
      show(lines);
    },
  };
}
