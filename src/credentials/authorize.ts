import { assertNever } from "../kernel/errors.ts";
import type { HttpRequest } from "../kernel/http.ts";
import type { Secret } from "../kernel/secret.ts";
import { isLocal } from "../provider/local-address.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Provider, Quirks } from "../provider/provider.ts";
import type { Credential } from "./profile.ts";

type Carrier = NonNullable<Quirks["authHeader"]>;

/** How an API key travels, where the vendor has no way of its own. Tokens and logins travel as `bearer` everywhere. */
const KEY_CARRIERS: Readonly<Record<ProtocolId, Carrier>> = {
  "openai-chat": "bearer",
  "openai-responses": "bearer",
  "anthropic-messages": "x-api-key",
  "google-generate": "x-goog-api-key",
  "bedrock-converse": "bearer",
};

/** Licences that allow a credential in the vendor's own program alone (`claude setup-token`): kept, and sent to nobody by us. */
const VENDOR_TOOL_ONLY: readonly string[] = ["sk-ant-oat01-"];

export type Authorized =
  | { readonly kind: "authorized"; readonly request: HttpRequest }
  /** The request must not be made with it. `why` is a sentence's end: "it …". */
  | { readonly kind: "withheld"; readonly why: string };

/**
 * The one place where a secret meets a request. It goes into a header, over TLS or within this machine and its private network; that the request
 * goes to the provider's own address is the caller's promise.
 */
export function authorize(request: HttpRequest, credential: Credential, provider: Pick<Provider, "protocol" | "quirks">): Authorized {
  const value = secretOf(credential).reveal().trim();
  if (isVendorToolOnly(credential)) return withheld("is allowed in the vendor's own program only");
  if (!/^[\u0021-\u007e]+$/.test(value)) return withheld("holds characters that cannot travel in a header");
  if (!request.url.startsWith("https://") && !isLocal(request.url)) return withheld("would travel unencrypted: the address does not begin with https");
  const carrier = credential.kind === "api_key" ? (provider.quirks.authHeader ?? KEY_CARRIERS[provider.protocol]) : "bearer";
  const headers: Record<string, string> = {};
  for (const name in request.headers) headers[name] = request.headers[name] ?? "";
  headers[carrier === "bearer" ? "authorization" : carrier] = carrier === "bearer" ? `Bearer ${value}` : value;
  const own: { -readonly [Name in keyof HttpRequest]: HttpRequest[Name] } = { ...request };
  own.headers = headers;
  return { kind: "authorized", request: own };
}

/** A secret for another program, and the header in which its vendor takes it. */
export type HandedOut = { readonly kind: "handed out"; readonly token: string; readonly header: readonly [name: string, value: string] };

/** The one place where a secret leaves for a program of the person's own choice. */
export function handOut(
  credential: Credential,
  provider: Pick<Provider, "protocol" | "quirks">,
): HandedOut | Extract<Authorized, { readonly kind: "withheld" }> {
  const anywhere: HttpRequest = { method: "GET", url: "https://localhost/", headers: {} };
  const authorized = authorize(anywhere, credential, provider);
  if (authorized.kind === "withheld") return { kind: "withheld", why: authorized.why };
  const [header = ["", ""]] = Object.entries(authorized.request.headers);
  return { kind: "handed out", token: secretOf(credential).reveal().trim(), header };
}

/** Whether its licence allows it in the vendor's own program alone. What a person says of their own agreement counts for more than its shape. */
export function isVendorToolOnly(credential: Credential): boolean {
  return credential.licence === undefined ? isVendorToolSecret(credential) : credential.licence === "vendor-tool-only";
}

/** By the shape of the secret alone. */
export function isVendorToolSecret(credential: Credential): boolean {
  const value = secretOf(credential).reveal().trim();
  return VENDOR_TOOL_ONLY.some((prefix) => value.startsWith(prefix));
}

function withheld(why: string): Authorized {
  return { kind: "withheld", why };
}

export function secretOf(credential: Credential): Secret {
  switch (credential.kind) {
    case "api_key":
      return credential.key;
    case "token":
      return credential.token;
    case "oauth":
      return credential.access;
    default:
      return assertNever(credential);
  }
}
