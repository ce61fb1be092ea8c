import { defineCommand } from "../../../command.ts";
import { text } from "../../../option.ts";
import { carriedLines, carriedRows } from "./carried-over.ts";
import { knownProvider, orderReport, orderText } from "./order-get.ts";
import type { OrderChangeReport } from "./order-set.ts";
import { readAgain } from "./read-again.ts";

const options = { provider: text("<name>", "the provider whose accounts are meant (required)", { names: "provider" }) };

export const modelsAuthOrderClear = defineCommand({
  summary: "Take back an order of your own for a provider's accounts",
  about: "Takes the order out of the chosen agent's auth store. auth.order in the config, and the main agent's order, count again where there is one.",
  rooms: ["credentials"],
  options,
  examples: [{ run: "models auth order clear --provider anthropic", does: "lets the accounts take turns again" }],
  run: async (broker, given): Promise<OrderChangeReport> => {
    const provider = knownProvider(broker, given.provider);
    const edited = await broker.editStore({ command: "models auth order clear", backup: "previous" }, (draft) => draft.setOrder(provider, undefined));
    return { ...orderReport(await readAgain(broker), provider), outcome: edited.kind, carriedOver: carriedRows(edited) };
  },
  human: (report, style) =>
    [
      report.outcome === "unchanged" ? "There was no order to take back; nothing was written." : `Updated ${report.authStorePath}`,
      ...carriedLines(report.carriedOver, style),
      orderText(report, style),
    ].join("\n"),
  plain: ({ effective }) => effective.profiles.join("\n"),
});
