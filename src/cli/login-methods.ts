import type { Broker } from "../broker.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import type { LoginFlow, LoginMethod, LoginTable } from "../provider/login-method.ts";
import type { Provider } from "../provider/provider.ts";
import { labelOf } from "./ask-credential.ts";
import type { LoginSettings } from "./login-settings.ts";
import type { Choice, Talk } from "./talk.ts";

/** Every way to log in to one provider, the best first: its own, an issuer's that the person names, and the key that it takes. */
export function loginMethods(
  provider: Provider | undefined,
  table: LoginTable,
  issuer?: { readonly url: string; readonly checkedOn: string },
): readonly LoginMethod[] {
  const own = table.get(provider?.id ?? "") ?? [];
  const all = [...(issuer === undefined || own.some(isOAuth) ? own : [...issuerMethods(issuer), ...own])];
  if (all.some(({ flow }) => flow.kind === "api-key-page" && flow.takes === undefined) || provider === undefined) return all;
  const key = provider.auth.find(({ kind }) => kind === "api_key");
  if (key?.kind !== "api_key") return all;
  const flow: LoginFlow = { kind: "api-key-page", page: key.page ?? "" };
  return [...all, { id: "api-key", label: key.label, licence: "own-client", flow, source: provider.source }];
}

/** What helps where nobody noted the page that makes the keys; the documentation makes none. */
export function docsOf(broker: Broker, provider: ProviderId): string {
  const docs = broker.registry().get(provider)?.provider.docs ?? "";
  return docs === "" ? "Where its keys are made is not known here." : `Where its keys are made is not known here; see ${docs} .`;
}

/** Whether an account comes of it that a client id is needed for, and an issuer can be given. */
export function isOAuth({ flow }: Pick<LoginMethod, "flow">): boolean {
  return flow.kind === "authorization-code" || flow.kind === "device-code";
}

const ISSUER_SCOPES = ["openid", "profile", "email", "offline_access"];

function issuerMethods({ url, checkedOn }: { readonly url: string; readonly checkedOn: string }): LoginMethod[] {
  const howTo = "Register a public client (a native application) with the issuer; for the browser, with the redirect http://127.0.0.1/callback and any port.";
  const shared = { issuer: url, client: { kind: "own", howTo }, scopes: ISSUER_SCOPES } as const;
  const rest = { licence: "own-client", source: { url, checkedOn } } as const;
  return [
    { id: "browser", label: "Browser", ...rest, flow: { kind: "authorization-code", ...shared } },
    { id: "device", label: "Device code", ...rest, flow: { kind: "device-code", ...shared } },
  ];
}

/** The method that `--method` names: by its id, else its label; "oauth", as older agents call it, is the first one that is. Throws USAGE. */
export function namedMethod(methods: readonly LoginMethod[], written: string, provider: string): LoginMethod {
  const word = written.trim().toLowerCase();
  const found =
    methods.find(({ id }) => id === word) ??
    methods.find(({ label }) => label.toLowerCase() === word) ??
    (word === "oauth" ? methods.find(isOAuth) : undefined);
  if (found !== undefined) return found;
  const ids = methods.map(({ id }) => id);
  throw new AppError("USAGE", `${provider} has no login method "${written.slice(0, 60)}".${didYouMean(word, ids)}`, {
    hint: `It has: ${ids.join(", ")}. \`{cli} plugins info ${provider}\` says more about each.`,
    suggestions: nearest(word, ids),
  });
}

export interface Picking {
  readonly broker: Broker;
  readonly talk: Talk;
  readonly provider: ProviderId;
  readonly settings: LoginSettings;
  readonly canShowBrowser: boolean;
}

/** Asks only at a terminal and only where there is a choice. Without one: what needs nothing that is missing, by device code where nobody sees a browser. */
export async function pickMethod(methods: readonly LoginMethod[], picking: Picking): Promise<LoginMethod> {
  const { broker, talk, provider, settings, canShowBrowser } = picking;
  const [first] = methods;
  if (first === undefined) throw noMethod(broker, provider);
  const oauth = methods.filter(isOAuth);
  const offered = settings.issuer === undefined || oauth.length === 0 ? methods : oauth;
  if (offered.length === 1) return offered[0] ?? first;
  if (talk.isInteractive)
    return talk.choose(`How do you want to log in to ${labelOf(broker, provider)}?`, offered.map(choiceOf), { instead: "Give --method." });
  const ready = offered.filter((method) => method.flow.kind !== "api-key-page" && (!isOAuth(method) || settings.clientId !== undefined));
  const byDevice = canShowBrowser ? undefined : ready.find(({ flow }) => flow.kind === "device-code");
  return byDevice ?? ready[0] ?? offered[0] ?? first;
}

function choiceOf(method: LoginMethod): Choice<LoginMethod> {
  return { value: method, label: method.label, ...hintOf(method) };
}

/** Nothing of what is plainly allowed. */
export function hintOf({ standing, licence }: LoginMethod): { readonly hint?: string } {
  if (standing !== undefined) return { hint: "amber: the vendor's yes is not written down" };
  return licence === "own-client" ? {} : { hint: LICENCES[licence] };
}

/** What a licence of use means, in a few words. */
export const LICENCES: Readonly<Record<LoginMethod["licence"], string>> = {
  "own-client": "for your own use, in any program",
  "vendor-announced": "announced by the vendor, without written terms",
  "delegate-binary": "kept by its own program",
  "vendor-tool-only": "for the vendor's own program alone",
};

/** Why nobody can log in to it from here, and what can be done. */
function noMethod(broker: Broker, provider: ProviderId): AppError {
  const auth = broker.registry().get(provider)?.provider.auth ?? [];
  const note = auth.find(({ kind }) => kind === "oauth" || kind === "delegated")?.note;
  if (auth.some(({ kind }) => kind === "none")) {
    return new AppError("USAGE", `${labelOf(broker, provider)} asks for no login`, { hint: "`{cli} models status` shows it as not needed." });
  }
  return new AppError("USAGE", `there is no login for ${labelOf(broker, provider)} that may be used here`, {
    hint: `${note ?? "With an issuer of OpenID Connect give --issuer <url> and --client-id <id>."} \`{cli} plugins info ${provider}\` says more.`,
  });
}

/** Asks for the provider: those with a login of their own first. */
export function pickLoginProvider(broker: Broker, talk: Talk, table: LoginTable): Promise<ProviderId> {
  const choices = broker
    .registry()
    .all.flatMap(({ provider }) => {
      const methods = loginMethods(provider, table);
      const hint = methods.map(({ label }) => label).join(", ");
      return methods.length === 0 ? [] : [{ id: provider.id, own: table.has(provider.id), label: `${provider.label} (${provider.id})`, hint }];
    })
    .toSorted((a, b) => Number(b.own) - Number(a.own) || (a.label.toLowerCase() < b.label.toLowerCase() ? -1 : 1))
    .map(({ id, label, hint }) => ({ value: broker.registry().idOf(id), label, hint }));
  return talk.choose("Which provider do you want to log in to?", choices, { instead: "Give --provider <name>." });
}
