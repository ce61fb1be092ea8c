import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readYaml } from "../../src/credentials/known-tools-yaml.ts";

const json = (text: string): unknown => JSON.parse(JSON.stringify(readYaml(text).value));

describe("YAML as the configs of known tools are written in", () => {
  test("maps, lists of maps, quotes and comments", () => {
    const text = [
      "# a comment",
      "model: openai:gpt-4o # another",
      "clients:",
      "  - type: openai",
      "    api_key: 'it''s'",
      "    models:",
      '    - name: "a \\"b\\""',
      "  - type: claude",
      "    api_key:   sk-1#2   # not part of it",
      "'quoted key': x",
      "last: http://host:80/a",
    ].join("\n");
    expect(json(text)).toEqual({
      model: "openai:gpt-4o",
      clients: [
        { type: "openai", api_key: "it's", models: [{ name: 'a "b"' }] },
        { type: "claude", api_key: "sk-1#2" },
      ],
      "quoted key": "x",
      last: "http://host:80/a",
    });
  });

  test("a list may stand as far left as its key, and be written in brackets", () => {
    expect(json("api-key:\n- gemini=foo\n- groq=bar # x\nother: [a, 'b', \"c\"]\nend: 1")).toEqual({
      "api-key": ["gemini=foo", "groq=bar"],
      other: ["a", "b", "c"],
      end: "1",
    });
  });

  test("what it does not understand is an empty text, and nothing else is misread", () => {
    const text = [
      "anchor: &a value",
      "tag: !secret x",
      "block: |",
      "  api_key: not-a-key",
      "  more",
      "folded: >-",
      "    text: text",
      "braces: { a: b }",
      "empty:",
      "after: it",
      "deep:",
      "      inner: 1",
      "---",
      "next: 2",
    ].join("\n");
    expect(json(text)).toEqual({ anchor: "", tag: "", block: "", folded: "", braces: "", empty: "", after: "it", deep: { inner: "1" }, next: "2" });
  });

  test("every line it names is the line of the key", () => {
    const { lines } = readYaml("\na: 1\nb:\n  - c: 2\n    d: 3\n");
    expect(Object.fromEntries(lines)).toEqual({ a: 2, b: 3, "b\u00000": 4, "b\u00000\u0000c": 4, "b\u00000\u0000d": 5 });
  });

  test("no text makes it fail or pollutes a prototype", () => {
    for (const text of [
      "",
      "- ",
      "- - - x",
      ": :",
      "{",
      "[",
      "a:\n  - b\n c: d",
      "\t\tx: y",
      "__proto__: x",
      `${"- ".repeat(100)}x`,
      "a: [",
      "'",
      "x".repeat(1000),
    ])
      expect(() => readYaml(text)).not.toThrow();
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    expect(json("__proto__:\n  x: 1")).toEqual(JSON.parse('{"__proto__":{"x":"1"}}'));
  });

  test("any lines at all are read to their end", () => {
    const line = fc.string({ unit: fc.constantFrom("-", " ", ":", "a", "'", '"', "#", "[", "]", "|", "{", "\t"), maxLength: 12 });
    fc.assert(fc.property(fc.array(line, { maxLength: 20 }), (lines) => readYaml(lines.join("\n")).lines.size <= lines.length * 12));
  });
});
