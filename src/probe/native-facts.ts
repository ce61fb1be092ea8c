import { assertNever } from "../kernel/errors.ts";
import { listed, type ListedModel, type ModelList, readModelList } from "../catalog/live-list.ts";
import { readLiteLlmInfo, readLlamaCppProps, readOllamaRunning, readOllamaShow, readSglangInfo, type NativeFacts } from "../catalog/live-native.ts";
import { mapLimit } from "./map-limit.ts";
import { type Ask, valueOf } from "./ask-json.ts";
import type { ServerKind } from "./server-kind.ts";

/** Ollama says what a model can do one model at a time. */
const MOST_SHOWN = 100;
const AT_ONCE = 8;

/** The list with what the server's own API says beyond it. What that does not answer stays as it was. */
export async function enriched(ask: Ask, root: string, server: ServerKind, list: ModelList): Promise<ModelList> {
  switch (server) {
    case "ollama":
      return { ...list, models: await ollamaModels(ask, root, list.models) };
    case "lmstudio":
      return withFactsOf(list, readModelList(valueOf(await ask(`${root}/api/v0/models`))));
    case "litellm":
      return withFactsOf(list, readLiteLlmInfo(valueOf(await ask(`${root}/model/info`))));
    case "llama-cpp":
      return ofTheOnly(list, readLlamaCppProps(valueOf(await ask(`${root}/props`))));
    case "sglang":
      return ofTheOnly(list, readSglangInfo(valueOf(await ask(`${root}/get_model_info`))));
    case "vllm":
    case "openai-compatible":
    case "anthropic-compatible":
    case "google-compatible":
      return list;
    default:
      return assertNever(server);
  }
}

async function ollamaModels(ask: Ask, root: string, models: readonly ListedModel[]): Promise<readonly ListedModel[]> {
  const running = readOllamaRunning(valueOf(await ask(`${root}/api/ps`)));
  const shown = await mapLimit(models.slice(0, MOST_SHOWN), AT_ONCE, async (model) => {
    const told = readOllamaShow(valueOf(await ask(`${root}/api/show`, JSON.stringify({ model: model.id }))));
    const contextTokens = running.get(model.id);
    return joined(model, { ...told, facts: { ...told.facts, ...(contextTokens !== undefined && { contextTokens }) } });
  });
  return [...shown, ...models.slice(MOST_SHOWN)];
}

/** The server's own API is the closer witness. */
function withFactsOf(list: ModelList, own: ModelList | undefined): ModelList {
  const byId = new Map(own?.models.map((model) => [model.id, model]));
  return { ...list, models: list.models.map((model) => joined(model, byId.get(model.id))) };
}

/** What is said of the server holds for its model, where it has but one. */
function ofTheOnly(list: ModelList, told: NativeFacts | undefined): ModelList {
  return list.models.length === 1 ? { ...list, models: list.models.map((model) => joined(model, told)) } : list;
}

function joined(model: ListedModel, told: NativeFacts | undefined): ListedModel {
  return told === undefined ? model : listed(model.id, { ...model.facts, ...told.facts }, told.serves ?? model.serves);
}
