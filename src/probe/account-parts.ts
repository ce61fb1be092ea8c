import type { Environment } from "../config/loaded-config.ts";
import type { AddressPart, EncodeOptions } from "../protocols/protocol.ts";

/** The variables that the vendors' own tools read, strongest first. */
const VARIABLES: Readonly<Partial<Record<AddressPart, readonly string[]>>> = {
  resource: ["AZURE_OPENAI_RESOURCE_NAME", "AZURE_RESOURCE_NAME"],
  apiVersion: ["AZURE_OPENAI_API_VERSION"],
  project: ["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"],
  location: ["GOOGLE_CLOUD_LOCATION"],
  region: ["AWS_REGION", "AWS_DEFAULT_REGION"],
  accountId: ["CLOUDFLARE_ACCOUNT_ID"],
  gatewayId: ["CLOUDFLARE_GATEWAY_ID"],
};

/** What the environment knows of the account, for addresses that are made of it. */
export function accountParts(environment: Environment): NonNullable<EncodeOptions["account"]> {
  const known: [string, string][] = [];
  for (const [part, names] of Object.entries(VARIABLES)) {
    const value = names.map((name) => environment.get(name)?.value).find((text) => text !== undefined);
    if (value !== undefined) known.push([part, value]);
  }
  return Object.fromEntries(known);
}

/** The variables that would name what is missing, for a hint. */
export function variablesFor(missing: readonly (AddressPart | "baseUrl")[]): string[] {
  return missing.flatMap((part) => (part === "baseUrl" ? [] : (VARIABLES[part]?.slice(0, 1) ?? [])));
}
