import type { Broker } from "../../../broker.ts";
import { assertNever } from "../../../kernel/errors.ts";
import { type ChainRow, chainRow, NO_CREDENTIAL } from "../../../status/chain-rows.ts";
import { examine, statusFacts } from "../../../status/facts.ts";

/** Why nobody can ask, or nobody can answer, each with the command that mends it. A model that only rests is none of them: it comes back by itself. */
export function serveWarnings(broker: Broker, keys: number): string[] {
  const rows = servedRows(broker);
  const noKey = keys > 0 ? [] : ["There is no gateway key: `{cli} gateway keys create <name>` makes one."];
  if (rows.length > 0 && rows.every(isWithoutCredential)) return ["No model has a usable credential: `{cli} models auth add` adds one.", ...noKey];
  return [...rows.flatMap(unableText), ...noKey];
}

/** The default and its fallbacks. Images have a chain of their own. */
export function servedRows(broker: Broker): ChainRow[] {
  const examined = examine(statusFacts(broker));
  const entries = examined.chain.entries.filter(({ role }) => role === "default" || role === "fallback");
  return entries.map((entry) => chainRow(entry, examined));
}

/** Why a model cannot answer here, in few words; undefined where it can, be it after its rest. The gateway has no other program's login. */
export function unableWords({ readiness }: Pick<ChainRow, "readiness">): string | undefined {
  switch (readiness) {
    case "ready":
    case "not needed":
    case "cooling":
      return undefined;
    case "missing":
      return "no usable account";
    case "expired":
      return "expired";
    case "delegated":
      return "another program's login";
    case "not allowed":
      return "not allowed";
    case "broken":
      return "leads nowhere";
    default:
      return assertNever(readiness);
  }
}

/** Nothing of a model that can answer. */
function unableText(row: ChainRow): string[] {
  const { role, position, readiness, detail, ref, raw, provider } = row;
  // What leads nowhere says by itself in which place it stands.
  if (readiness === "broken") return [`${detail.slice(0, 1).toUpperCase()}${detail.slice(1)}. ${MORE}`];
  const who = `${role === "default" ? "The default" : `Fallback ${position}`}, ${ref ?? raw},`;
  if (readiness === "not allowed") return [`${who} cannot answer: ${detail}. ${MORE}`];
  if (readiness === "delegated")
    return [`${who} cannot answer here: another program's login answers for it, which the gateway cannot use. Choose one that has an account: ${LIST}.`];
  if (isWithoutCredential(row)) {
    const why = detail === NO_CREDENTIAL ? "there is no credential" : detail;
    return [`${who} cannot answer: ${why}. Add one: \`{cli} models auth add --provider ${provider ?? "<id>"}\`.`];
  }
  return readiness === "missing" ? [`${who} cannot answer: ${detail}. ${MORE}`] : [];
}

const MORE = "`{cli} models explain` says more.";
const LIST = "`{cli} models list`";

/** What another account mends. It would not where accounts are passed over, or nobody can ask the provider yet. */
function isWithoutCredential({ readiness, detail }: ChainRow): boolean {
  return readiness === "expired" || (readiness === "missing" && detail === NO_CREDENTIAL);
}
