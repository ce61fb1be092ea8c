import type { Broker } from "../broker.ts";
import type { GivenClient } from "../credentials/login/contract.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { Secret } from "../kernel/secret.ts";
import type { LoginFlow, LoginMethod } from "../provider/login-method.ts";
import { secretVariable, writeVariable } from "./login-secret.ts";

/** What the command line says of the registration and the issuer. */
export interface LoginWish {
  readonly clientId?: string | undefined;
  readonly issuer?: string | undefined;
  readonly host?: string | undefined;
  readonly scopes: readonly string[];
}

/** Where a setting of one provider is looked for: flag, then variable, then config. */
export interface LoginSettings {
  readonly clientId: string | undefined;
  /** Where the client id came from; undefined without one. */
  readonly clientIdFrom: "flag" | "variable" | "config" | "login" | undefined;
  readonly clientSecretVariable: string;
  readonly tenant: string;
  readonly host: string;
  readonly issuer: string | undefined;
  readonly scopes: readonly string[];
  readonly endpoints: { readonly authorizeUrl?: string; readonly deviceUrl?: string; readonly tokenUrl?: string; readonly userinfoUrl?: string };
  readonly redirectUri: string | undefined;
}

type Written = NonNullable<NonNullable<NonNullable<ReturnType<Broker["config"]>["value"]["signalbox"]>["logins"]>[string]>;
type OAuthFlow = Extract<LoginFlow, { kind: "authorization-code" | "device-code" }>;

export function loginSettings(broker: Broker, provider: ProviderId, wish: LoginWish): LoginSettings {
  const written = writtenFor(broker, provider);
  const { authorizeUrl, deviceUrl, tokenUrl, userinfoUrl } = written;
  const variable = (name: string): string | undefined =>
    broker
      .config()
      .environment.get(variableName(broker, provider, name))
      ?.value.trim();
  const earlier = broker.credentials().profiles.find((profile) => profile.provider === provider && profile.login !== undefined)?.login?.clientId;
  const ids = { flag: wish.clientId, variable: variable("CLIENT_ID"), config: written.clientId, login: earlier === "" ? undefined : earlier };
  const from = (["flag", "variable", "config", "login"] as const).find((place) => ids[place] !== undefined);
  return {
    clientId: from === undefined ? undefined : ids[from],
    clientIdFrom: from,
    clientSecretVariable: variableFor(written.clientSecret, provider) ?? variableName(broker, provider, "CLIENT_SECRET"),
    tenant: variable("TENANT") ?? written.tenant ?? "organizations",
    host: wish.host ?? variable("HOST") ?? written.host ?? "github.com",
    issuer: wish.issuer ?? written.issuer,
    scopes: wish.scopes.length > 0 ? wish.scopes : (written.scopes ?? []),
    endpoints: {
      ...(authorizeUrl !== undefined && { authorizeUrl }),
      ...(deviceUrl !== undefined && { deviceUrl }),
      ...(tokenUrl !== undefined && { tokenUrl }),
      ...(userinfoUrl !== undefined && { userinfoUrl }),
    },
    redirectUri: written.redirectUri,
  };
}

/** As a shell takes it. */
export function settingPath(provider: string, key: string): string {
  return /^[\w-]+$/.test(provider) ? `signalbox.logins.${provider}.${key}` : `'signalbox.logins["${provider}"].${key}'`;
}

/** "NEMO_GITHUB_COPILOT_CLIENT_ID". */
export function variableName({ names }: Pick<Broker, "names">, provider: ProviderId, name: string): string {
  return `${names.envPrefix}_${provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_${name}`;
}

/** The method with the person's own endpoints and scopes in it, and no place left to be filled in. Whether they can be trusted is judged where they are used. Throws USAGE. */
export function settledMethod(method: LoginMethod, settings: LoginSettings): LoginMethod {
  const { flow } = method;
  const { endpoints } = settings;
  if (flow.kind === "openrouter-pkce") {
    const { authorizeUrl = flow.authorizeUrl, tokenUrl = flow.keysUrl } = endpoints;
    return { ...method, flow: { ...flow, authorizeUrl, keysUrl: tokenUrl } };
  }
  if (flow.kind !== "authorization-code" && flow.kind !== "device-code") return method;
  const scopes = settings.scopes.length > 0 ? settings.scopes : flow.scopes;
  return { ...method, flow: { ...withEndpoints(flow, settings), scopes, ...redirectOf(settings.redirectUri) } };
}

