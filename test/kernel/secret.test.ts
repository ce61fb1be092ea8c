import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../src/kernel/secret.ts";

const canary = "sk-canary-5f1d0c";

test("a secret prints as [secret], however it is printed", () => {
  const secret = new Secret(canary);
  const printed = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }),
    format("%s %o %j", secret, secret, secret),
    Object.keys(secret).join(),
  ];
  expect(printed.filter((text) => text.includes(canary))).toEqual([]);
  expect(printed[0]).toBe("[secret]");
});

test("only reveal gives it back", () => {
  expect(new Secret(canary).reveal()).toBe(canary);
  expect([new Secret("  ").isBlank, new Secret("x").isBlank]).toEqual([true, false]);
});
