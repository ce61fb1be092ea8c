import { expect, test } from "vitest";
import { KnownSecrets } from "../../src/kernel/known-secrets.ts";

const key = (i: number): string => `Key-of-many-${i}-Zq8Yw3Rt6Vb1Nm4`;
const without = (known: KnownSecrets, text: string): string => (known.mayBeIn(text) ? known.strikeOut(text, "key", "*") : text);

test("nothing is found where nothing is known", () => {
  expect(without(new KnownSecrets(), key(1))).toBe(key(1));
});

test("what comes later is found as well, and a longer one before one that it begins with", () => {
  const known = new KnownSecrets();
  known.add(key(1));
  expect(without(known, `${key(1)} ${key(2)}`)).toBe(`* ${key(2)}`);
  known.add(key(2));
  known.add(`${key(1)}-and-more`);
  expect(without(known, `${key(1)}-and-more ${key(2)}`)).toBe("* *");
});

test("of a crowd the oldest are forgotten, and memory does not grow without end", () => {
  const known = new KnownSecrets();
  for (let i = 0; i < 5000; i++) known.add(key(i));
  expect([key(4999), key(2000), key(0)].map((text) => without(known, text))).toEqual(["*", "*", key(0)]);
});

test("what is too long to be a key is not looked for", () => {
  const known = new KnownSecrets();
  known.add("Ab1".repeat(30_000));
  expect(known.mayBeIn("Ab1".repeat(30_000))).toBe(false);
});

test("pieces are struck out as one where they touch, at the beginning and end of a text too", () => {
  const known = new KnownSecrets();
  const secret = "Zq8Yw3Rt6Vb1Nm4Kj7Hg9Fd2Sa5Lp0Xc";
  known.add(secret);
  const strike = (text: string): string => known.strikeOutPieces(text, "*");
  expect(strike(secret)).toBe("*");
  expect(strike(`${secret.slice(0, 12)} ${secret.slice(5, 25)}${secret.slice(20)}.`)).toBe("* *.");
  expect(strike(`${secret.slice(0, 11)} is too short`)).toBe(`${secret.slice(0, 11)} is too short`);
});

test("pieces of a secret that is as long as a page are found", () => {
  const known = new KnownSecrets();
  const long = Array.from({ length: 800 }, (_, i) => `${i}Zq`).join("");
  known.add(long);
  expect(known.strikeOutPieces(`begin ${long.slice(1001, 1100)} end, ${long.slice(1501, 1513)}`, "*")).toBe("begin * end, *");
});
