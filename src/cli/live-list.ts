import type { Broker } from "../broker.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { programFor } from "../plugins/program-for.ts";
import { askPrograms } from "../probe/ask-programs.ts";
import { askVendors, willBeAsked } from "../probe/live-models.ts";
import type { LiveContext, LiveResult } from "../probe/live-target.ts";
import { askLocalServers } from "../probe/local-servers.ts";
import type { Examined } from "../status/facts.ts";
import type { ConfiguredModels } from "./configured-models.ts";
import { counted } from "./counted.ts";
import { type LiveModelRow, liveModelRows, type LiveServerRow, serverRow } from "./live-rows.ts";
import { liveTargets } from "./live-targets.ts";
import type { ProviderRow } from "./model-row.ts";
import type { Talk } from "./talk.ts";

export interface LiveQuestion {
  readonly examined: Examined;
  readonly configured: ConfiguredModels;
  readonly answers: (id: ProviderId) => ProviderRow;
  readonly only: ProviderId | undefined;
  readonly asked: LiveContext["asked"];
}

/** Asks every account and every server of one's own for its models. By provider, then as the server orders them. */
export async function liveList(broker: Broker, talk: Talk, question: LiveQuestion): Promise<{ servers: LiveServerRow[]; models: LiveModelRow[] }> {
  const { examined, configured, answers, only, asked } = question;
  const all = liveTargets(broker, examined, only);
  const { plugins } = broker.plugins();
  const programs = all.flatMap((target) => {
    const registered = broker.registry().get(broker.registry().idOf(target.provider.id));
    const plugin = registered === undefined ? undefined : programFor(registered, plugins, "models");
    return plugin === undefined ? [] : [{ plugin, target }];
  });
  const targets = all.filter((target) => !programs.some((one) => one.target === target));
  const { stateDir, homeDir } = broker.config();
  const secrets = { homeDir, isInteractive: talk.isInteractive, withheld: broker.registry().variables };
  const context: LiveContext = { host: broker.host, stateDir, secrets, asked };
  const count = targets.filter((target) => willBeAsked(context, target)).length + programs.length;
  if (count > 0) talk.note(`Asking ${counted(count, "provider")}…`);
  const [own, vendors, listedByPrograms] = await Promise.all([
    askLocalServers(
      context,
      targets.filter(({ isLocal }) => isLocal),
    ),
    askVendors(
      context,
      targets.filter(({ isLocal }) => !isLocal),
    ),
    askPrograms(context, programs),
  ]);
  const results = [...own, ...vendors, ...listedByPrograms].sort(byProvider);
  return { servers: results.map(serverRow), models: results.flatMap((result) => liveModelRows(broker, configured, answers, result)) };
}

/** Those of no provider last. */
function byProvider(one: LiveResult, other: LiveResult): number {
  const [a, b] = [one.provider ?? "~", other.provider ?? "~"];
  return a < b ? -1 : Number(a > b);
}
