/** The library as a provider of the Vercel AI SDK. It needs that package's types alone. */
import type { LanguageModelV3, ProviderV3 } from "@ai-sdk/provider";
import { openSignalbox, type SignalboxOptions } from "./index.ts";
import { AppError } from "./kernel/errors.ts";
import type { Signalbox } from "./library/signalbox.ts";

/** An opened library, or how to open one: it is opened at the first call. */
export type SignalboxProviderOptions = { readonly signalbox: Signalbox | Promise<Signalbox> } | SignalboxOptions;

/** `provider("default")`, `provider("agent:work")`, `provider("groq/…")`: whatever `openSignalbox().chat` takes as `model`. */
export interface SignalboxProvider extends ProviderV3 {
  (modelId?: string): LanguageModelV3;
}

/** A provider for `generateText`, `streamText` and the like. Who opened the library closes it; one that this opened needs no closing. */
export function createSignalboxProvider(options: SignalboxProviderOptions = {}): SignalboxProvider {
  if (typeof options !== "object" || options === null) throw noLibrary();
  // Nobody waits for it before the first call, which tells what is wrong with it: until then a rejection would end the process.
  if ("signalbox" in options) Promise.resolve(options.signalbox).catch(() => undefined);
  let opened: Promise<Signalbox> | undefined;
  const open = (): Promise<Signalbox> => {
    if (opened !== undefined) return opened;
    const opening = "signalbox" in options ? Promise.resolve(options.signalbox).then(checked) : openSignalbox(options);
    // What is wrong with the files may be mended before the next call.
    opening.catch(() => (opened = undefined));
    opened = opening;
    return opening;
  };
  const model = (modelId = "default"): LanguageModelV3 => {
    const loaded = import("./library/ai/language-model.ts").then(({ languageModel }) => languageModel(modelId, open));
    loaded.catch(() => undefined);
    return {
      specificationVersion: "v3",
      provider: "signalbox",
      modelId,
      supportedUrls: {},
      doGenerate: async (call) => (await loaded).doGenerate(call),
      doStream: async (call) => (await loaded).doStream(call),
    };
  };
  return Object.assign((modelId?: string) => model(modelId), {
    specificationVersion: "v3" as const,
    languageModel: model,
    embeddingModel: (modelId: string) => notOffered("embedding", modelId),
    imageModel: (modelId: string) => notOffered("image", modelId),
  });
}

function checked(box: Signalbox): Signalbox {
  if (typeof (box as Partial<Signalbox> | null)?.chat !== "function") throw noLibrary();
  return box;
}

function noLibrary(): AppError {
  return new AppError("USAGE", "the provider was given no library", {
    hint: "Give `{ signalbox: await openSignalbox() }`, or what `openSignalbox` takes, or nothing at all.",
  });
}

function notOffered(kind: string, modelId: string): never {
  throw new AppError("MODEL_UNKNOWN", `${modelId} cannot be used as an ${kind} model: this provider offers language models only`, {
    hint: "Use the vendor's own provider of the SDK for that.",
  });
}
