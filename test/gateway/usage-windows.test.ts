import { expect, test } from "vitest";
import { openCurrent } from "../../src/gateway/current.ts";
import { gatewayWindows, keepYoung } from "../../src/gateway/usage-windows.ts";
import { failoverPlan } from "../../src/routing/plan-failover.ts";
import { CONFIG, HOUR, loginOf, NAMES, NOW, STORE, storeOf } from "../credentials/open-facts.ts";
import { fakeHost } from "../support/fake-host.ts";
import { packaged } from "../support/packaged.ts";
import { cacheText, keptUsage, windowOf } from "../usage/kept.ts";

const FILE = "/home/me/.nemo/signalbox/usage.json";
const login = (email: string) => ({ ...(loginOf("openai-codex", NOW + HOUR, email) as object), email });
const told = (email: string, resetsInHours: number) =>
  keptUsage({ windows: [windowOf("week", 40, NOW + resetsInHours * HOUR)] }, { provider: "openai-codex", account: email });

async function open() {
  const store = storeOf({ "openai-codex:a": login("a@x.example"), "openai-codex:b": login("b@x.example") });
  const config = { agents: { defaults: { model: "openai-codex/gpt-5" } } };
  const usage = cacheText({ "openai-codex:a": told("a@x.example", 150), "openai-codex:b": told("b@x.example", 10) });
  const host = fakeHost({ packaged, nowMs: NOW, files: { [CONFIG]: JSON.stringify(config), [STORE]: JSON.stringify(store), [FILE]: usage } });
  const current = await openCurrent({ host, names: NAMES, agent: undefined, warn: () => undefined }, () => undefined);
  return { host, current, known: gatewayWindows({ host, current, stateDir: "/home/me/.nemo" }) };
}

test("who is asked first goes by what accounts were told is left; nobody is asked for it", async () => {
  const { host, current, known } = await open();
  const { latest } = current;
  const route = latest.route("default", { serves: "chat", image: false, strict: false });
  const order = (): string[] => {
    const plan = failoverPlan(route, { ...latest.factsOf(route.agentId), windows: known.latest() }, new Map(), NOW);
    return plan.candidates.map(({ profile }) => profile?.id ?? "");
  };
  expect(order()).toEqual(["openai-codex:a", "openai-codex:b"]);
  known.look();
  expect([order(), host.asked]).toEqual([["openai-codex:b", "openai-codex:a"], []]);
});

test("what is kept young ends with the gateway", async () => {
  const { host, current, known } = await open();
  let due = 0;
  const after = () => {
    due++;
    return () => void due--;
  };
  const letGo = keepYoung({ host, machine: { after }, current, stateDir: "/home/me/.nemo" }, known, () => undefined);
  expect([due, known.latest().size]).toEqual([1, 2]);
  letGo();
  expect(due).toBe(0);
});
