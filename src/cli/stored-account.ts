import { utcMinute } from "../kernel/duration.ts";
import type { AccountRow } from "../status/accounts.ts";
import type { UseRow } from "../status/uses.ts";
import { hang } from "./hanging-text.ts";
import { licenceText } from "./login-lines.ts";
import type { Style } from "./style.ts";

/** What every command that stores a credential answers with. */
export interface StoredReport {
  schemaVersion: 1;
  /** `unchanged`: the same was stored already. */
  outcome: "added" | "replaced" | "unchanged";
  agentId: string;
  storePath: string;
  /** The vendor's own name; the id where nobody defines the provider. */
  vendor: string;
  /** As it is now. */
  account: AccountRow;
  /** Its licence allows it in the vendor's own program alone: it is kept, and sent to nobody. */
  vendorToolOnly: boolean;
  /** Keys of AWS: its programs sign with them, and get them by `models auth token`. Requests from here take a Bedrock API key. */
  keyPair: boolean;
  /** How many of the provider's accounts are asked. */
  asked: number;
  /** Other keys of the provider that are not stored: in the environment or the config, and when they are asked. */
  others: { profileId: string; fingerprint: string; position: number | null }[];
  /** The models of the chain that use the provider. */
  usedBy: UseRow[];
  /** Files of the config that were changed, because they list the provider's accounts. */
  configFiles: string[];
  /** Accounts that were carried over from files of earlier versions, which nobody reads from now on. */
  carriedOver: { file: string; profileIds: string[] }[];
  test: TestRow | null;
}

/** What asking the vendor once has shown. */
export interface TestRow {
  verdict: "accepted" | "limited" | "rejected" | "inconclusive";
  /** A word for it, such as "auth", "billing" or "network"; null when it was accepted or nothing is known. */
  reason: string | null;
  /** The end of a sentence that begins with the vendor's name. */
  detail: string;
  httpStatus: number | null;
  /** Whom the credential was shown to; null when to nobody. */
  url: string | null;
}

/** What was saved where, what it means, and what to do next. */
export function storedLines(report: StoredReport, style: Style): string {
  const { outcome, account, storePath, configFiles, test } = report;
  const kept = `${style.bold(account.profileId)} (${account.type}, ${account.reference ?? account.fingerprint})`;
  const first =
    outcome === "unchanged"
      ? `${kept} is stored already, in ${style.path(storePath)}`
      : `${outcome === "replaced" ? "Replaced" : "Saved"} ${kept} in ${style.path(storePath)}`;
  return [
    hang("", first, style.width),
    ...configFiles.map((file) => `Updated ${style.path(file)}`),
    ...(test === null ? [] : [testLine(test, report.vendor, style)]),
    ...meaningLines(report, style),
    `${style.accent("→")} ${style.cli} ${nextCommand(report)}`,
  ].join("\n");
}

export function testLine({ verdict, detail }: TestRow, vendor: string, style: Style): string {
  const sign = { accepted: style.good("✓"), limited: style.warn("!"), rejected: style.bad("✗"), inconclusive: style.warn("?") }[verdict];
  return hang(`${sign} `, `${verdict === "inconclusive" ? "Whether it works is not known: " : ""}${vendor} ${detail}.`, style.width);
}

function meaningLines(report: StoredReport, style: Style): string[] {
  const { account, asked, others, usedBy, carriedOver, vendorToolOnly } = report;
  const { position, expiresAt, provider } = account;
  const licence = account.licence.saidBy === "config" ? licenceText(account) : account.note;
  const [use, ...more] = usedBy;
  const turn =
    position === null ? [] : [asked === 1 ? `the only account that is asked for ${provider}` : `asked ${ordinal(position)} of ${asked} for ${provider}`];
  const inUse =
    use === undefined ? `no model of ${provider} is in use yet` : `in use for ${use.ref} (${use.role})${more.length === 0 ? "" : ` and ${more.length} more`}`;
  const end = expiresAt === null ? [] : [`ends ${utcMinute(expiresAt)}`];
  const means = report.keyPair ? [KEY_PAIR] : [...turn, inUse];
  const sentence = [...(vendorToolOnly ? [] : means), ...end].join("; ");
  const warnings = [
    ...(position === null && !vendorToolOnly ? [`Not asked: it ${account.passedOver?.detail ?? "is in no order"}.`] : []),
    ...others.map((other) => `${nameOf(other)} holds another key (${other.fingerprint}); ${whoIsFirst(account, other)}.`),
    ...(licence === null ? [] : [licence]),
    ...carriedOver.map(({ file, profileIds }) => `${profileIds.join(", ")} came along from ${style.path(file)}, which is not read from now on.`),
  ];
  return [
    ...(sentence === "" ? [] : [hang("", `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`, style.width)]),
    ...warnings.map((text) => hang(`${style.warn("!")} `, text, style.width)),
  ];
}

const KEY_PAIR =
  "a pair of keys for AWS's own programs, which get it by `models auth token --format aws-process`; models that are asked from here take a Bedrock API key";

function nameOf({ profileId }: StoredReport["others"][number]): string {
  const variable = /^env:([^:]+)/.exec(profileId)?.[1];
  return variable === undefined ? profileId : `${variable} in the environment`;
}

function whoIsFirst({ profileId, position }: AccountRow, other: StoredReport["others"][number]): string {
  if (position === null) return other.position === null ? "it is not asked either" : "that one is asked";
  if (other.position === null) return `${profileId} is asked, that one is not`;
  return position < other.position ? `${profileId} is asked before it` : `it is asked before ${profileId}`;
}

function nextCommand({ account, usedBy, vendorToolOnly, keyPair }: StoredReport): string {
  if (vendorToolOnly || keyPair) return `models auth paste-api-key --provider ${account.provider}`;
  if (account.position === null) return `models auth order get --provider ${account.provider}`;
  return usedBy.length > 0 ? "models status" : `models list --all --provider ${account.provider}`;
}

export function ordinal(position: number): string {
  const ending = Math.trunc(position / 10) % 10 === 1 ? "th" : (["th", "st", "nd", "rd"][position % 10] ?? "th");
  return ["first", "second", "third"][position - 1] ?? `${position}${ending}`;
}
