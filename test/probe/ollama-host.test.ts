import { expect, test } from "vitest";
import { ollamaBaseUrl } from "../../src/probe/ollama-host.ts";

test.each([
  ["", undefined],
  ["  ", undefined],
  ["127.0.0.1", "http://127.0.0.1:11434/v1"],
  ["box.lan", "http://box.lan:11434/v1"],
  ["0.0.0.0", "http://127.0.0.1:11434/v1"],
  ["0.0.0.0:8000", "http://127.0.0.1:8000/v1"],
  [":8000", "http://127.0.0.1:8000/v1"],
  ['"192.168.1.5:1234"', "http://192.168.1.5:1234/v1"],
  ["http://box.lan", "http://box.lan/v1"],
  ["http://box.lan:11434/", "http://box.lan:11434/v1"],
  ["https://box.example/ollama/", "https://box.example/ollama/v1"],
  ["::", "http://[::1]:11434/v1"],
  ["[::1]:9000", "http://[::1]:9000/v1"],
  ["not a host", undefined],
])("OLLAMA_HOST=%s leads to %s", (written, expected) => {
  expect(ollamaBaseUrl(written)).toBe(expected);
});

test("without the variable it says nothing", () => {
  expect(ollamaBaseUrl(undefined)).toBeUndefined();
});
