import type { Broker } from "../../../broker.ts";
import { toProviderId } from "../../../kernel/ids.ts";
import { type ChainRow, chainRow } from "../../../status/chain-rows.ts";
import { type Examined, examine } from "../../../status/facts.ts";
import { statusFacts } from "../../status-facts.ts";

/** Why nobody can ask, or nobody can answer, each with the command that mends it. A model that only rests is none of them: it comes back by itself. */
export function serveWarnings(broker: Broker, keys: number): string[] {
  const examined = examine(statusFacts(broker));
  // Images have a chain of their own.
  const entries = examined.chain.entries.filter(({ role }) => role === "default" || role === "fallback");
  const rows = entries.map((entry) => chainRow(entry, examined));
  const noKey = keys > 0 ? [] : ["There is no gateway key: `{cli} gateway keys create <name>` makes one."];
  if (rows.length > 0 && rows.every(isWithoutCredential)) return ["No model has a usable credential: `{cli} models auth add` adds one.", ...noKey];
  return [...rows.flatMap((row) => unableText(row, examined)), ...noKey];
}

/** Nothing of a model that can answer. */
function unableText(row: ChainRow, { credentials }: Examined): string[] {
  const { role, position, readiness, detail, ref, raw, provider } = row;
  // What leads nowhere says by itself in which place it stands.
  if (readiness === "broken") return [`${detail.slice(0, 1).toUpperCase()}${detail.slice(1)}. ${MORE}`];
  const who = `${role === "default" ? "The default" : `Fallback ${position}`}, ${ref ?? raw},`;
  if (readiness === "not allowed") return [`${who} cannot answer: ${detail}. ${MORE}`];
  if (readiness === "delegated" && credentials.standingOf(toProviderId(provider ?? ""))?.found === false)
    return [`${who} may not answer. ${detail.replace(/\.$/, "")}.`];
  if (!isWithoutCredential(row)) return [];
  const why = detail === "no credential" ? "there is no credential" : detail;
  return [`${who} cannot answer: ${why}. Add one: \`{cli} models auth add --provider ${provider ?? "<id>"}\`.`];
}

const MORE = "`{cli} models explain` says more.";

function isWithoutCredential({ readiness }: ChainRow): boolean {
  return readiness === "missing" || readiness === "expired";
}
