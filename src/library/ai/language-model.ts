import type { LanguageModelV3, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import type { Signalbox } from "../signalbox.ts";
import { contentOf, finishOf, metadataOf, usageOf, warningsOf } from "./content.ts";
import { callOf } from "./prompt.ts";
import { createPartWriter } from "./stream-parts.ts";

/** A word for a model, as a model of the Vercel AI SDK. Failing over is done here: the SDK's own retries have nothing left to do. */
export function languageModel(modelId: string, open: () => Promise<Signalbox>): LanguageModelV3 {
  return {
    specificationVersion: "v3",
    provider: "signalbox",
    modelId,
    // The SDK fetches what an address names: not every vendor of a chain could.
    supportedUrls: {},
    doGenerate: async (options) => {
      const { request, warnings } = callOf(modelId, options);
      const box = await open();
      const answer = await box.chat(request, options.abortSignal === undefined ? {} : { signal: options.abortSignal });
      return {
        content: contentOf(answer.content),
        finishReason: finishOf(answer.stop, { calls: answer.toolCalls.length }),
        usage: usageOf(answer.usage),
        providerMetadata: metadataOf(answer.servedBy, answer.attempts),
        response: { modelId: answer.servedBy.model },
        warnings: [...warnings, ...warningsOf(answer.lost)],
      };
    },
    doStream: async (options) => {
      const { request, warnings } = callOf(modelId, options);
      const box = await open();
      const { signal, cancel } = cancellable(options.abortSignal);
      const events = box.stream(request, { signal })[Symbol.asyncIterator]();
      const write = createPartWriter(warnings);
      // Where nobody answers, it is this call that fails, and not a stream that was begun.
      let next = await events.next();
      const stream = new ReadableStream<LanguageModelV3StreamPart>({
        pull: async (controller) => {
          // Not every event is a part, and a pull that brings none is not made again.
          for (let isEmpty = true; isEmpty && next.done !== true; next = await events.next()) {
            for (const part of write(next.value)) {
              isEmpty = false;
              controller.enqueue(part);
            }
          }
          if (next.done === true) controller.close();
        },
        cancel,
      });
      return { stream };
    },
  };
}

/** Who cancels the stream does not wait for its next event. */
function cancellable(caller: AbortSignal | undefined): { readonly signal: AbortSignal; cancel(): void } {
  const controller = new AbortController();
  if (caller?.aborted === true) controller.abort(caller.reason);
  else caller?.addEventListener("abort", () => controller.abort(caller.reason), { once: true, signal: controller.signal });
  return { signal: controller.signal, cancel: () => controller.abort() };
}
