import { AppError } from "../../kernel/errors.ts";
import type { HttpRequest } from "../../kernel/http.ts";
import type { Secret } from "../../kernel/secret.ts";
import { isLocal } from "../../provider/local-address.ts";
import { tokenRequest } from "../login/spend.ts";
import { toSecret } from "../secret-text.ts";
import { type AskedForTokens, askForTokens } from "./ask-for-tokens.ts";
import { programAsker } from "./ask-program.ts";
import type { OwnLogin, RefreshInput } from "./refresh-input.ts";
import { issuerOf } from "./refresh-problems.ts";

/** How the next tokens are asked for, once. Whatever can be wrong before somebody is asked is thrown now: REFRESH_MISCONFIGURED. */
export async function askerFor(current: OwnLogin, input: RefreshInput, requestMs: number): Promise<() => Promise<AskedForTokens>> {
  if (current.login.program !== undefined) return programAsker(current, input, requestMs);
  const request = requestFor(current, clientSecretOf(current, input));
  if (!request.url.startsWith("https://") && !isLocal(request.url)) throw unencrypted(current);
  return () => askForTokens(input.host, request, requestMs);
}

/** RFC 6749, 6, without a scope: the same as before. */
function requestFor({ credential, login }: OwnLogin, clientSecret: Secret | undefined): HttpRequest {
  const client = { clientId: login.clientId, ...(clientSecret !== undefined && { clientSecret }), secretInHeader: login.clientSecretIn === "header" };
  const request = tokenRequest(login.tokenUrl, client, { grant_type: "refresh_token" }, { refresh_token: credential.refresh });
  return { ...request, headers: { accept: "application/json", ...request.headers } };
}

function clientSecretOf({ id, login }: OwnLogin, { config }: RefreshInput): Secret | undefined {
  const variable = login.clientSecretVariable;
  if (variable === undefined) return undefined;
  const value = config.environment.get(variable)?.value;
  if (value !== undefined && value.trim() !== "") return toSecret(value);
  throw new AppError("REFRESH_MISCONFIGURED", `${id} needs the secret of its client, and ${variable} is not set`, {
    hint: `Set ${variable} as when you logged in, in the environment or in a .env file.`,
  });
}

function unencrypted(login: OwnLogin): AppError {
  return new AppError("REFRESH_MISCONFIGURED", `${login.id} would send its refresh token to ${issuerOf(login)} unencrypted`, {
    hint: "Its token address does not begin with https. Log in again with the right one.",
  });
}
