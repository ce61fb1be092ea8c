import type { LoadedConfig } from "../config/loaded-config.ts";
import { expiredLoginHint, healthToAgents } from "../credentials/health.ts";
import type { PassedOverReason } from "../credentials/order.ts";
import { shortDuration } from "../kernel/duration.ts";
import { assertNever } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import type { AuthMethod } from "../provider/provider.ts";
import { unfitProvider } from "../routing/fitness.ts";
import { roleText } from "../routing/chain.ts";
import type { AccountRow } from "./accounts.ts";
import { licenceFindings, loginFindings } from "./login-findings.ts";
import { type Examined, hasCredential, providerOf } from "./facts.ts";
import { pinFindings } from "./pin-findings.ts";

/** What keeps, or soon will keep, the chain from answering. Each says what to do about it. */
export function findings(accounts: readonly AccountRow[], examined: Examined): Problem[] {
  return [
    ...[...examined.inUse].flatMap((provider) => providerFindings(provider, accounts, examined)),
    ...pinFindings(examined),
    ...accounts.flatMap((account) => accountFindings(account, examined)),
    ...accounts.flatMap(licenceFindings),
    ...accounts.flatMap((account) => loginFindings(account, examined.nowMs, account.inUse && !isExcluded(account) ? "counts" : "counts not")),
  ];
}

/** In the order of the chain. A provider that does not exist needs no credential: its reference is a problem of its own. */
export function missingProviders(examined: Examined): ProviderId[] {
  return [...examined.inUse].filter((provider) => !hasCredential(provider, examined));
}

function providerFindings(provider: ProviderId, accounts: readonly AccountRow[], examined: Examined): Problem[] {
  if (examined.registry.get(provider) === undefined && examined.credentials.standingOf(provider) === undefined) return [];
  const unfit = unfitFinding(provider, examined);
  if (unfit !== undefined) return [unfit];
  const own = accounts.filter((account) => account.provider === provider);
  if (!isAskedUnpinned(provider, examined)) return [];
  if (!hasCredential(provider, examined)) return [missing(provider, own, examined)];
  const standing = examined.credentials.standingOf(provider);
  if (standing !== undefined && !standing.found && !own.some(({ position }) => position !== null)) {
    return [
      {
        code: "CREDENTIAL_MISSING",
        severity: "warning",
        subject: provider,
        message: `${neededBy(provider, examined)} may not answer. ${standing.detail.replace(/\.$/, "")}`,
        hint: keyHint(provider, examined),
      },
    ];
  }
  return own.some(({ position }) => position !== null) || standing !== undefined ? [] : resting(provider, own);
}

/** The models of such a provider are never asked: no account mends that. */
export function unfitFinding(provider: ProviderId, examined: Examined, who = neededBy(provider, examined)): Problem | undefined {
  const registered = examined.registry.get(provider);
  const unfit = registered === undefined ? undefined : unfitProvider(registered.provider);
  if (unfit === undefined) return undefined;
  const message = `${who} cannot answer: ${provider} ${unfit.why}`;
  return { code: "CREDENTIAL_MISSING", severity: "error", subject: provider, message, hint: "Put a model of another provider in its place." };
}

/** Where every reference names an account, that account is what is missing, and is said with its reference. */
function isAskedUnpinned(provider: ProviderId, { chain, registry }: Examined): boolean {
  return chain.entries.some((entry) => providerOf(entry, registry) === provider && entry.resolution?.profile === undefined);
}

/** What such a store holds, nobody knows. */
const UNREAD: ReadonlySet<string> = new Set(["STORE_UNREADABLE", "STORE_SYNTAX", "STORE_SHAPE", "STORE_PERMISSIONS"]);

function missing(provider: ProviderId, own: readonly AccountRow[], examined: Examined): Problem {
  const [first] = own.filter(({ passedOver }) => passedOver !== null);
  const unread = examined.credentials.problems.some(({ code, severity }) => severity === "error" && UNREAD.has(code));
  const none = unread ? "has no credential that can be read" : "has no credential";
  const why = first === undefined ? none : `has no credential that may be used: ${first.profileId} ${first.passedOver?.detail}`;
  const other = unread ? "Mend the auth store first: one may be in it." : keyHint(provider, examined);
  const hint = first === undefined || ANOTHER.has(first.passedOver?.reason) ? other : orderHint(first);
  return { code: "CREDENTIAL_MISSING", severity: "error", subject: provider, message: `${provider} ${why}; ${neededBy(provider, examined)} needs one`, hint };
}

/** What no order and no config mends: another credential does. */
const ANOTHER: ReadonlySet<PassedOverReason | undefined> = new Set<PassedOverReason>(["blank", "vendor-tool-only", "key-pair"]);

function orderHint({ provider, passedOver, unresolved }: AccountRow): string {
  if (passedOver?.reason === "unresolved") return unresolved?.hint ?? "";
  if (passedOver?.reason === "mismatch") return "Correct the profile's entry below auth.profiles in the config.";
  if (passedOver?.reason === "hidden") return "Name the profile below auth.profiles in the config, or remove the entries of this provider there.";
  return `See \`{cli} models auth order get --provider ${provider}\`.`;
}

/** "the default model", "fallback 2": the first of the chain that is of this provider. */
function neededBy(provider: ProviderId, { chain, registry }: Examined): string {
  const entry = chain.entries.find((one) => providerOf(one, registry) === provider);
  return entry === undefined ? "the chain" : roleText(entry.role, entry.position);
}

