import { expect, test } from "vitest";
import { amountText, percentText, untilText, whenText } from "../../src/cli/usage-words.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each<[number, string]>([
  [-5, "now"],
  [0, "now"],
  [400, "1s"],
  [59 * SECOND, "59s"],
  [MINUTE, "1m"],
  [59 * MINUTE, "59m"],
  [HOUR, "1h"],
  [2 * HOUR + 10 * MINUTE, "2h 10m"],
  [23 * HOUR + 59.8 * MINUTE, "1d"],
  [DAY, "1d"],
  [4 * DAY + 22 * HOUR, "4d 22h"],
  [7 * DAY, "28 Nov"],
  [40 * DAY, "31 Dec"],
  [365 * DAY, "21 Nov 2027"],
  [8.64e18, "31 Dec 9999"],
])("a moment %d ms ahead is %s away", (ms, text) => {
  expect(untilText(NOW + ms, NOW)).toBe(text);
});

test.each<[number, string]>([
  [0, "now"],
  [HOUR, "in 1h"],
  [7 * DAY, "on 28 Nov"],
])("what ends %d ms ahead ends %s", (ms, text) => {
  expect(whenText(NOW + ms, NOW)).toBe(text);
});

test.each<[number, string, string]>([
  [3.2, "USD", "$3.20"],
  [-0.5, "USD", "-$0.50"],
  [110, "CNY", "¥110.00"],
  [1500, "points", "1500 points"],
  [5.391, "credits", "5.39 credits"],
  [1, "constructor", "1 constructor"],
])("%d of %s is %s", (amount, currency, text) => {
  expect(amountText(amount, currency)).toBe(text);
});

test.each<[number, string]>([
  [0, "0%"],
  [0.2, "<1%"],
  [42.4, "42%"],
  [99.7, "99%"],
  [100, "100%"],
  [130, "130%"],
])("%d of a hundred is %s", (percent, text) => {
  expect(percentText(percent)).toBe(text);
});
