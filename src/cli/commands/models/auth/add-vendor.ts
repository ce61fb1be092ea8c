import type { Broker } from "../../../../broker.ts";
import { assertNever } from "../../../../kernel/errors.ts";
import type { ProviderId } from "../../../../kernel/ids.ts";
import { toProviderId } from "../../../../kernel/ids.ts";
import type { AuthMethod } from "../../../../provider/provider.ts";
import { labelOf } from "../../../ask-credential.ts";
import { counted } from "../../../counted.ts";
import { hintOf, loginMethods } from "../../../login-methods.ts";
import type { Choice, Talk } from "../../../talk.ts";

/** One way to an account that can be taken here, or that needs nothing from here. */
export type Way =
  | {
      readonly kind: "api_key" | "token" | "setup-token";
      readonly label: string;
      readonly page?: string | undefined;
      readonly note?: string | undefined;
      readonly env: readonly string[];
    }
  /** One of those that `models auth login` knows. */
  | { readonly kind: "login"; readonly method: string }
  | { readonly kind: "elsewhere"; readonly reason: string; readonly hint: string };

const INSTEAD = "Give --provider <name>.";

export function pickProvider(broker: Broker, talk: Talk): Promise<ProviderId> {
  const counts = new Map<string, number>();
  for (const { provider } of broker.credentials().profiles) counts.set(provider, (counts.get(provider) ?? 0) + 1);
  const choices = broker
    .registry()
    .all.map(({ provider: { id, label, auth } }) => ({
      value: toProviderId(id),
      label: label === id ? id : `${label} (${id})`,
      hint: [...new Set(auth.map((method) => method.label)), ...accountsText(counts.get(id))].join(", "),
    }))
    .toSorted((a, b) => (a.label.toLowerCase() < b.label.toLowerCase() ? -1 : 1));
  return talk.choose("Which provider is the account for?", choices, { instead: INSTEAD });
}

function accountsText(count = 0): string[] {
  return count === 0 ? [] : [`${counted(count, "account")} so far`];
}

/** Asks only where there is a choice. */
export async function pickWay(broker: Broker, talk: Talk, provider: ProviderId): Promise<Way> {
  const auth = waysOf(broker, provider);
  const logins = await loginChoices(broker, provider);
  const isDelegated = logins.some(({ isDelegate }) => isDelegate);
  const choices = [...logins, ...auth.filter(({ kind }) => kind !== "delegated" || !isDelegated).flatMap((method) => choiceOf(provider, method))];
  const [only] = choices;
  if (only === undefined) {
    return noWay(
      broker,
      provider,
      auth.filter(({ kind }) => kind === "oauth"),
    );
  }
  return choices.length === 1 ? only.value : talk.choose("How?", choices, { instead: INSTEAD });
}

/** The ways that a browser, a code or another program ends; keys and tokens are asked for here. */
async function loginChoices(broker: Broker, provider: ProviderId): Promise<(Choice<Way> & { readonly isDelegate: boolean })[]> {
  const methods = loginMethods(broker.registry().get(provider)?.provider, await broker.logins());
  return methods
    .filter(({ flow }) => flow.kind !== "api-key-page")
    .map((method) => ({
      value: { kind: "login", method: method.id },
      label: `Log in: ${method.label}`,
      ...hintOf(method),
      isDelegate: method.flow.kind === "delegate",
    }));
}

/** A server of one's own may ask for a key, whatever its entry says. */
function waysOf(broker: Broker, provider: ProviderId): readonly AuthMethod[] {
  const registered = broker.registry().get(provider);
  const auth = registered?.provider.auth ?? [];
  const isOwn = registered === undefined || registered.custom.length > 0;
  return isOwn && !auth.some(({ kind }) => kind === "api_key") ? [{ kind: "api_key", label: "API key", env: [] }, ...auth] : auth;
}

function choiceOf(provider: ProviderId, method: AuthMethod): Choice<Way>[] {
  const { label, note } = method;
  switch (method.kind) {
    case "oauth":
      return [];
    case "api_key":
      return [
        { value: { kind: "api_key", label, page: method.page, note, env: method.env }, label, hint: method.page === undefined ? "" : `made at ${method.page}` },
      ];
    case "token": {
      const isSetupToken = provider === "anthropic";
      const hint = isSetupToken ? "what `claude setup-token` prints; for Claude Code alone" : (note ?? "");
      return [{ value: { kind: isSetupToken ? "setup-token" : "token", label, page: method.page, note, env: method.env }, label, hint }];
    }
    case "delegated":
      return [
        {
          value: { kind: "elsewhere", reason: `${label}: another program keeps it, and nothing of it is stored here`, hint: LOGINS[method.to] },
          label,
          hint: "kept by its own program",
        },
      ];
    case "none":
      return [
        {
          value: { kind: "elsewhere", reason: `${label}: nothing has to be stored`, hint: "`{cli} models status` shows it as not needed." },
          label,
          hint: note ?? "the server asks for none",
        },
      ];
    default:
      return assertNever(method);
  }
}

/** What logs in where another program keeps the login. */
const LOGINS: Readonly<Record<Extract<AuthMethod, { kind: "delegated" }>["to"], string>> = {
  aws: "Run `aws configure sso` or `aws configure`, then `{cli} models status`.",
  gcloud: "Run `gcloud auth application-default login`, then `{cli} models status`.",
  az: "Run `az login`, then `{cli} models status`.",
  claude: "Run `claude` and log in there, then `{cli} models status`.",
  codex: "Run `codex login`, then `{cli} models status`.",
};

function noWay(broker: Broker, provider: ProviderId, logins: readonly AuthMethod[]): Way {
  const [login] = logins;
  const reason = `${labelOf(broker, provider)} takes ${logins.map(({ label }) => label).join(" or ")} only, which is not offered here`;
  return { kind: "elsewhere", reason, hint: login?.note ?? `\`{cli} plugins info ${provider}\` says more.` };
}
