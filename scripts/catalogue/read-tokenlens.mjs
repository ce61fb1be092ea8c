import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

const MODALITIES = new Set(["text", "image", "audio", "video", "pdf"]);

/** One module a provider, each a single object literal; read as data, not run as a module. */
export function readTokenlens(root, source, { sdkProtocol, statedPrice }) {
  const folder = join(root, "dist/providers");
  const models = readdirSync(folder)
    .filter((name) => name.endsWith(".js"))
    .sort()
    .flatMap((file) => {
      const literal = readFileSync(join(folder, file), "utf8").match(/^export const \w+ = (\{[\s\S]*?\n\});?\s*$/m)?.[1];
      if (literal === undefined) throw new Error(`${file} is not a single object`);
      const { id: provider, npm, models: byId } = runInNewContext(`(${literal})`, Object.create(null));
      const protocol = sdkProtocol(npm);
      return Object.values(byId).map((model) => ({
        provider,
        id: model.id,
        source,
        facts: { ...readFacts(model, statedPrice), ...(protocol && { protocol }) },
      }));
    });
  return { models, lists: [] };
}

function readFacts({ id, name, limit, modalities, tool_call, reasoning, cost = {}, release_date, open_weights }, statedPrice) {
  const price = statedPrice({ input: cost.input, output: cost.output, cacheRead: cost.cache_read, cacheWrite: cost.cache_write }, { id, name });
  const [input, output] = [known(modalities?.input), known(modalities?.output)];
  return {
    name,
    ...(limit?.context > 0 && { contextTokens: limit.context }),
    ...(limit?.output > 0 && { outputTokens: limit.output }),
    ...(input.length > 0 && { input }),
    ...(output.length > 0 && { output }),
    ...(typeof tool_call === "boolean" && { tools: tool_call }),
    ...(typeof reasoning === "boolean" && { reasoning }),
    ...(price !== undefined && { usdPerMTok: price }),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(release_date ?? "") && { releasedOn: release_date }),
    ...(typeof open_weights === "boolean" && { openWeights: open_weights }),
  };
}

function known(modalities = []) {
  return [...modalities].filter((modality) => MODALITIES.has(modality));
}
