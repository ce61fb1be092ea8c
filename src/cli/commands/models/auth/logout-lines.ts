import { placeText } from "../../../../kernel/place.ts";
import { hang } from "../../../hanging-text.ts";
import type { Style } from "../../../style.ts";
import { carriedLines } from "./carried-over.ts";
import { leftPlaces } from "./left-places.ts";
import type { CopyRow } from "./left-copies.ts";
import type { LogoutReport, RemovedAccount } from "./logout-report.ts";

export function logoutText(report: LogoutReport, style: Style): string {
  const { outcome, accounts, storePath } = report;
  if (outcome === "kept") return "Nothing was removed.";
  const removed = accounts.flatMap((account) => [
    `Removed ${style.bold(account.profileId)} ${style.dim(`${account.type}, ${account.reference ?? account.fingerprint}`)}`,
    ...restLines(account, style),
  ]);
  return [
    `Updated ${style.path(storePath)}`,
    ...removed,
    ...configLines(report, style),
    ...carriedLines(report.carriedOver, style),
    ...copyLines(report, style),
    ...afterLines(report, style),
  ].join("\n");
}

/** What became of a secret that was not in the store itself. */
function restLines({ reference, keychain }: RemovedAccount, style: Style): string[] {
  if (reference === null) return [];
  if (keychain === null) return [hang("  ", `Its secret is where it was: ${reference}`, style.width)];
  if (keychain.outcome === "removed") return ["  and its secret from the keychain"];
  if (keychain.outcome === "absent") return ["  Its secret was not in the keychain."];
  return [hang(`  ${style.warn("!")} `, `Its secret is still in the keychain as ${reference}: ${keychain.detail ?? ""}`, style.width)];
}

function configLines({ changedInConfig, configPath, configProblem, byHand, ordersOfOtherAgents, pinnedBy, accounts }: LogoutReport, style: Style): string[] {
  const warn = (text: string): string => hang(`${style.warn("!")} `, text, style.width);
  const id = accounts.length === 1 ? (accounts[0]?.profileId ?? "") : "one of them";
  return [
    ...(changedInConfig.length === 0 ? [] : [`Updated ${style.path(configPath)}`, ...changedInConfig.map((path) => `  without ${path}`)]),
    ...(configProblem === null
      ? []
      : [warn(`The config still names ${accounts.length === 1 ? "it" : "them"} (${byHand.join(", ")}): ${configProblem.message}. ${configProblem.hint}`)]),
    ...leftPlaces({ id, byHand: configProblem === null ? byHand : [], ordersOfOtherAgents }, style),
    ...pinnedBy.map((path) => warn(`${path} pins ${id}, which is gone: that model has no account now.`)),
  ];
}

/** Where a secret still is. */
export function copyLines({ copies, copiesCut }: { readonly copies: readonly CopyRow[]; readonly copiesCut: boolean }, style: Style): string[] {
  const cut = copiesCut ? [hang(`${style.warn("!")} `, "Not all of the state folder was searched for copies: it holds too much.", style.width)] : [];
  if (copies.length === 0) return cut;
  const places = copies.map((copy) => hang("    ", `${copyPlace(copy, style)} ${style.dim(`· ${copy.what}`)}`, style.width));
  return [
    `${style.warn("!")} The same secret is still in ${copies.length === 1 ? "one place" : `${copies.length} places`}, which ${copies.length === 1 ? "is" : "are"} not touched:`,
    ...places,
  ];
}

function copyPlace({ file, line, variable }: CopyRow, style: Style): string {
  if (file === null) return variable ?? "environment";
  return placeText({ file: style.path(file), ...(line !== null && { line }) });
}

function afterLines({ revokeAt, asked, accounts }: LogoutReport, style: Style): string[] {
  const [it, is] = accounts.length === 1 ? ["it", "It is"] : ["them", "They are"];
  const revoke = ({ vendor, url }: LogoutReport["revokeAt"][number]): string =>
    hang(`  ${style.accent("→")} `, url ?? `in your account at ${vendor}`, style.width);
  return [
    ...(revokeAt.length === 0 ? [] : [`${is} still valid at the vendor. To revoke ${it}:`, ...revokeAt.map(revoke)]),
    ...asked.map(({ provider, profiles }) =>
      hang("", profiles.length === 0 ? `No account of ${provider} is asked any more.` : `Asked for ${provider} now: ${profiles.join(", ")}`, style.width),
    ),
  ];
}
