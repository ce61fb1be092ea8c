import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Which ids each provider offers, by which client library, and which of them are about to go. No library means the OpenAI-compatible one. */
export function readMastra(root, source, { sdkProtocol }) {
  const { providers } = JSON.parse(readFileSync(join(root, "dist/provider-registry.json"), "utf8"));
  const found = { models: [], lists: [] };
  for (const [provider, { models, npm, deprecatedModels = [], modelOverrides = {} }] of Object.entries(providers)) {
    found.lists.push({ provider, source, ids: models });
    const going = new Set(deprecatedModels);
    for (const id of models) {
      const own = modelOverrides[id] ?? {};
      const protocol = own.api === undefined ? sdkProtocol(own.npm ?? npm ?? "@ai-sdk/openai-compatible", own.shape) : undefined;
      found.models.push({ provider, id, source, facts: { ...(protocol && { protocol }), ...(going.has(id) && { deprecated: true }) } });
    }
  }
  return found;
}
