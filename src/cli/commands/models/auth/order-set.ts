import type { Broker } from "../../../../broker.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { ProfileId, ProviderId } from "../../../../kernel/ids.ts";
import { defineCommand } from "../../../command.ts";
import { text } from "../../../option.ts";
import { type CarriedRow, carriedLines, carriedRows } from "./carried-over.ts";
import { knownProvider, type OrderReport, orderReport, orderText } from "./order-get.ts";
import { unknownAccount } from "./own-account.ts";
import { readAgain } from "./read-again.ts";

/** The order as it is now. */
export interface OrderChangeReport extends OrderReport {
  outcome: "written" | "unchanged";
  /** Accounts that were carried over from files of earlier versions, which nobody reads from now on. */
  carriedOver: CarriedRow[];
}

const options = { provider: text("<name>", "the provider whose accounts are meant (required)", { names: "provider" }) };

export const modelsAuthOrderSet = defineCommand({
  summary: "Ask a provider's accounts in an order of your own",
  about:
    "Written to the auth store of the chosen agent; it comes before auth.order in the config. Accounts that are not named are not asked, but for variables and keys of the config, which come last. Every account that `{cli} models auth list` shows may be named; older agents pass over those that are not stored.",
  rooms: ["credentials"],
  args: [{ name: "profileId", help: "accounts of the provider, the first to be asked first", rest: true, names: "profile" }],
  options,
  examples: [
    { run: "models auth order set --provider anthropic anthropic:work anthropic:home", does: "asks the account at work first" },
    { run: "models auth order set --provider openai openai:work --agent lab", does: "lets the agent lab ask one account only" },
  ],
  run: async (broker, given, args): Promise<OrderChangeReport> => {
    const provider = knownProvider(broker, given.provider);
    const ids = namedAccounts(broker, provider, args);
    const edited = await broker.editStore({ command: "models auth order set", backup: "previous" }, (draft) => draft.setOrder(provider, ids));
    return { ...orderReport(await readAgain(broker), provider), outcome: edited.kind, carriedOver: carriedRows(edited) };
  },
  human: (report, style) =>
    [
      report.outcome === "unchanged" ? "That is the order already; nothing was written." : `Updated ${report.authStorePath}`,
      ...carriedLines(report.carriedOver, style),
      orderText(report, style),
    ].join("\n"),
  plain: ({ effective }) => effective.profiles.join("\n"),
});

/** Trimmed, each once. Throws PROFILE_UNKNOWN for one that is not there, and USAGE for another provider's. */
function namedAccounts(broker: Broker, provider: ProviderId, written: readonly string[]): ProfileId[] {
  const { profiles, problems } = broker.credentials();
  const words = [...new Set(written.map((word) => word.trim()))].filter((word) => word !== "");
  if (words.length === 0)
    throw new AppError("USAGE", "no account is named", { hint: "Name at least one; `{cli} models auth order clear` takes an order back." });
  return words.map((word) => {
    const found = profiles.find(({ id }) => id === word);
    const own = profiles.filter((profile) => profile.provider === provider);
    if (found === undefined) throw unknownAccount(word, { profiles: own.length > 0 ? own : profiles, problems });
    if (found.provider === provider) return found.id;
    throw new AppError("USAGE", `${found.id} is an account of ${found.provider}, not of ${provider}`, {
      hint: own.length === 0 ? `There is no account of ${provider}.` : `Accounts of ${provider}: ${own.map(({ id }) => id).join(", ")}.`,
    });
  });
}
