import { expect, test } from "vitest";
import { spendCsv } from "../../src/cli/spend-csv.ts";
import { sumSpend } from "../../src/usage/spend.ts";
import type { UsageEvent } from "../../src/state/state-store.ts";
import { failedEvent, usageEvent, usageEventWithout } from "../usage/events.ts";

async function* from(events: readonly UsageEvent[]): AsyncGenerator<UsageEvent> {
  yield* events;
}

test("a line of names, a line a group; what is not known is said so", async () => {
  const { groups } = await sumSpend(from([usageEvent(), usageEventWithout("costUsd"), failedEvent({ client: "ci" })]), "client");
  const unknown = await sumSpend(from([usageEventWithout("costUsd")]), "model");
  expect(spendCsv({ by: "client", groups: [...groups, ...unknown.groups] })).toBe(
    [
      "client,requests,answered,cut,failed,cancelled,attempts,failed_attempts,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,uncounted,cost_usd,unpriced,maybe_billed",
      "editor,2,2,0,0,0,2,0,2000,400,0,0,0,0.01,1,0",
      "ci,1,0,0,1,0,1,1,0,0,0,0,0,0,0,0",
      "groq/llama,1,1,0,0,0,1,0,1000,200,0,0,0,unknown,1,0",
    ].join("\n"),
  );
});

test("names are quoted where they have to be, and are no formulas", async () => {
  const named = async (client: string) =>
    spendCsv({ by: "client", ...(await sumSpend(from([usageEvent({ client })]), "client")) })
      .split("\n")[1]
      ?.split(",1,1,")[0];
  expect(await named('a "b", c')).toBe('"a ""b"", c"');
  expect(await named("=1+1")).toBe("'=1+1");
  expect(await named("-5")).toBe("-5");
});
