import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SpendReport } from "../../src/cli/spend-report.ts";
import { type Rig, startRig } from "../gateway/rig.ts";

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ behaviours: ["reset", "down", "content_then_cut", "content_then_silent"] });
});
afterAll(() => rig.stop());

const body = (model: string, stream = false) => ({ model, stream, messages: [{ role: "user", content: "hi" }] });
const ask = (model: string, stream = false) => rig.ask("/v1/chat/completions", body(model, stream));

/** Goes away once something has come. */
async function leave(model: string): Promise<void> {
  const headers = { authorization: `Bearer ${rig.key}`, "content-type": "application/json" };
  const call = request(`${rig.url}/v1/chat/completions`, { method: "POST", headers, agent: false });
  call.on("error", () => undefined);
  call.end(JSON.stringify(body(model, true)));
  const [answer] = (await once(call, "response")) as [NodeJS.ReadableStream];
  await once(answer, "data");
  call.destroy();
}

test("what the gateway noted of each request is what models usage --spend tells", async () => {
  await ask("default");
  await ask("default", true);
  await ask("reset-chat/m");
  await ask("down-chat/m");
  await ask("content-then-cut-chat/m", true);
  await leave("content-then-silent-chat/m");
  rig.program.kill("SIGTERM");
  await once(rig.program, "exit");
  const { stdout } = await rig.run("models", "usage", "--spend", "--by", "model", "--json");
  const { groups, total, missed } = JSON.parse(stdout) as SpendReport;
  const of = (model: string) => groups.find(({ key }) => key === model);
  expect(missed).toEqual([]);
  expect(total).toMatchObject({ requests: 6, answered: 4, cut: 1, cancelled: 1, failed: 0, failedAttempts: 2, maybeBilled: 3 });
  // Nine tokens in at a dollar a million, five out at two.
  expect(of("good-chat/m")).toMatchObject({ requests: 4, attempts: 4, inputTokens: 36, outputTokens: 20, costUsd: 0.000076, unpriced: 0, maybeBilled: 0 });
  expect(of("reset-chat/m")).toMatchObject({ requests: 0, attempts: 1, failedAttempts: 1, maybeBilled: 1 });
  expect(of("down-chat/m")).toMatchObject({ requests: 0, attempts: 1, failedAttempts: 1, maybeBilled: 0 });
  expect(of("content-then-cut-chat/m")).toMatchObject({ requests: 1, cut: 1, costUsd: null, unpriced: 1, maybeBilled: 1 });
  expect(of("content-then-silent-chat/m")).toMatchObject({ requests: 1, cancelled: 1, cut: 0, maybeBilled: 1 });
});
