import { describe, expect, test } from "vitest";
import type { Terminal } from "../../src/kernel/terminal.ts";
import { makeStyle } from "../../src/cli/style.ts";
import type { Talk } from "../../src/cli/talk.ts";
import { terminalTalk } from "../../src/cli/terminal-talk.ts";
import { attendedTerminal, fakeTerminal } from "../support/fake-terminal.ts";

function talkOver(terminal: Terminal, more: { json?: true; colour?: true; dumb?: true } = {}): { talk: Talk & { end(): void }; lines: string[] } {
  const lines: string[] = [];
  const talk = terminalTalk({
    terminal,
    write: (text) => void lines.push(text),
    canRedraw: () => more.dumb !== true,
    say: (line) => void lines.push(line),
    style: () => makeStyle({ colour: more.colour === true, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 }),
    wantsColour: () => more.colour === true,
    named: (text) => text.replaceAll("{cli}", "nemo"),
    json: more.json === true,
  });
  return { talk, lines };
}

/** As a prompt does that nobody answers. */
function untilTakenAway(_question: string, signal?: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => (signal?.aborted === true ? resolve(undefined) : signal?.addEventListener("abort", () => resolve(undefined))));
}

const flag = { instead: "Give --provider <name>." };

describe("without a terminal", () => {
  test("a question is refused with the flag to give instead, and nothing is read", async () => {
    const unread = fakeTerminal({
      readStdin: () => {
        throw new Error("stdin was read");
      },
    });
    const { talk } = talkOver(unread);
    const needed = { code: "TERMINAL_NEEDED", exit: 64, hint: flag.instead };
    expect(talk.isInteractive).toBe(false);
    await expect(talk.ask("Which?", flag)).rejects.toMatchObject({ ...needed, message: "there is no terminal to ask on: Which?" });
    await expect(talk.choose("Which?", [{ value: 1, label: "one" }], flag)).rejects.toMatchObject(needed);
    await expect(talk.confirm("Sure?", flag)).rejects.toMatchObject(needed);
  });

  test("a secret is the whole of stdin, without the one line break at its end", async () => {
    const read = async (text: string | undefined) => (await talkOver(fakeTerminal({ readStdin: () => text })).talk.askSecret("Key")).reveal();
    expect([await read("abc"), await read("abc\n"), await read("abc\r\n"), await read(" a b \n\n")]).toEqual(["abc", "abc", "abc", " a b \n"]);
    await expect(read("")).rejects.toMatchObject({ code: "INPUT_MISSING", exit: 66 });
    await expect(read(" \n")).rejects.toMatchObject({ code: "INPUT_MISSING" });
    await expect(read(undefined)).rejects.toMatchObject({ code: "CREDENTIAL_SHAPE", exit: 65 });
  });

  test("what the command objects to ends it", async () => {
    const { talk } = talkOver(fakeTerminal({ readStdin: () => "abc" }));
    const asked = talk.askSecret("Key", { check: () => ({ message: "too short", hint: "Copy all of it." }) });
    await expect(asked).rejects.toMatchObject({ code: "CREDENTIAL_SHAPE", message: "too short", hint: "Nothing was stored. Copy all of it." });
  });

  test("a terminal on stdin alone is not read from: what is typed would be shown", async () => {
    const { talk } = talkOver(fakeTerminal({ stdinIsTty: true, readStdin: () => "typed" }));
    await expect(talk.askSecret("Key")).rejects.toMatchObject({ code: "TERMINAL_NEEDED" });
  });

  test("with --json only warnings are said", () => {
    const { talk, lines } = talkOver(fakeTerminal(), { json: true });
    talk.note("asking groq");
    talk.warn("GROQ_API_KEY holds another key");
    expect(lines).toEqual(["! GROQ_API_KEY holds another key"]);
  });
});