/** An issuer in place of the vendor's own tells all endpoints. */
function withEndpoints(flow: OAuthFlow, settings: LoginSettings): OAuthFlow {
  const { authorizeUrl: _a, deviceUrl: _d, tokenUrl: _t, userinfoUrl: _u, ...rest } = flow;
  const own: OAuthFlow = settings.issuer === undefined ? flow : { ...rest, issuer: settings.issuer };
  const all = { ...own, ...settings.endpoints };
  const urls = (["issuer", "authorizeUrl", "deviceUrl", "tokenUrl", "userinfoUrl"] as const).flatMap((name) => {
    const url = all[name];
    return url === undefined ? [] : [[name, filled(url, settings)] as const];
  });
  return { ...all, ...Object.fromEntries(urls) };
}

function filled(url: string, { tenant, host }: LoginSettings): string {
  return url.replaceAll("{tenant}", encodeURIComponent(tenant)).replaceAll("{host}", encodeURIComponent(host));
}

function redirectOf(redirectUri: string | undefined): Pick<OAuthFlow, "redirect"> {
  if (redirectUri === undefined) return {};
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const host = (["127.0.0.1", "localhost"] as const).find((known) => known === url?.hostname);
  if (url === undefined || host === undefined || url.protocol !== "http:" || url.search !== "" || url.hash !== "") {
    throw new AppError("USAGE", `the redirectUri "${redirectUri.slice(0, 200)}" is no address of this machine`, {
      hint: "Write it as your registration has it, for example http://127.0.0.1:8085/callback.",
    });
  }
  return { redirect: { host, ...(url.port !== "" && { port: Number(url.port) }), path: url.pathname } };
}

/** Whose registration is used; undefined where the method needs none. Throws LOGIN_CLIENT_NEEDED, which says how to get one. */
export function clientFor(broker: Broker, provider: ProviderId, method: LoginMethod, settings: LoginSettings): GivenClient | undefined {
  const { flow } = method;
  if (flow.kind !== "authorization-code" && flow.kind !== "device-code") return undefined;
  const clientId = settings.clientId ?? (flow.client.kind === "public" ? flow.client.clientId : undefined);
  if (clientId === undefined) throw clientNeeded(broker, provider, method);
  const client = { clientId, ...secretOf(broker, settings.clientSecretVariable) };
  if (flow.client.kind === "own" && flow.client.needsSecret === true && client.clientSecret === undefined) {
    throw new AppError("LOGIN_CLIENT_NEEDED", `this registration has a secret, and ${settings.clientSecretVariable} is not set`, {
      hint: `Put the client's secret into the environment or the .env of the state folder as ${settings.clientSecretVariable}.`,
    });
  }
  return client;
}

/** The secret of a registration, from its variable. */
export function secretOf(broker: Broker, variable: string): Pick<GivenClient, "clientSecret" | "clientSecretVariable"> {
  const value = broker.config().environment.get(variable)?.value.trim() ?? "";
  return value === "" ? {} : { clientSecret: new Secret(value), clientSecretVariable: variable };
}

function clientNeeded(broker: Broker, provider: ProviderId, { flow, label }: LoginMethod): AppError {
  const own = "client" in flow && flow.client.kind === "own" ? flow.client : undefined;
  const page = own?.page === undefined ? "" : ` ${own.page} .`;
  const howTo = own === undefined ? "" : `${own.howTo}${page} `;
  return new AppError("LOGIN_CLIENT_NEEDED", `"${label}" needs a client id of your own`, {
    hint: `${howTo}Then give --client-id <id>, or keep it: \`{cli} config set ${settingPath(provider, "clientId")} <id>\`, or ${variableName(broker, provider, "CLIENT_ID")}.`,
  });
}

function writtenFor(broker: Broker, provider: ProviderId): Written {
  const logins = Object.entries(broker.config().value.signalbox?.logins ?? {});
  return logins.find(([id]) => broker.registry().idOf(id) === provider)?.[1] ?? {};
}

function variableFor(reference: string | undefined, provider: ProviderId): string | undefined {
  if (reference === undefined) return undefined;
  const variable = secretVariable(reference);
  if (variable !== undefined) return variable;
  throw new AppError("CONFIG_INVALID", `signalbox.logins.${provider}.clientSecret names no variable`, {
    hint: writeVariable(provider),
    keyPath: `signalbox.logins.${provider}.clientSecret`,
  });
}
