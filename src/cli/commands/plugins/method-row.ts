import type { Broker } from "../../../broker.ts";
import type { LoginMethod } from "../../../provider/login-method.ts";
import { LICENCES, loginMethods } from "../../login-methods.ts";
import type { Style } from "../../style.ts";
import { fact } from "./detail-lines.ts";
import type { ProviderRow } from "./provider-row.ts";

/** One way that `models auth login` can take. */
export interface MethodRow {
  id: string;
  label: string;
  kind: LoginMethod["flow"]["kind"];
  licence: LoginMethod["licence"];
  /** What the vendor thinks of it, where that is not plainly yes. */
  standing: string | null;
  /** A registration of one's own is needed: how to get it, and on which page. */
  client: { howTo: string; page: string | null } | null;
  /** Without the name of the program. */
  command: string;
  source: { url: string; checkedOn: string };
}

export interface LoginProviderRow extends ProviderRow {
  /** The best one first. */
  methods: MethodRow[];
}

/** The rows with the ways that `models auth login` knows for each. */
export async function withMethods(broker: Broker, rows: readonly ProviderRow[]): Promise<LoginProviderRow[]> {
  const table = await broker.logins();
  return rows.map((row) => {
    const provider = broker.registry().get(broker.registry().idOf(row.id))?.provider;
    return { ...row, methods: loginMethods(provider, table).map((method) => methodRow(row.id, method)) };
  });
}

function methodRow(provider: string, { id, label, licence, standing, flow, source }: LoginMethod): MethodRow {
  const client = "client" in flow && flow.client.kind === "own" ? { howTo: flow.client.howTo, page: flow.client.page ?? null } : null;
  return {
    ...{ id, label, kind: flow.kind, licence },
    standing: standing ?? null,
    client,
    command: `models auth login ${provider} --method ${id}`,
    source: { ...source },
  };
}

/** What a list says of the logins besides variables: "login: browser, device". */
export function shortMethods(methods: readonly MethodRow[]): string | undefined {
  const logins = methods.filter(isMoreThanAKey);
  return logins.length === 0 ? undefined : `login: ${logins.map(({ id, standing }) => `${id}${standing === null ? "" : " (amber)"}`).join(", ")}`;
}

/** All facts of each. */
export function methodLines(methods: readonly MethodRow[], style: Style): string[] {
  return methods
    .filter(isMoreThanAKey)
    .flatMap(({ label, licence, standing, client, command }) => [
      ...fact("log in", `${label}: ${style.accent(`${style.cli} ${command}`)}`, style),
      ...fact("", `Licence of use: ${LICENCES[licence]} (${licence}).`, style),
      ...fact("", standing === null ? null : `${style.warn("!")} ${standing}`, style),
      ...fact("", client === null ? null : `Needs a client id of your own. ${client.howTo}${client.page === null ? "" : ` ${client.page}`}`, style),
    ]);
}

/** Not the page of a key, which is a variable too. */
function isMoreThanAKey({ kind, licence }: MethodRow): boolean {
  return kind !== "api-key-page" || licence === "vendor-tool-only";
}

/** Without the logins that the methods say more about. */
export function told(row: LoginProviderRow): LoginProviderRow {
  const isLogin = row.methods.some(({ kind }) => kind !== "api-key-page");
  return { ...row, logins: row.logins.filter(({ kind }) => !isLogin || (kind !== "oauth" && kind !== "delegated")) };
}
