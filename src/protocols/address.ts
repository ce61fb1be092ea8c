import { assertNever } from "../kernel/errors.ts";
import type { Provider } from "../provider/provider.ts";
import type { AddressPart, EncodeOptions } from "./protocol.ts";

/** Where requests of a format go: a base without a slash at its end, and what has to stand behind every path. */
export type Address =
  | { readonly kind: "address"; readonly base: string; readonly query: Readonly<Record<string, string>> }
  | { readonly kind: "missing"; readonly missing: readonly (AddressPart | "baseUrl")[] };

/** What is true of one address beyond its base. */
type Parts = Readonly<Partial<Record<AddressPart, string>>>;

/** For deployments named in the path; addresses under `/openai/v1` need none. */
const AZURE_API_VERSION = "2024-10-21";

/**
 * The base that is stated, else the one that `quirks.addressing` makes of the account.
 * Facts: learn.microsoft.com/azure/ai-services/openai/reference, docs.aws.amazon.com/general/latest/gr/bedrock.html,
 * cloud.google.com/vertex-ai/docs/reference/rest, developers.cloudflare.com/workers-ai and /ai-gateway, all checked on 2026-11-21.
 */
export function addressOf(provider: Provider, { account = {} }: EncodeOptions = {}): Address {
  const stated = trimSlashes(provider.baseUrl);
  switch (provider.quirks.addressing) {
    case "azure-deployment":
      return azure(stated, account);
    case "bedrock-region":
      return stated === undefined ? made(account, { labels: ["region"] }, ({ region }) => `https://bedrock-runtime.${region}.amazonaws.com`) : address(stated);
    case "vertex":
      return stated === undefined ? vertex(account) : address(stated);
    case "cloudflare-account":
      return stated === undefined ? cloudflare(provider, account) : address(stated);
    case "codex-backend":
    case "copilot-token":
    case undefined:
      return stated === undefined ? { kind: "missing", missing: ["baseUrl"] } : address(stated);
    default:
      return assertNever(provider.quirks.addressing);
  }
}

/** The address of one path below a base. */
export function urlOf({ base, query }: Extract<Address, { kind: "address" }>, path: string, more: Readonly<Record<string, string>> = {}): string {
  const parameters = Object.entries({ ...query, ...more }).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return parameters.length === 0 ? `${base}${path}` : `${base}${path}?${parameters.join("&")}`;
}

/** What stands between an Azure base and the path of a call. Empty where the base names the deployment, or the body does. */
export function deploymentPath(base: string, deployment: string): string {
  return base.endsWith("/openai") ? `/deployments/${pathSegment(deployment)}` : "";
}

function address(base: string, query: Readonly<Record<string, string>> = {}): Address {
  return { kind: "address", base, query };
}

/** Addresses of the first kind name the deployment in the path (see `deploymentPath`), those under `/v1` in the body. */
function azure(stated: string | undefined, account: Parts): Address {
  const made = stated === undefined ? madeAzure(account) : address(stated);
  if (made.kind === "missing") return made;
  const { base } = made;
  const { apiVersion } = account;
  if (base.endsWith("/v1")) return address(base, apiVersion === undefined ? {} : { "api-version": apiVersion });
  const root = /\/openai(?:\/deployments\/[^/]+)?$/.test(base) ? base : `${base}/openai`;
  return address(root, { "api-version": apiVersion ?? AZURE_API_VERSION });
}

function madeAzure(account: Parts): Address {
  return made(account, { labels: ["resource"] }, ({ resource }) => `https://${resource}.openai.azure.com`);
}

/** A key without a project is Vertex AI in express mode. */
function vertex({ project, location = "global" }: Parts): Address {
  if (project === undefined) return address("https://aiplatform.googleapis.com/v1/publishers/google");
  return made({ project, location }, { labels: ["location"], segments: ["project"] }, (parts) => {
    const host = location === "global" ? "https://aiplatform.googleapis.com" : `https://${parts.location}-aiplatform.googleapis.com`;
    return `${host}/v1/projects/${parts.project}/locations/${parts.location}/publishers/google`;
  });
}

function cloudflare({ protocol }: Provider, account: Parts): Address {
  if (protocol === "openai-chat") {
    return made(account, { segments: ["accountId"] }, ({ accountId }) => `https://api.cloudflare.com/client/v4/accounts/${accountId}/ai/v1`);
  }
  return made(account, { segments: ["accountId", "gatewayId"] }, ({ accountId, gatewayId }) => {
    return `https://gateway.ai.cloudflare.com/v1/${accountId}/${gatewayId}/anthropic`;
  });
}

/** `labels` become part of a host's name, `segments` of a path. What can be neither counts as missing. */
function made<Label extends AddressPart = never, Segment extends AddressPart = never>(
  account: Parts,
  { labels = [], segments = [] }: { readonly labels?: readonly Label[]; readonly segments?: readonly Segment[] },
  base: (parts: Record<Label | Segment, string>) => string,
): Address {
  const missing = [
    ...labels.filter((part) => !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(account[part] ?? "")),
    ...segments.filter((part) => (account[part] ?? "") === ""),
  ];
  if (missing.length > 0) return { kind: "missing", missing };
  const parts = Object.fromEntries([...labels, ...segments].map((part) => [part, pathSegment(account[part] ?? "")])) as Record<Label | Segment, string>;
  return address(base(parts));
}

/** One part of a path, whatever is in it: dots alone would lead elsewhere. */
export function pathSegment(text: string): string {
  const encoded = encodeURIComponent(text);
  return /^\.{1,2}$/.test(encoded) ? encoded.replaceAll(".", "%252E") : encoded;
}

function trimSlashes(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, "");
}
