import { getEventListeners } from "node:events";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPrompter } from "../../src/host/prompts.ts";

/** What a terminal has beyond a stream. */
class Screen extends PassThrough {
  columns = 80;
  rows = 24;
  readonly isTTY = true;
  readonly setRawMode = (): this => this;
  text = "";

  constructor() {
    super();
    this.on("data", (piece: Buffer) => {
      this.text += piece.toString();
    });
  }
}

const own = { stdin: Object.getOwnPropertyDescriptor(process, "stdin") ?? {}, stderr: Object.getOwnPropertyDescriptor(process, "stderr") ?? {} };
let keys: PassThrough & { setRawMode?: () => void };
let screen: Screen;
beforeEach(() => {
  keys = Object.assign(new PassThrough(), { setRawMode: () => undefined });
  screen = new Screen();
  Object.defineProperties(process, { stdin: { ...own.stdin, get: () => keys }, stderr: { ...own.stderr, get: () => screen } });
});
afterEach(() => {
  Object.defineProperties(process, own);
});

const listeners = (signal: AbortSignal): object => ({
  resize: screen.listenerCount("resize"),
  abort: getEventListeners(signal, "abort").length,
  data: keys.listenerCount("data"),
});

test.each([
  ["answered", "sk-1\r", "sk-1"],
  ["given up", "\u0003", undefined],
])("a question that is %s leaves nobody listening", async (_, typed, answer) => {
  const { signal } = new AbortController();
  const prompter = openPrompter({ colour: false });
  const before = listeners(signal);
  for (let asked = 0; asked < 3; asked++) {
    const answered = prompter.secret("The key", signal);
    expect(listeners(signal)).toEqual({ resize: 1, abort: 1, data: 1 });
    keys.write(typed);
    expect(await answered).toBe(answer);
  }
  expect(listeners(signal)).toEqual(before);
  expect(before).toEqual({ resize: 0, abort: 0, data: 0 });
});

test("whoever waits for the answer can give up, and nobody listens any more", async () => {
  const leave = new AbortController();
  const answered = openPrompter({ colour: false }).secret("The key", leave.signal);
  leave.abort();
  expect(await answered).toBeUndefined();
  expect(listeners(leave.signal)).toEqual({ resize: 0, abort: 0, data: 0 });
});

test("a question is drawn anew when the terminal changes its size", async () => {
  const answered = openPrompter({ colour: false }).text("a name of several words that are wider than a narrow terminal", {});
  const drawn = screen.text.length;
  screen.columns = 40;
  screen.emit("resize");
  expect(screen.text.length).toBeGreaterThan(drawn);
  keys.write("x\r");
  expect(await answered).toBe("x");
});
