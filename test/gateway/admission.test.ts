import { expect, test } from "vitest";
import { type Admission, createAdmissions } from "../../src/gateway/admission.ts";

interface Clock {
  nowMs: number;
  readonly bells: Map<number, () => void>;
}

function setUp(limits: { concurrency: number; queue: number }) {
  const clock: Clock = { nowMs: 0, bells: new Map() };
  let next = 0;
  const after = (_: number, act: () => void): (() => void) => {
    const id = next++;
    clock.bells.set(id, act);
    return () => void clock.bells.delete(id);
  };
  const admissions = createAdmissions(() => ({ ...limits, waitMs: 10_000 }), { nowMs: () => clock.nowMs, after });
  return { clock, admissions, enter: (name: string, more = {}, signal = new AbortController().signal) => admissions.enter({ name, ...more }, signal) };
}

const leave = (admission: Admission): void => {
  if (admission.kind === "admitted") admission.leave();
};

test("a place that becomes free goes to the client that has the fewest", async () => {
  const { admissions, enter } = setUp({ concurrency: 2, queue: 4 });
  const [first, second] = [await enter("greedy"), await enter("greedy")];
  const order: string[] = [];
  const waiting = ["greedy", "greedy", "modest"].map(async (name) => {
    const admission = await enter(name);
    order.push(name);
    return admission;
  });
  await Promise.resolve();
  leave(first);
  leave(second);
  for (const one of await Promise.race([Promise.all(waiting.slice(2)), Promise.all(waiting)])) leave(one);
  await Promise.all(waiting);
  expect(order[0]).toBe("modest");
  expect(admissions.waiting).toBe(0);
});

test("what is too much is refused at once, and a client with fewer gets the place of one with more", async () => {
  const { enter } = setUp({ concurrency: 1, queue: 2 });
  await enter("greedy");
  const [one, two] = [enter("greedy"), enter("greedy")];
  await Promise.resolve();
  expect(await enter("greedy")).toMatchObject({ kind: "refused", why: "full" });
  void enter("modest");
  expect(await two).toMatchObject({ kind: "refused", why: "full" });
  void one;
});

test("who waits too long is refused, and who leaves is forgotten", async () => {
  const { clock, admissions, enter } = setUp({ concurrency: 1, queue: 5 });
  const first = await enter("a");
  const gone = new AbortController();
  const [late, left] = [enter("b"), enter("c", {}, gone.signal)];
  await Promise.resolve();
  gone.abort();
  expect(await left).toEqual({ kind: "gone" });
  for (const ring of clock.bells.values()) ring();
  expect(await late).toMatchObject({ kind: "refused", why: "waited" });
  leave(first);
  leave(first);
  expect([admissions.running, admissions.waiting]).toEqual([0, 0]);
});

test("a key has limits of its own", async () => {
  const { clock, enter } = setUp({ concurrency: 10, queue: 5 });
  expect(await enter("k", { concurrency: 1 })).toMatchObject({ kind: "admitted" });
  expect(await enter("k", { concurrency: 1 })).toMatchObject({ kind: "refused", why: "key busy" });
  expect(await enter("r", { requestsPerMinute: 1 })).toMatchObject({ kind: "admitted" });
  clock.nowMs = 20_000;
  expect(await enter("r", { requestsPerMinute: 1 })).toMatchObject({ kind: "refused", why: "key rate", retryAfterMs: 40_000 });
  clock.nowMs = 60_000;
  expect(await enter("r", { requestsPerMinute: 1 })).toMatchObject({ kind: "admitted" });
});
