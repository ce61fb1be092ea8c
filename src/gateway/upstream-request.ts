import { ask } from "../chat/request.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { protocols } from "../protocols/index.ts";
import { parseJson, textAt } from "../kernel/json-value.ts";
import type { EncodeOptions, Encoding } from "../protocols/protocol.ts";
import type { RoutedModel } from "../routing/route.ts";
import type { HeaderLookup } from "./guard.ts";
import type { ReadBody } from "./request-body.ts";
import type { Endpoint } from "./routes.ts";

/** Where a model is asked, by which name, and with which headers of its format; without the body. */
export interface Addressed {
  readonly url: string;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Address = { readonly kind: "addressed"; readonly addressed: Addressed } | { readonly kind: "unaddressed"; readonly why: string };

/** What a client may say to a vendor beside the body. Everything else stays here: cookies, addresses, keys, names of its software. */
const PASSED_ON = ["accept", "anthropic-version", "anthropic-beta", "openai-beta", "idempotency-key"];

/** As the format addresses its own requests, with all the ways of single vendors. */
export function addressOf(endpoint: Endpoint, model: RoutedModel, account: NonNullable<EncodeOptions["account"]>): Address {
  const encoding = encode(endpoint, model, account);
  if (encoding === undefined) return { kind: "unaddressed", why: "has no such call" };
  if (encoding.kind === "unaddressed") return { kind: "unaddressed", why: `has no address without its ${encoding.missing.join(" and ")}` };
  const { url, headers, body = "" } = encoding.request;
  const name = textAt(parseJson(body), "model") ?? model.ref.model;
  return { kind: "addressed", addressed: { url: endpoint.pathBehind === undefined ? url : behind(url, endpoint.pathBehind), name, headers } };
}

function encode({ dialect, awaits }: Endpoint, { ref, provider }: RoutedModel, account: NonNullable<EncodeOptions["account"]>): Encoding | undefined {
  const protocol = protocols[provider.protocol];
  if (awaits === "vectors") return protocol.encodeEmbedding?.({ texts: ["."] }, ref.model, provider, { account });
  return protocols[dialect].encode(ask("."), ref.model, provider, { account });
}

function behind(url: string, path: string): string {
  const query = url.indexOf("?");
  return query === -1 ? `${url}${path}` : `${url.slice(0, query)}${path}${url.slice(query)}`;
}

/** The client's own bytes, but for the model's name. */
export function upstreamRequest({ url, name, headers }: Addressed, body: ReadBody, from: HeaderLookup): HttpRequest {
  const all: Record<string, string> = { ...headers };
  for (const header of PASSED_ON) {
    const value = from.get(header);
    if (value !== undefined && !isDropped(header, from)) all[header] = value;
  }
  const bodyBytes = body.bytesWithModel(name);
  if (bodyBytes !== undefined) return { method: "POST", url, headers: all, bodyBytes };
  return { method: "POST", url, headers: all, body: body.withModel(name) };
}

/** Meant for the connection to us alone. */
function isDropped(header: string, from: HeaderLookup): boolean {
  const words = (from.get("connection") ?? "").split(",");
  return words.some((word) => word.trim().toLowerCase() === header);
}
