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
export function modelsUrl({ baseUrl, modelsPath, protocol, quirks, serves }: Provider): string | undefined {
  const path = modelsPath ?? (serves === undefined ? USUAL_PATHS[protocol] : undefined);
  if (baseUrl === undefined || path === undefined || quirks.addressing !== undefined || !URL.canParse(baseUrl)) return undefined;
  return `${baseUrl.replace(/\/+$/, "")}${path}`;
}
