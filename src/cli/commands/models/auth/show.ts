import type { Broker } from "../../../../broker.ts";
import { isVendorToolOnly } from "../../../../credentials/authorize.ts";
import type { DecidedBy } from "../../../../credentials/order.ts";
import { utcMinute } from "../../../../kernel/duration.ts";
import { placeText } from "../../../../kernel/place.ts";
import { type AccountRow, accountRows } from "../../../../status/accounts.ts";
import { examine, statusFacts } from "../../../../status/facts.ts";
import { type UseRow, usesOf } from "../../../../status/uses.ts";
import { originText, stateText } from "../../../account-lines.ts";
import { labelOf } from "../../../ask-credential.ts";
import { licenceText, renewalText } from "../../../login-lines.ts";
import { defineCommand } from "../../../command.ts";
import { ordinal } from "../../../stored-account.ts";
import type { Style } from "../../../style.ts";
import { padEnd, wrap } from "../../../text-width.ts";
import { unknownAccount } from "./own-account.ts";

/** All that is known of one account without asking anybody. */
export interface AccountShowReport {
  schemaVersion: 1;
  agentId: string;
  storePath: string;
  /** The vendor's own name; the id where nobody defines the provider. */
  vendor: string;
  account: AccountRow;
  /** Where it stands in `account.file`; null where that has no line. */
  line: number | null;
  /** Its licence allows it in the vendor's own program alone: it is kept, and sent to nobody. */
  vendorToolOnly: boolean;
  decidedBy: DecidedBy;
  /** How many of the provider's accounts are asked. */
  asked: number;
  usedBy: UseRow[];
}

export const modelsAuthShow = defineCommand({
  summary: "Show all that is known of one account, but never its secret",
  about:
    "Where the account comes from, where its secret rests, whether it has expired or rests after failures, when its turn is, and what its vendor permits. Nobody is asked: a program or keychain that holds the secret neither.",
  rooms: ["credentials"],
  args: [{ name: "profile-id", help: "as `{cli} models auth list` names it", names: "profile" }],
  options: {},
  examples: [
    { run: "models auth show anthropic:work", does: "one stored account" },
    { run: "models auth show env:GROQ_API_KEY --json", does: "one of the environment, as data" },
  ],
  run,
  human,
});

function run(broker: Broker, _given: object, [written = ""]: readonly string[]): AccountShowReport {
  const examined = examine(statusFacts(broker));
  const { profiles, places, storePath } = examined.credentials;
  const profile = profiles.find(({ id }) => id === written.trim());
  const account = accountRows(examined).find(({ profileId }) => profileId === profile?.id);
  if (profile === undefined || account === undefined) throw unknownAccount(written, examined.credentials);
  const rotation = examined.rotationOf(profile.provider);
  return {
    schemaVersion: 1,
    agentId: examined.agents.chosen.id,
    storePath,
    vendor: labelOf(broker, profile.provider),
    account,
    line: places.placeOf(profile)?.line ?? null,
    vendorToolOnly: isVendorToolOnly(profile.credential),
    decidedBy: rotation.decidedBy,
    asked: rotation.candidates.length,
    usedBy: usesOf(profile.provider, examined),
  };
}

const KINDS: Readonly<Record<AccountRow["type"], string>> = { api_key: "API key", token: "token", oauth: "login" };

function human(report: AccountShowReport, style: Style): string {
  const { account, vendor, usedBy } = report;
  const { profileId, provider, type, fingerprint, email, cooldown, expiresAt, reference, unresolved } = account;
  const rows: [string, string | null][] = [
    ["vendor", vendor === provider ? vendor : `${vendor} (${provider})`],
    ["kind", `${KINDS[type]}${fingerprint === "missing" ? "" : `, ${fingerprint}`}`],
    ["owner", email],
    ["state", stateText(account, style)],
    ["ends", expiresAt === null ? null : utcMinute(expiresAt)],
    ["rests", cooldown === null ? null : `after failures${cooldown.reason === null ? "" : ` (${cooldown.reason})`}`],
    ["comes from", placeOf(report, style)],
    ["secret in", reference],
    ["", unresolved === null ? null : style.bad(`✗ ${unresolved.reason}`)],
    ["turn", turnText(report)],
    ["in use for", usedBy.length === 0 ? "no model of the chain" : usedBy.map(({ role, ref }) => `${ref} (${role})`).join(", ")],
    ["renewal", renewalText(account, style.nowMs)],
    ["licence", licenceText(account)],
  ];
  return [
    style.bold(profileId),
    ...rows.flatMap(([name, value]) => factLines(name, value, style)),
    ...(unresolved === null || unresolved.hint === "" ? [] : [`${style.accent("→")} ${wrap(unresolved.hint, style.width - 2, "  ")}`]),
  ].join("\n");
}

function placeOf({ account, line }: AccountShowReport, style: Style): string {
  const { file, variable, inherited } = account;
  const where = file === null ? originText(account, style) : placeText({ file: style.path(file), ...(line !== null && { line }) });
  return `${variable === null ? "" : `${variable} in `}${where}${inherited ? ", the main agent's" : ""}`;
}

const DECIDED_BY: Readonly<Record<DecidedBy, string>> = {
  "store-order": "by the order in the auth store",
  "config-order": "by auth.order in the config",
  "config-profiles": "among those that the config lists",
  "stored-profiles": "",
};

function turnText({ account, asked, decidedBy, vendorToolOnly }: AccountShowReport): string {
  if (vendorToolOnly) return "none: it is sent to nobody";
  const { position, passedOver } = account;
  if (position === null) return `none: it ${passedOver?.detail ?? "is in no order"}`;
  const by = DECIDED_BY[decidedBy];
  return `${asked === 1 ? "the only one that is asked" : `asked ${ordinal(position)} of ${asked}`}${by === "" ? "" : `, ${by}`}`;
}

const NAME_COLUMNS = 12;

function factLines(name: string, value: string | null, style: Style): string[] {
  if (value === null || value === "") return [];
  const indent = " ".repeat(NAME_COLUMNS + 2);
  return [`  ${style.dim(padEnd(name, NAME_COLUMNS))}${wrap(value, style.width - indent.length).replaceAll("\n", `\n${indent}`)}`];
}
