import { expect, test } from "vitest";
import { openPlanner, type PlannerInput } from "../../src/routing/planner.ts";
import { openRouting } from "../../src/routing/open-routing.ts";
import { keyOf, storeOf } from "../credentials/open-facts.ts";
import { openRig, type Rig } from "./routing-rig.ts";

const PRIMARY = "openai/gpt-5";
const withRouting = (routing: object): object => ({ agents: { defaults: { model: { primary: PRIMARY } } }, signalbox: { routing } });
const rigOf = (routing: object = {}): Rig =>
  openRig({ config: withRouting(routing), store: storeOf({ "openai:a": keyOf("openai"), "openai:b": keyOf("openai") }) });
const plannerOf = ({ host, store, routing: { ledger } }: Rig, more: Partial<PlannerInput> = {}) => openPlanner({ host, store, ledger, ...more });

test("a plan is there at once where nothing has to be read for it, and a promise of the same where something has", async () => {
  const rig = rigOf();
  const planner = plannerOf(rig);
  const ask = () => planner.plan(rig.route(), rig.facts, {});
  const first = ask();
  expect(first).toBeInstanceOf(Promise);
  // What rests is not known yet: nobody plans as if nothing did.
  const beside = ask();
  expect(beside).toBeInstanceOf(Promise);
  expect(await beside).toEqual(await first);
  expect(ask()).toEqual(await first);
  await rig.pass(1000);
  const later = ask();
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toEqual(await first);
});

test("where a day's sum is set it is added up before each plan, unless the caller has", async () => {
  const rig = rigOf({ dailyUsd: { [PRIMARY]: 1 } });
  const planner = plannerOf(rig);
  const namesOf = async (spentToday?: ReadonlyMap<string, number>): Promise<number> =>
    (await planner.plan(rig.route(), spentToday === undefined ? rig.facts : { ...rig.facts, spentToday }, {})).candidates.length;
  expect([await namesOf(), await namesOf(new Map([[PRIMARY, 1]])), await namesOf(new Map([[PRIMARY, 0.9]]))]).toEqual([2, 0, 2]);
  expect(planner.plan(rig.route(), { ...rig.facts, spentToday: new Map() }, {})).not.toBeInstanceOf(Promise);
  expect(planner.plan(rig.route(), rig.facts, {})).toBeInstanceOf(Promise);
});

test("a conversation goes on with the account that answered it, another one does not", async () => {
  const rig = rigOf();
  const planner = plannerOf(rig);
  const orderOf = async (conversation: string) => (await planner.plan(rig.route(), rig.facts, { conversation })).candidates;
  const [, second] = await orderOf("talk");
  if (second === undefined) return expect.unreachable();
  planner.answered("talk", second);
  const first = async (conversation: string) => (await orderOf(conversation))[0]?.profile?.id;
  expect([await first("talk"), await first("another")]).toEqual(["openai:b", "openai:a"]);
});

test("what goes wrong while planning is thrown or rejects, and a request that was to be planned rejects", async () => {
  const rig = rigOf();
  const fault = new Error("no windows");
  const windowsOf = (): never => {
    throw fault;
  };
  await rig.routing.ledger.rows();
  const planner = plannerOf(rig, { windowsOf });
  expect(() => planner.plan(rig.route(), rig.facts, {})).toThrow(fault);
  await rig.pass(1000);
  await expect(planner.plan(rig.route(), rig.facts, {})).rejects.toBe(fault);
  const routing = openRouting({ host: rig.host, store: rig.store, limits: rig.facts.limits, markOf: rig.facts.markOf, windowsOf });
  await routing.ledger.rows();
  const call = { tryOne: () => expect.unreachable(), signal: new AbortController().signal };
  await expect(routing.answer(rig.route(), rig.facts, {}, call)).rejects.toBe(fault);
});
