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

describe("what comes while somebody waits", () => {
  /** In one turn of the event loop. */
  async function heard(...acts: readonly ((body: ReceivedBody) => void)[]): Promise<(string | { readonly thrown: unknown })[]> {
    const rig = open();
    const reading = read(rig);
    for (const act of acts) act(rig.body);
    return reading;
  }
  const comes =
    (text: string) =>
    (body: ReceivedBody): void =>
      body.push(utf8.of(text));
  const ends = (body: ReceivedBody): void => body.end();

  test("together is read together, and then its end", async () => {
    expect(await heard(comes("one"), comes("two"), ends)).toEqual(["onetwo"]);
  });

  test("before a failure is read before it", async () => {
    const why = new Error("reset");
    expect(await heard(comes("one"), comes("two"), (body) => body.fail(why))).toEqual(["onetwo", { thrown: why }]);
  });

  test("is the end, or a failure, at once", async () => {
    const why = new Error("reset");
    expect([await heard(ends), await heard((body) => body.fail(why))]).toEqual([[], [{ thrown: why }]]);
  });

  test("is read in pieces of 64 KiB at most, and one that is longer as it came", async () => {
    const sizes = (await heard(comes("a".repeat(40_000)), comes("b".repeat(25_536)), comes("c"), comes("d".repeat(70_000)), ends)).map((piece) =>
      typeof piece === "string" ? piece.length : piece,
    );
    expect(sizes).toEqual([65_536, 1, 70_000]);
  });

  test("is too much: the vendor waits until it is read", async () => {
    const rig = open();
    const bytes = rig.body.bytes[Symbol.asyncIterator]();
    const first = bytes.next();
    for (let i = 0; i < 5; i++) rig.body.push(new Uint8Array(60_000));
    expect(rig.told).toEqual(["pause", "rest"]);
    expect((await first).value?.length).toBe(60_000);
  });
});

test("who leaves closes the connection, unless the body is over", async () => {
  const [under, over] = [open(), open()];
  over.body.end();
  for (const { body } of [under, over]) await body.bytes[Symbol.asyncIterator]().return?.();
  expect([under.told, over.told]).toEqual([["end", "abort"], ["end"]]);
});
