import { expect, test } from "vitest";
import { openCurrent } from "../../src/gateway/current.ts";
import { CONFIG, NAMES } from "../credentials/open-facts.ts";
import { fakeHost } from "../support/fake-host.ts";

const withConcurrency = (concurrency: number): string => JSON.stringify({ gateway: { limits: { concurrency } } });

/** A gateway over a config; `afterReading` happens once the config was read the next time. */
async function open() {
  const machine = fakeHost({ packaged: { "catalog/index.json": "[]" }, files: { [CONFIG]: withConcurrency(8) } });
  const next: { afterReading: (() => void) | undefined } = { afterReading: undefined };
  const readText: typeof machine.readText = (path, maxBytes) => {
    const read = machine.readText(path, maxBytes);
    if (path !== CONFIG) return read;
    const act = next.afterReading;
    next.afterReading = undefined;
    act?.();
    return read;
  };
  const current = await openCurrent({ host: { ...machine, readText }, names: NAMES, agent: undefined, warn: () => undefined }, () => undefined);
  const later = async (): Promise<number> => {
    await machine.wait(500);
    return (await current.get()).limits.gateway.concurrency;
  };
  return { write: (text: string) => machine.replaceFile(CONFIG, text), current, next, later };
}

test("a change is seen half a second later", async () => {
  const { write, current, later } = await open();
  write(withConcurrency(16));
  expect((await current.get()).limits.gateway.concurrency).toBe(8);
  expect(await later()).toBe(16);
});

test("a change that comes while another one is being read is seen too", async () => {
  const { write, next, later } = await open();
  write(withConcurrency(16));
  next.afterReading = () => write(withConcurrency(128));
  expect([await later(), await later(), await later()]).toEqual([16, 128, 128]);
});

test("a broken config is told, and the old one counts until it is mended", async () => {
  const { write, current, later } = await open();
  write("{ gateway: 7 }");
  expect([await later(), current.fault]).toEqual([8, expect.stringMatching(/./)]);
  write(withConcurrency(16));
  expect([await later(), current.fault]).toEqual([16, undefined]);
});
