import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Provider } from "../provider/provider.ts";

/** Where models are listed, below the base URL, for servers of whom nobody wrote it down. */
const USUAL_PATHS: Readonly<Record<ProtocolId, string | undefined>> = {
  "openai-chat": "/models",
  "openai-responses": "/models",
  "anthropic-messages": "/v1/models",
  "google-generate": "/models",
  "bedrock-converse": undefined,
};

/** undefined where the address depends on the account, or nothing that we know of can be asked. */
export function modelsUrl(provider: Provider): string | undefined {
  const { modelsPath, protocol, serves } = provider;
  return addressOf(provider, modelsPath ?? (serves === undefined ? USUAL_PATHS[protocol] : undefined));
}

/** undefined where no vendor says that there is one. */
export function identityUrl(provider: Provider): string | undefined {
  return addressOf(provider, provider.identityPath);
}

function addressOf({ baseUrl, quirks }: Provider, path: string | undefined): string | undefined {
  if (baseUrl === undefined || path === undefined || quirks.addressing !== undefined || !URL.canParse(baseUrl)) return undefined;
  return `${baseUrl.replace(/\/+$/, "")}${path}`;
}
