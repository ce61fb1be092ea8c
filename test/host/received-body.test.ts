import type { Dispatcher } from "undici";
import { describe, expect, test } from "vitest";
import type { Phases } from "../../src/host/phases.ts";
import { type ReceivedBody, receiveBody } from "../../src/host/received-body.ts";
import { Stop } from "../../src/kernel/stop-signal.ts";

interface Rig {
  readonly body: ReceivedBody;
  /** What the clocks and the connection were told. */
  readonly told: string[];
}

function open(): Rig {
  const told: string[] = [];
  const tell = (what: string) => (): void => void told.push(what);
  const phases: Phases = { signal: new Stop(), sent: tell("sent"), answered: tell("answered"), heard: () => undefined, rest: tell("rest"), end: tell("end") };
  const controller = { paused: false, pause: tell("pause"), resume: tell("resume"), abort: tell("abort") };
  const body = receiveBody(phases);
  body.begin(controller as unknown as Dispatcher.DispatchController);
  return { body, told };
}

const utf8 = { of: (text: string) => new TextEncoder().encode(text), text: (bytes: Uint8Array) => new TextDecoder().decode(bytes) };
const arrivedOf = ({ body }: Rig): string[] | undefined => body.bytes.arrived?.()?.map(utf8.text);

async function read({ body }: Rig): Promise<(string | { readonly thrown: unknown })[]> {
  const all: (string | { readonly thrown: unknown })[] = [];
  try {
    for await (const piece of body.bytes) all.push(utf8.text(piece));
  } catch (thrown) {
    all.push({ thrown });
  }
  return all;
}

describe("what has arrived", () => {
  test("whole is given at once, with its clocks stopped, and nothing is left to be read", async () => {
    const rig = open();
    rig.body.push(utf8.of("one"));
    rig.body.push(utf8.of("two"));
    rig.body.end();
    expect([arrivedOf(rig), rig.told, await read(rig)]).toEqual([["one", "two"], ["end"], []]);
  });

  test("without a body is nothing", () => {
    const rig = open();
    rig.body.end();
    expect(arrivedOf(rig)).toEqual([]);
  });

  test("in part is not given: it is read as it comes", async () => {
    const rig = open();
    rig.body.push(utf8.of("one"));
    expect(arrivedOf(rig)).toBe(undefined);
    const reading = read(rig);
    rig.body.push(utf8.of("two"));
    rig.body.end();
    expect(await reading).toEqual(["one", "two"]);
  });

  test("before it failed is not given: who reads gets it, and then the failure", async () => {
    const rig = open();
    const why = new Error("cut");
    rig.body.push(utf8.of("one"));
    rig.body.fail(why);
    expect([arrivedOf(rig), await read(rig)]).toEqual([undefined, ["one", { thrown: why }]]);
  });

  test("whole before the connection failed is whole", () => {
    const rig = open();
    rig.body.push(utf8.of("one"));
    rig.body.end();
    rig.body.fail(new Error("reset"));
    expect(arrivedOf(rig)).toEqual(["one"]);
  });

  test("is not given where its reading has begun, was left, or has failed", async () => {
    const begun = open();
    begun.body.push(utf8.of("one"));
    begun.body.push(utf8.of("two"));
    await begun.body.bytes[Symbol.asyncIterator]().next();
    begun.body.end();
    const left = open();
    left.body.push(utf8.of("one"));
    await left.body.bytes[Symbol.asyncIterator]().return?.();
    const failed = open();
    const reading = read(failed);
    failed.body.fail(new Error("cut"));
    await reading;
    expect([begun, left, failed].map(arrivedOf)).toEqual([undefined, undefined, undefined]);
  });
});

test("who leaves closes the connection, unless the body is over", async () => {
  const [under, over] = [open(), open()];
  over.body.end();
  for (const { body } of [under, over]) await body.bytes[Symbol.asyncIterator]().return?.();
  expect([under.told, over.told]).toEqual([["end", "abort"], ["end"]]);
});