/** A login, a variable to set and the page where keys are made, as far as the provider's data has them. */
export function keyHint(provider: ProviderId, { registry, config }: Pick<Examined, "registry" | "config">): string {
  const registered = registry.get(provider);
  const methods = registered?.provider.auth ?? [];
  const delegate = methods.find(({ kind }) => kind === "delegated");
  const variable = registered?.custom.find(({ keyVariable }) => keyVariable !== undefined)?.keyVariable ?? variableOf(methods);
  const add = `\`{cli} models auth add --provider ${provider}\``;
  if (variable !== undefined) return `${delegate === undefined ? `Run ${add}` : `Log in there (${delegate.label})`}, or set ${variable}.`;
  return delegate === undefined
    ? `Add an apiKey to models.providers.${provider} in ${shortPath(config.path, config)}.`
    : `Log in there first (${delegate.label}).`;
}

/** With the page where the key is made. A key comes before a token: it is what most people have. */
function variableOf(methods: readonly AuthMethod[]): string | undefined {
  const keyed = methods.flatMap((method) => ((method.kind === "api_key" || method.kind === "token") && method.env.length > 0 ? [method] : []));
  const method = keyed.find(({ kind }) => kind === "api_key") ?? keyed[0];
  if (method === undefined) return undefined;
  return method.page === undefined ? method.env[0] : `${method.env[0]} (${method.page})`;
}

function shortPath(path: string, { homeDir }: Pick<LoadedConfig, "homeDir">): string {
  return homeDir.length > 1 && path.startsWith(homeDir) ? `~${path.slice(homeDir.length)}` : path;
}

function resting(provider: ProviderId, own: readonly AccountRow[]): Problem[] {
  const first = own.find(({ passedOver }) => passedOver?.reason === "cooling");
  if (first?.cooldown == null) return [];
  const message = `every account of ${provider} rests; ${first.profileId} is the first to return, in ${shortDuration(first.cooldown.remainingMs)}`;
  return [{ code: "CREDENTIAL_COOLING", severity: "warning", subject: provider, message, hint: "Wait, or add a fallback of another provider." }];
}

function accountFindings(account: AccountRow, { nowMs, config }: Examined): Problem[] {
  const { profileId, health, expiresAt, provider, inUse, passedOver } = account;
  const counts = inUse && !isExcluded(account);
  if (account.login?.needsLogin != null) return [];
  if (inUse && passedOver?.reason === "mismatch") {
    const message = `${profileId} ${passedOver.detail}: it is not used`;
    return [{ code: "CREDENTIAL_MISMATCH", severity: "warning", subject: profileId, message, hint: orderHint(account) }];
  }
  switch (health) {
    case "expired":
      return [
        {
          code: "CREDENTIAL_EXPIRED",
          severity: !counts ? "note" : healthToAgents(account) === "ok" ? "warning" : "error",
          subject: profileId,
          message: `${profileId} expired ${shortDuration(nowMs - (expiresAt ?? nowMs))} ago${inUse ? "" : `; no model of ${provider} is in use`}`,
          hint: renewal(account, config),
        },
      ];
    case "expiring":
      return [
        {
          code: "CREDENTIAL_EXPIRING",
          severity: counts ? "warning" : "note",
          subject: profileId,
          message: `${profileId} expires in ${shortDuration((expiresAt ?? nowMs) - nowMs)}`,
          hint: renewal(account, config),
        },
      ];
    case "missing":
      return [{ ...missingSecret(account, config), severity: counts ? "warning" : "note", subject: profileId }];
    case "ok":
    case "static":
      return [];
    default:
      return assertNever(health);
  }
}

function missingSecret(account: AccountRow, config: LoadedConfig): Pick<Problem, "code" | "message" | "hint"> {
  const { profileId, reference, unresolved } = account;
  if (unresolved === null) return { code: "CREDENTIAL_MISSING", message: `${profileId} ${blankText(account)}`, hint: renewal(account, config) };
  return { code: "REFERENCE_UNRESOLVED", message: `${profileId} refers to ${reference}, but ${unresolved.reason}`, hint: unresolved.hint };
}

function blankText({ fingerprint, type }: AccountRow): string {
  return fingerprint === "missing" || type !== "oauth" ? "holds no secret" : "does not say when it expires";
}

/** What is in it is not what the chain would use. A login that another program renews for itself alone is never sent: its end changes nothing here. */
export function isExcluded({ passedOver, type, login }: Pick<AccountRow, "passedOver" | "type" | "login">): boolean {
  const reason = passedOver?.reason;
  if (reason === "vendor-tool-only") return type === "oauth" && login === null;
  return reason === "key-pair" || reason === "not-in-order" || reason === "hidden" || reason === "mismatch" || reason === "other-provider";
}

function renewal({ type, origin, variable, file, provider, profileId, inherited, login }: AccountRow, config: LoadedConfig): string {
  if (origin === "env") return `Set a new value of ${variable}.`;
  if (origin === "given") return "Give `openSignalbox` a new one.";
  if (origin === "store" && type !== "oauth" && !inherited)
    return `Run \`{cli} models auth paste-${type === "token" ? "token" : "api-key"} --provider ${provider} --profile-id ${profileId} --replace\`.`;
  if (type === "oauth") return expiredLoginHint({ provider, login });
  return `Put a new one in its place in ${file === null ? "the store" : shortPath(file, config)}.`;
}
