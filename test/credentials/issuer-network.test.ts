import { expect, test } from "vitest";
import { CONNECT_TIMEOUT, failureCode, issuerText, PROXY, TIMEOUT } from "../../src/credentials/issuer-network.ts";

async function* pieces(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield new Uint8Array(size).fill(0x78);
}

test("an answer is read up to 64 kB", async () => {
  expect((await issuerText({ body: pieces(65_000, 536) }))?.length).toBe(65_536);
  expect(await issuerText({ body: pieces(65_000, 537) })).toBeUndefined();
});

const coded = (code: string): Error => Object.assign(new Error("no"), { code });
const late = (phase: string): Error => Object.assign(new Error("late"), { name: "TimeoutError", phase });

test("a failure is known by its code, wherever it stands, and by the deadline that passed", () => {
  expect(failureCode(coded("ECONNREFUSED"))).toBe("ECONNREFUSED");
  expect(failureCode(new Error("fetch", { cause: coded("ENOTFOUND") }))).toBe("ENOTFOUND");
  expect(failureCode(new AggregateError([coded("ECONNREFUSED"), coded("EHOSTUNREACH")]))).toBe("ECONNREFUSED");
  expect([failureCode(late("connect")), failureCode(late("idle"))]).toEqual([CONNECT_TIMEOUT, TIMEOUT]);
  expect(failureCode(Object.assign(new Error("no", { cause: coded("ECONNRESET") }), { name: "ProxyError", code: "407" }))).toBe(PROXY);
  expect([failureCode(new Error("no")), failureCode("no"), failureCode(coded("a\u001b[2J"))]).toEqual([undefined, undefined, undefined]);
});
