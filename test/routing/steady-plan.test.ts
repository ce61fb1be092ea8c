import { expect, test } from "vitest";
import type { FailoverPlan, Needs } from "../../src/routing/failover-plan.ts";
import { failoverPlan } from "../../src/routing/plan-failover.ts";
import { type Moment, rememberPlans } from "../../src/routing/steady-plan.ts";
import { HOUR, keyOf, NOW, storeOf, tokenOf } from "../credentials/open-facts.ts";
import { openRig, type Rig, type RigInput } from "./routing-rig.ts";

const config = { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } } } };
const oneEach = storeOf({ "openai:a": keyOf("openai"), "groq:b": keyOf("groq") });

/** Plans one route again and again; says how often a plan was made for it. */
function planner(input: RigInput) {
  const rig: Rig = openRig(input);
  const route = rig.route();
  const plans = rememberPlans();
  let made = 0;
  const plan = async (needs: Needs = {}, more: Partial<Moment> = {}): Promise<FailoverPlan> => {
    const at = { facts: rig.facts, rows: await rig.routing.ledger.rows(), nowMs: rig.host.nowMs(), needs, ...more };
    const make = (): FailoverPlan => {
      made++;
      return failoverPlan(route, at.facts, at.rows, at.nowMs, at.needs);
    };
    const found = plans.planFor(route, at, make);
    expect(found).toEqual(failoverPlan(route, at.facts, at.rows, at.nowMs, at.needs));
    return found;
  };
  return { rig, plan, made: () => made };
}

test("a plan in which nobody rests is made once", async () => {
  const { plan, made } = planner({ config, store: oneEach });
  const first = await plan();
  expect([await plan(), made()]).toEqual([first, 1]);
});

test("other needs are another plan", async () => {
  const { plan, made } = planner({ config, store: oneEach });
  await plan();
  await plan({ protocol: "anthropic-messages" });
  await plan({ image: true });
  expect(made()).toBe(3);
});

test("while anybody rests it is made for each request, and afterwards again once", async () => {
  const { rig, plan, made } = planner({ config, store: oneEach });
  const [first] = (await plan()).candidates;
  if (first === undefined) return expect.unreachable();
  rig.routing.ledger.failed(first, { reason: "rate_limit", rule: "test" }, rig.host.nowMs());
  await plan();
  await plan();
  expect(made()).toBe(3);
  rig.routing.ledger.succeeded(first, rig.host.nowMs() + HOUR);
  await plan();
  await plan();
  expect(made()).toBe(3);
});

test("it is made again when a credential's time is over", async () => {
  const store = storeOf({ "openai:t": tokenOf("openai", NOW + HOUR), "groq:b": keyOf("groq") });
  const { rig, plan, made } = planner({ config, store });
  expect((await plan()).candidates).toHaveLength(2);
  await rig.pass(2 * HOUR);
  expect((await plan()).candidates).toHaveLength(1);
  expect(made()).toBe(2);
});

test("several accounts in no stated order may change places at any moment", async () => {
  const { plan, made } = planner({ config, store: storeOf({ "openai:a": keyOf("openai", "sk-a-secret"), "openai:b": keyOf("openai", "sk-b-secret") }) });
  await plan();
  await plan();
  expect(made()).toBe(2);
});

test("another config is another plan", async () => {
  const { rig, plan, made } = planner({ config, store: oneEach });
  await plan();
  await plan({}, { facts: { ...rig.facts, limits: { ...rig.facts.limits } } });
  expect(made()).toBe(2);
});
