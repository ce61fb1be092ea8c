import { Console } from "node:console";
import { Writable } from "node:stream";
import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { expect, test } from "vitest";
import { asAppError } from "../../src/kernel/errors.ts";
import { redact } from "../../src/kernel/redact.ts";
import { Secret } from "../../src/kernel/secret.ts";

const canary = "sk-canary-5f1d0c";

function printedByConsole(value: unknown): string {
  let text = "";
  const stream = new Writable({
    write: (chunk, _, done) => {
      text += String(chunk);
      done();
    },
  });
  const console = new Console(stream);
  console.log(value, "%s", value);
  console.dir(value, { showHidden: true, depth: null });
  console.table([{ value }]);
  console.error(new Error("no", { cause: value }));
  return text;
}

test("a secret prints as [secret], however it is printed", () => {
  const secret = new Secret(canary);
  const printed = [
    `${secret}`,
    String(secret),
    ["key: ", secret].join(""),
    [secret].join(),
    JSON.stringify({ secret }),
    JSON.stringify(secret),
    inspect({ deep: { secret } }),
    inspect(secret, { showHidden: true, customInspect: false, depth: null }),
    inspect(new Map([[secret, secret]])),
    format("%s %o %O %j %d", secret, secret, secret, secret, secret),
    Object.keys(secret).join(),
    JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
    JSON.stringify({ ...secret }),
    inspect(structuredClone({ secret })),
    serialize({ secret }).toString("latin1"),
    inspect(new Error("failed", { cause: secret })),
    inspect(asAppError(new Error("failed", { cause: { secret } }))),
    inspect(new AggregateError([new Error("failed", { cause: [secret] })])),
    printedByConsole({ secret }),
  ];
  expect(printed.filter((text) => text.includes(canary))).toEqual([]);
  expect(printed.slice(0, 4)).toEqual(["[secret]", "[secret]", "key: [secret]", "[secret]"]);
  expect(JSON.parse(printed[4] ?? "")).toEqual({ secret: "[secret]" });
});

test("only reveal gives it back", () => {
  expect(new Secret(canary).reveal()).toBe(canary);
  expect([new Secret("  ").isBlank, new Secret("x").isBlank]).toEqual([true, false]);
});

test("what was in hand as a secret is struck out of texts from then on", () => {
  const text = "Mq4Wn8Eb2Rv6Ct0Xy5Zu9Ai3So7Dp1Fg";
  expect(redact(text)).toBe(text);
  expect(new Secret(text).isBlank).toBe(false);
  expect(redact(`key ${text}!`)).toBe("key [secret]!");
});
