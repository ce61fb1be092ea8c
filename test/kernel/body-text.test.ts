import { expect, test } from "vitest";
import { bodyText } from "../../src/kernel/body-text.ts";

async function* pieces(...all: (number | readonly number[])[]): AsyncGenerator<Uint8Array> {
  for (const one of all) yield typeof one === "number" ? new Uint8Array(one).fill(0x78) : new Uint8Array(one);
}

test("an answer is read up to its limit, and what is longer is not read to its end", async () => {
  expect((await bodyText({ body: pieces(65_000, 536) }, 65_536))?.length).toBe(65_536);
  const long = pieces(65_000, 537, 1);
  expect(await bodyText({ body: long }, 65_536)).toBeUndefined();
  expect((await long.next()).done).toBe(true);
});

test("a character that came in two pieces is one; half of one is told as such", async () => {
  expect(await bodyText({ body: pieces([0xc3], [0xa9]) }, 10)).toBe("é");
  expect(await bodyText({ body: pieces([0x61, 0xc3]) }, 10)).toBe("a\ufffd");
});