describe("at a terminal", () => {
  test("questions are asked, and answers come back", async () => {
    const terminal = attendedTerminal(["sk-1", "me", 1, false]);
    const { talk } = talkOver(terminal);
    expect(talk.isInteractive).toBe(true);
    expect((await talk.askSecret("Key")).reveal()).toBe("sk-1");
    expect(await talk.ask("Name", { ...flag, initial: "you" })).toBe("me");
    const colours = [
      { value: "red", label: "Red" },
      { value: "blue", label: "Blue", hint: "as the sky" },
    ];
    expect(await talk.choose("Colour", colours, flag)).toBe("blue");
    expect(await talk.confirm("Sure?", flag)).toBe(false);
    expect(terminal.shown).toEqual(["Key", "Name [you]", "Colour\n  Red\n  Blue (as the sky)", "Sure? [yes]"]);
  });

  test("whoever gives up gets 130", async () => {
    const given = { code: "INTERRUPTED", exit: 130 };
    await expect(talkOver(attendedTerminal([])).talk.askSecret("Key")).rejects.toMatchObject(given);
    await expect(talkOver(attendedTerminal([])).talk.ask("Name", flag)).rejects.toMatchObject(given);
    await expect(talkOver(attendedTerminal([])).talk.choose("Which?", [{ value: 1, label: "one" }], flag)).rejects.toMatchObject(given);
    await expect(talkOver(attendedTerminal([])).talk.confirm("Sure?", flag)).rejects.toMatchObject(given);
  });

  test("a question that is taken away counts as given up", async () => {
    const away = new AbortController();
    const prompter = async () => ({ ...(await attendedTerminal([]).prompter({ colour: false })), secret: untilTakenAway });
    const { talk } = talkOver(fakeTerminal({ stdinIsTty: true, stderrIsTty: true, prompter }));
    const asked = talk.askSecret("Key", { signal: away.signal });
    away.abort();
    await expect(asked).rejects.toMatchObject({ code: "INTERRUPTED", exit: 130 });
  });

  test("a secret that will not do is asked for again, with the reason", async () => {
    const terminal = attendedTerminal(["", "abc", "abcd"]);
    const check = (secret: { reveal(): string }) => (secret.reveal().length < 4 ? { message: "it is too short", hint: "Copy all of it." } : undefined);
    expect((await talkOver(terminal).talk.askSecret("Key", { check })).reveal()).toBe("abcd");
    expect(terminal.shown).toEqual([
      "Key",
      "warning: Nothing was given. Paste it, or press Ctrl-C to stop.",
      "Key",
      "warning: It is too short. Copy all of it.",
      "Key",
    ]);
  });

  test("what is said between questions is drawn with them, and before the first as a line", async () => {
    const terminal = attendedTerminal(["me"]);
    const { talk, lines } = talkOver(terminal);
    talk.note("Hello from {cli}.");
    await talk.ask("Name", flag);
    talk.note("Thanks.");
    expect([lines, terminal.shown]).toEqual([["Hello from nemo."], ["Name", "note: Thanks."]]);
  });

  test("nothing from outside reaches the terminal as an escape", async () => {
    const terminal = attendedTerminal([0, "x"]);
    const { talk, lines } = talkOver(terminal);
    talk.warn("a\u001b[2Jb");
    await talk.choose("\u202equestion", [{ value: 1, label: "a\u0007b", hint: "c\u009bd" }], flag);
    await talk.ask("d\re", flag);
    expect([...lines, ...terminal.shown].join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test("with --json notes are said as well", () => {
    const { talk, lines } = talkOver(attendedTerminal([]), { json: true });
    talk.note("asking groq");
    expect(lines).toEqual(["asking groq"]);
  });
});

describe("lines that are drawn again", () => {
  const seen = fakeTerminal({ stderrIsTty: true });

  test("stand in place of the last ones, below what is said meanwhile, and are gone at the end", () => {
    const { talk, lines } = talkOver(seen);
    talk.live(() => ["one", "two"]);
    talk.note("a remark");
    talk.live(() => ["three"]);
    talk.end();
    expect(lines).toEqual([
      "\u001b[2Kone\n\u001b[2Ktwo\n",
      "\u001b[2A\u001b[0J",
      "a remark",
      "\u001b[2Kone\n\u001b[2Ktwo\n",
      "\u001b[2A\u001b[2Kthree\n\u001b[0J",
      "\u001b[1A\u001b[0J",
    ]);
  });

  test("are cut to the width: a line that wraps would be found again in the wrong place", () => {
    const { talk, lines } = talkOver(seen);
    talk.live(() => ["x".repeat(200)]);
    expect(lines).toEqual([`\u001b[2K${"x".repeat(39)}…${"x".repeat(39)}\n`]);
  });

  test.each([
    ["stderr is no terminal", talkOver(fakeTerminal())],
    ["the terminal is a dumb one", talkOver(seen, { dumb: true })],
  ])("are not drawn where %s", (_, { talk, lines }) => {
    expect(talk.isLive).toBe(false);
    talk.live(() => ["one"]);
    talk.end();
    expect(lines).toEqual([]);
  });
});

describe("several of a list", () => {
  const choices = [
    { value: "a", label: "one\u001b[2J" },
    { value: "b", label: "two" },
    { value: "c", label: "three" },
  ];

  test("are chosen in the list's order, some of them marked before; the lines of the question stay, all else is made harmless", async () => {
    const terminal = attendedTerminal(["2,0"]);
    const chosen = await talkOver(terminal).talk.chooseMany("Which of {cli}?\nHead\u0007er", choices, { ...flag, initial: ["c"] });
    expect([chosen, terminal.shown]).toEqual([["a", "c"], ["Which of nemo?\nHead\\u{7}er\n  [ ] one\\u{1b}[2J\n  [ ] two\n  [x] three"]]);
  });

  test("may be none; giving up is something else", async () => {
    expect(await talkOver(attendedTerminal([""])).talk.chooseMany("Which?", choices, { ...flag, initial: [] })).toEqual([]);
    await expect(talkOver(attendedTerminal([undefined])).talk.chooseMany("Which?", choices, { ...flag, initial: [] })).rejects.toMatchObject({
      code: "INTERRUPTED",
    });
    await expect(talkOver(fakeTerminal()).talk.chooseMany("Which?", choices, { ...flag, initial: [] })).rejects.toMatchObject({
      code: "TERMINAL_NEEDED",
      hint: flag.instead,
    });
  });
});
