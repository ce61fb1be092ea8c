import type { Broker } from "../../../broker.ts";
import { isoTime } from "../../../kernel/duration.ts";
import { allRests, type CooldownRow, cooldownRow, restTable, whatRests } from "../../cooldown-rows.ts";
import { defineCommand } from "../../command.ts";
import type { Style } from "../../style.ts";

/** What rests after failures. */
export interface ModelsCooldownsListReport {
  schemaVersion: 1;
  agentId: string;
  /** Milliseconds since 1970. */
  now: number;
  /** The soonest to return first. */
  cooldowns: CooldownRow[];
}

export const modelsCooldownsList = defineCommand({
  summary: "List who rests after failures: accounts, models, addresses",
  about: [
    "An account rests as a whole when its credential was refused or nothing is left to pay with, and at one model after a limit; a model or an address rests when the vendor is at fault. The vendor's own time counts where it names one.",
    "All processes of this machine share them. Rests that an older agent wrote into the auth store of the agent that --agent names are shown too.",
  ].join("\n\n"),
  rooms: ["credentials"],
  options: {},
  examples: [
    { run: "models cooldowns list", does: "what rests now" },
    { run: "models cooldowns list --json", does: "the same, with times in milliseconds" },
  ],
  run,
  human,
  plain: ({ cooldowns }) => cooldowns.map((row) => [whatRests(row), row.state, isoTime(row.until), row.reason].join("\t")).join("\n"),
});

async function run(broker: Broker): Promise<ModelsCooldownsListReport> {
  const { notes } = await allRests(broker);
  return { schemaVersion: 1, agentId: broker.agents().chosen.id, now: broker.host.nowMs(), cooldowns: notes.map(cooldownRow) };
}

function human({ cooldowns, now }: ModelsCooldownsListReport, style: Style): string {
  if (cooldowns.length === 0) return `${style.good("✓")} Nothing rests.`;
  const legacy = cooldowns.some(({ origin }) => origin === "legacy");
  return [
    restTable(cooldowns, now, style),
    "",
    ...(legacy ? [style.dim("  Without a number of failures: from an older agent, in the auth store.")] : []),
    `  ${style.accent("→")} ${style.cli} models cooldowns clear <what>`,
    style.dim("    lets one be asked again at once; --all lets every one"),
  ].join("\n");
}
