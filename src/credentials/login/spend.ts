import type { HttpRequest } from "../../kernel/http.ts";
import type { Secret } from "../../kernel/secret.ts";
import { formRequest } from "./ask-vendor.ts";

/** Who asks, as the registration says. */
export interface TokenClient {
  readonly clientId: string;
  readonly clientSecret?: Secret;
  /** The vendor takes the secret in the header only. */
  readonly secretInHeader?: boolean;
}

/** The one place of a login where its secrets meet a request: they go to the endpoint that was checked, in the body, and in no address. */
export function tokenRequest(url: string, client: TokenClient, plain: Readonly<Record<string, string>>, secret: Readonly<Record<string, Secret>>): HttpRequest {
  const form = new URLSearchParams(plain);
  for (const [name, value] of Object.entries(secret)) form.set(name, value.reveal());
  form.set("client_id", client.clientId);
  if (client.clientSecret === undefined) return formRequest(url, form);
  if (client.secretInHeader === true) return formRequest(url, form, { authorization: basic(client.clientId, client.clientSecret.reveal()) });
  form.set("client_secret", client.clientSecret.reveal());
  return formRequest(url, form);
}

/** OpenRouter's: a code for a key, in JSON. */
export function keyRequest(url: string, code: Secret, verifier: Secret): HttpRequest {
  const body = { code: code.reveal(), code_verifier: verifier.reveal(), code_challenge_method: "S256" };
  return { method: "POST", url, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** RFC 6749, 2.3.1: both parts are form-encoded before they are put together. */
function basic(clientId: string, clientSecret: string): string {
  const part = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);
  return `Basic ${btoa(`${part(clientId)}:${part(clientSecret)}`)}`;
}
