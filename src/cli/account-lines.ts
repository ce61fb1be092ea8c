import { agoText, shortDuration } from "../kernel/duration.ts";
import type { AccountRow } from "../status/accounts.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { cutId } from "./text-width.ts";

/** From this many columns on, where an account comes from has a column of its own. */
const WIDE = 100;

const KINDS: Readonly<Record<AccountRow["type"], string>> = { api_key: "key", token: "token", oauth: "login" };

/** Those of providers in use first. */
export function inUseFirst<T extends AccountRow>(accounts: readonly T[]): T[] {
  return [...accounts.filter(({ inUse }) => inUse), ...accounts.filter(({ inUse }) => !inUse)];
}

/** One line an account: its place in the rotation, its id, its kind, how it is, its fingerprint, and where it comes from. */
export function accountTable(accounts: readonly AccountRow[], style: Style, stateOf = stateText): string {
  const rows = accounts.map((account) => {
    const narrow = [placeInTurn(account), idText(account), kindText(account), stateOf(account, style), style.dim(account.fingerprint)];
    return style.width >= WIDE ? [...narrow, style.dim(originText(account, style))] : narrow;
  });
  return table(rows, { style, flexible: 1, indent: "  " });
}

/** "key", "token from env": where a secret rests that is not in the store. */
function kindText({ type, reference }: AccountRow): string {
  return reference === null ? KINDS[type] : `${KINDS[type]} from ${reference.slice(0, reference.indexOf(":"))}`;
}

function placeInTurn({ position }: AccountRow): string {
  return position === null ? "-" : String(position);
}

/** The provider is named where the id does not already say it. */
function idText({ profileId, provider, variable }: AccountRow): string {
  const says =
    profileId.startsWith(`${provider}:`) || profileId.endsWith(`:${provider}`) || (variable ?? "").toLowerCase().replaceAll("_", "-").startsWith(provider);
  return says ? profileId : `${profileId} (${provider})`;
}

/** A sign and a word: how it is, or why it is not used. */
export function stateText(account: AccountRow, style: Style): string {
  const { cooldown, health, passedOver, position, unresolved } = account;
  if (cooldown !== null) return style.warn(`~ ${cooldown.kind === "disabled" ? "disabled" : "rests"} ${shortDuration(cooldown.remainingMs)}`);
  if (account.login?.needsLogin != null && health !== "ok") return style.bad("✗ needs login");
  if (health === "expired" && passedOver?.reason !== "not-in-order") return style.bad(`✗ expired ${agoText(-(account.remainingMs ?? 0))}`);
  if (unresolved !== null) return style.bad("✗ unresolved");
  if (health === "missing") return style.bad(account.fingerprint === "missing" ? "✗ no secret" : "✗ no expiry given");
  if (position === null) return style.dim(`- ${notUsed(passedOver?.reason)}`);
  return healthText(account, style);
}

function notUsed(reason: NonNullable<AccountRow["passedOver"]>["reason"] | undefined): string {
  if (reason === "not-in-order") return "not in the order";
  if (reason === "hidden") return "not in the config";
  if (reason === "duplicate") return "same secret";
  if (reason === "vendor-tool-only") return "vendor's tool only";
  if (reason === "key-pair") return "a pair of AWS keys";
  return reason === "mismatch" ? "config disagrees" : "not used";
}

function healthText({ health, remainingMs, refreshable, login }: AccountRow, style: Style): string {
  if (health === "expiring") return style.warn(`! ends in ${shortDuration(remainingMs ?? 0)}`);
  if (refreshable) return style.good(login === null ? "✓ its program renews it" : "✓ renews itself");
  return style.good(remainingMs === null ? "✓ no expiry" : `✓ ends in ${shortDuration(remainingMs)}`);
}

/** The file or environment that it is in. */
export function originText({ origin, file, setIn, inherited, reference }: AccountRow, style: Style): string {
  if (origin === "store") return `${inherited ? "main agent's store" : "store"}${reference === null ? "" : ` → ${cutId(reference, 40, style)}`}`;
  if (origin !== "env") return style.path(file ?? origin);
  return { process: "environment", dotenv: style.path(file ?? ".env"), config: "config env", shell: "login shell" }[setIn ?? "process"];
}
