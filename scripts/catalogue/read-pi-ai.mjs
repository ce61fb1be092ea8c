import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Wire formats of this package that are formats of ours under another name. */
const PROTOCOLS = {
  "openai-completions": "openai-chat",
  "mistral-conversations": "openai-chat",
  "openai-responses": "openai-responses",
  "azure-openai-responses": "openai-responses",
  "openai-codex-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generative-ai": "google-generate",
  "google-vertex": "google-generate",
  "bedrock-converse-stream": "bedrock-converse",
};

/**
 * One file a provider, keyed by wire format. Its README says that the chat list holds only models that can call tools; `input` knows
 * text and image and nothing else; a cache price of 0 means that none is stated. Classifiers and formats that we do not speak give ids.
 */
export function readPiAi(root, source, { statedPrice }) {
  const folder = join(root, "dist/providers/data");
  const { generatedAt } = JSON.parse(readFileSync(join(folder, ".manifest.json"), "utf8"));
  if (!generatedAt.startsWith(source.checkedOn)) throw new Error(`the data is of ${generatedAt}, not of ${source.checkedOn}`);
  const found = { models: [], lists: [] };
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .sort()) {
    const provider = file.slice(0, -".json".length);
    const all = Object.values(JSON.parse(readFileSync(join(folder, file), "utf8"))).flatMap((byKey) => Object.values(byKey));
    const stated = all.filter((model) => model.type === "image" || PROTOCOLS[model.api] !== undefined);
    found.models.push(...stated.map((model) => ({ provider, id: model.id, source, ...readModel(model, statedPrice) })));
    found.lists.push({ provider, source, ids: all.map(({ id }) => id) });
  }
  return found;
}

function readModel(model, statedPrice) {
  const facts = { name: model.name, input: model.input };
  if (model.type === "image") return { facts: { ...facts, output: model.output } };
  const { price, steps } = readCost(model, statedPrice);
  return {
    facts: {
      ...facts,
      protocol: PROTOCOLS[model.api],
      ...(model.baseUrl !== "" && !model.baseUrl.includes("{") && { baseUrl: model.baseUrl }),
      contextTokens: model.contextWindow,
      outputTokens: model.maxTokens,
      tools: true,
      reasoning: model.reasoning,
      ...(price !== undefined && { usdPerMTok: price }),
    },
    ...(steps.length > 0 && { priceSteps: steps }),
  };
}

function readCost({ id, name, free, cost }, statedPrice) {
  const model = { id, name, ...(free === true && { means: "free" }) };
  const steps = (cost.tiers ?? []).map((tier) => ({ aboveTokens: tier.inputTokensAbove, usdPerMTok: statedPrice(withoutZeros(tier), model) }));
  return { price: statedPrice(withoutZeros(cost), model), steps: steps.filter(({ usdPerMTok }) => usdPerMTok !== undefined) };
}

function withoutZeros({ input, output, cacheRead, cacheWrite }) {
  return { input, output, cacheRead: cacheRead || undefined, cacheWrite: cacheWrite || undefined };
}
