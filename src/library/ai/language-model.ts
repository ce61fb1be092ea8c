import type { LanguageModelV3, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import type { StreamEvent } from "../conversation.ts";
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
      const { signal, over, cancel } = cancellable(options.abortSignal);
      const read = reader(box.stream(request, { signal }), over);
      const write = createPartWriter(warnings);
      // Where nobody answers, it is this call that fails, and not a stream that was begun.
      let next = await read();
      const stream = new ReadableStream<LanguageModelV3StreamPart>({
        pull: async (controller) => {
          // Not every event is a part, and a pull that brings none is not made again.
          for (let isEmpty = true; isEmpty && next.done !== true; next = await read()) {
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

/** One event at a time, and a word when there are no more. */
function reader(stream: AsyncIterable<StreamEvent>, over: () => void): () => Promise<IteratorResult<StreamEvent>> {
  const events = stream[Symbol.asyncIterator]();
  return async () => {
    let isOver = true;
    try {
      const read = await events.next();
      isOver = read.done === true;
      return read;
    } finally {
      if (isOver) over();
    }
  };
}

/** Who cancels the stream does not wait for its next event. `over`: the caller's signal, which may be that of many calls, is listened to no longer. */
function cancellable(caller: AbortSignal | undefined): { readonly signal: AbortSignal; over(): void; cancel(): void } {
  const controller = new AbortController();
  const leave = (): void => controller.abort(caller?.reason);
  if (caller?.aborted === true) leave();
  else caller?.addEventListener("abort", leave, { once: true });
  const over = (): void => caller?.removeEventListener("abort", leave);
  const cancel = (): void => {
    over();
    controller.abort();
  };
  return { signal: controller.signal, over, cancel };
}
