import { expect, test } from "vitest";
import { makeStyle } from "../../src/cli/style.ts";
import { cutMiddle, padEnd, padStart, textWidth, wrap } from "../../src/cli/text-width.ts";

const red = makeStyle({ colour: true, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 }).bad;

test("width counts columns: wide characters two, combining marks and styling none", () => {
  expect(["abc", "模型", "e\u0301", red("abc"), "🚂", ""].map(textWidth)).toEqual([3, 4, 1, 3, 2, 0]);
});

test("a long id is cut in the middle, and the cut is visible", () => {
  expect(cutMiddle("openrouter/moonshotai/kimi-k2-thinking", 21)).toBe("openrouter…2-thinking");
  expect(cutMiddle("short", 21)).toBe("short");
  expect(cutMiddle("模型模型模型", 7)).toBe("模…型");
});

test("a styled cell keeps its style when it is cut", () => {
  expect(cutMiddle(red("abcdefghij"), 5)).toBe(red("ab…ij"));
});

test("padding fills to columns, not to characters", () => {
  expect([padEnd("模", 4), padStart(red("a"), 3), padEnd("long", 2)]).toEqual(["模  ", `  ${red("a")}`, "long"]);
});

test("wrapping breaks between words and keeps a word that is too long whole", () => {
  expect(wrap("one two three", 8, "  ")).toBe("one two\n  three");
  expect(wrap("https://example.com/very/long", 8)).toBe("https://example.com/very/long");
});

test("every character is as wide alone as beside a wide one, whose presence has each of them looked at", () => {
  const codes = Array.from({ length: 0x2200 - 0x20 }, (_, i) => i + 0x20);
  const alone = codes.map((code) => textWidth(String.fromCharCode(code)));
  expect(alone).toEqual(codes.map((code) => textWidth(`模${String.fromCharCode(code)}`) - 2));
});

test("a text is cut at the same places whatever it is made of", () => {
  for (const width of [1, 2, 3, 4, 7, 8]) expect(cutMiddle("abcdéfgh…jk", width).replace("é", "e")).toBe(cutMiddle("abcdefgh…jk", width));
  expect([1, 2, 3, 4].map((width) => cutMiddle("abcdef", width))).toEqual(["a…", "a…", "a…f", "ab…f"]);
});
