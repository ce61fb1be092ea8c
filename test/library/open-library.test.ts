import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rig, startRig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(["good", "silent", "content_then_silent"]);
});
afterAll(() => rig.stop());

describe("a stream", () => {
  test.each(["silent", "content_then_silent"])("can be left while its next event is awaited (%s)", async (behaviour) => {
    const box = await rig.open({ config: rig.config([`${behaviour.replaceAll("_", "-")}-chat/m`], { gateway: {} }) });
    const isBusy = () => rig.vendors.get(behaviour)?.busy.size;
    const events = box.stream({ prompt: "hi" })[Symbol.asyncIterator]();
    const isLast = async (): Promise<true> => ((await events.next()).done === true ? true : isLast());
    const reading = isLast();
    await expect.poll(isBusy).toBe(1);
    expect(await events.return?.()).toEqual({ done: true, value: undefined });
    expect(await reading).toBe(true);
    await expect.poll(isBusy).toBe(0);
  });

  test("that was left between two events has no further one", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m"]) });
    const events = box.stream({ prompt: "hi" })[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ kind: "opened" });
    expect(await events.return?.()).toEqual({ done: true, value: undefined });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });
});
