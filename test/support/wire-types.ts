import type Anthropic from "@anthropic-ai/sdk";
import type { Content, GenerationConfig, SafetySetting, Tool, ToolConfig } from "@google/genai";
import type OpenAI from "openai";

/**
 * What goes over the wire, as the vendors' own packages declare it: `wire-schema.ts` makes JSON Schemas of it. Nothing of ours is in here, so that
 * these are witnesses. Google's package declares the parts, and puts them together as ai.google.dev/api/generate-content says (2026-11-21).
 */
export interface WireTypes {
  "openai-chat request": OpenAI.ChatCompletionCreateParamsNonStreaming;
  "openai-chat streamed request": OpenAI.ChatCompletionCreateParamsStreaming;
  "openai-chat answer": OpenAI.ChatCompletion;
  "openai-chat event": OpenAI.ChatCompletionChunk;
  "openai-responses request": OpenAI.Responses.ResponseCreateParamsNonStreaming;
  "openai-responses streamed request": OpenAI.Responses.ResponseCreateParamsStreaming;
  "openai-responses answer": OpenAI.Responses.Response;
  "openai-responses event": OpenAI.Responses.ResponseStreamEvent;
  "anthropic-messages request": Anthropic.MessageCreateParamsNonStreaming & Sampling;
  "anthropic-messages streamed request": Anthropic.MessageCreateParamsStreaming & Sampling;
  "anthropic-messages answer": Anthropic.Message;
  "anthropic-messages event": Anthropic.RawMessageStreamEvent;
  "google-generate request": GoogleRequest;
  "openai-responses count": OpenAI.Responses.InputTokenCountParams;
  "google-generate count": { generateContentRequest: GoogleRequest & { model: string } };
  "openai-chat embedding": OpenAI.EmbeddingCreateParams;
  "google-generate embedding": GoogleEmbedding | { requests: GoogleEmbedding[] };
}

/** The package declares version 2026-10-21 of the API, which takes none of it any more; we ask for 2023-06-01, which does. */
interface Sampling {
  temperature?: number;
  top_p?: number;
  top_k?: number;
}

/** ai.google.dev/api/embeddings, 2026-11-21. */
interface GoogleEmbedding {
  model: string;
  content: Content;
  outputDimensionality?: number;
}

interface GoogleRequest {
  contents: Content[];
  systemInstruction?: Content;
  tools?: Tool[];
  toolConfig?: ToolConfig;
  safetySettings?: SafetySetting[];
  generationConfig?: GenerationConfig;
  cachedContent?: string;
}
