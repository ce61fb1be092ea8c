/**
 * The one language between wire formats: what any of them can ask. A dialect is a wire format by name (`openai-chat`, …); this room does not
 * know which there are.
 */
export interface ChatRequest {
  /** In order. Instructions (`system`, `developer`) may stand anywhere; most formats carry them only at the head. */
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** false: at most one tool call in an answer. */
  readonly parallelToolCalls?: boolean;
  /** Of the whole answer, its reasoning included. */
  readonly maxOutputTokens?: number;
  readonly sampling?: Sampling;
  readonly stopSequences?: readonly string[];
  readonly reasoning?: Reasoning;
  readonly output?: OutputFormat;
  /** The caller's name for its own user, for the vendor's abuse watch. */
  readonly endUser?: string;
  readonly stream?: boolean;
  /** By dialect: fields of the request that this language has no word for. Sent as they are, to the same dialect only. */
  readonly extras?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export type ChatMessage =
  | { readonly role: "system" | "developer"; readonly content: readonly TextPart[] }
  | { readonly role: "user"; readonly content: readonly UserPart[]; readonly name?: string }
  | { readonly role: "assistant"; readonly content: readonly AssistantPart[] }
  | { readonly role: "tool"; readonly content: readonly ToolResultPart[] };

export type UserPart = TextPart | ImagePart | DocumentPart | AudioPart | VendorPart;
export type AssistantPart = TextPart | ThinkingPart | ToolCallPart | RefusalPart | ImagePart | VendorPart;

export interface TextPart extends Cacheable {
  readonly kind: "text";
  readonly text: string;
  /** Gemini signs text too. */
  readonly signature?: Signature;
}

export interface ImagePart extends Cacheable {
  readonly kind: "image";
  readonly source: MediaSource;
  readonly detail?: "auto" | "low" | "high" | "original";
}

export interface DocumentPart extends Cacheable {
  readonly kind: "document";
  readonly source: MediaSource | { readonly kind: "text"; readonly text: string };
  readonly name?: string;
}

export interface AudioPart {
  readonly kind: "audio";
  readonly base64: string;
  /** As the formats call it: "wav", "mp3", … */
  readonly format: string;
}

/** `file`: the vendor keeps it under this id; it means nothing to another dialect. */
export type MediaSource =
  | { readonly kind: "url"; readonly url: string; readonly mediaType?: string }
  | { readonly kind: "data"; readonly mediaType: string; readonly base64: string }
  | { readonly kind: "file"; readonly id: string; readonly dialect: string };

/** Reasoning that goes back to the model that made it. Without a signature of the same dialect it can go nowhere. */
export interface ThinkingPart {
  readonly kind: "thinking";
  /** Empty where the vendor hides it. */
  readonly text: string;
  readonly signature?: Signature;
}

export interface ToolCallPart extends Cacheable {
  readonly kind: "tool_call";
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it: it may not parse. */
  readonly arguments: string;
  readonly signature?: Signature;
}

export interface ToolResultPart extends Cacheable {
  readonly kind: "tool_result";
  readonly callId: string;
  /** Formats without ids find the call by the tool's name. */
  readonly name?: string;
  readonly content: readonly (TextPart | ImagePart | DocumentPart)[];
  readonly isError?: boolean;
}

/** The model's words for not answering. */
export interface RefusalPart {
  readonly kind: "refusal";
  readonly text: string;
}

/** A part that one dialect alone knows, as it stands there. */
export interface VendorPart extends Cacheable {
  readonly kind: "vendor";
  readonly dialect: string;
  readonly value: unknown;
}

/** What proves to a vendor that it wrote something itself. Opaque; of worth to the same dialect only. */
export interface Signature {
  readonly dialect: string;
  readonly value: string;
  /** The vendor's id of what is signed, where it has one. */
  readonly id?: string;
  /** What is signed was never shown: the value holds it. */
  readonly isHidden?: boolean;
}

interface Cacheable {
  /** Everything up to and with this part may be kept by the vendor. */
  readonly cache?: CacheMark;
}

export interface CacheMark {
  /** The vendor's own length unless told. */
  readonly ttl?: "5m" | "1h";
}

/** `vendor`: a tool that the vendor runs itself, as its dialect writes it. */
export type Tool = FunctionTool | { readonly kind: "vendor"; readonly dialect: string; readonly value: unknown };

export interface FunctionTool extends Cacheable {
  readonly kind: "function";
  readonly name: string;
  readonly description?: string;
  /** A JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The arguments must match the schema exactly. */
  readonly strict?: boolean;
}

export type ToolChoice = { readonly kind: "auto" | "none" | "required" } | { readonly kind: "tool"; readonly name: string };

export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
}

export const EFFORTS = ["minimal", "low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof EFFORTS)[number];

/** `off`: the model is asked not to reason. */
export type Reasoning =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      readonly effort?: Effort;
      readonly budgetTokens?: number;
      /** Whether the reasoning, or a summary of it, is to be seen. The vendor's own way unless told. */
      readonly shown?: boolean;
    };

export type OutputFormat =
  | { readonly kind: "json" }
  | {
      readonly kind: "json_schema";
      readonly name?: string;
      readonly description?: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly strict?: boolean;
    };

/** Asks for one vector for each text. */
export interface EmbeddingRequest {
  readonly texts: readonly string[];
  readonly dimensions?: number;
}

/** Asks how well each document fits the query. */
export interface RerankRequest {
  readonly query: string;
  readonly documents: readonly string[];
  /** All of them unless told. */
  readonly topCount?: number;
}

/** A request of one sentence. */
export function ask(text: string, more: Omit<ChatRequest, "messages"> = {}): ChatRequest {
  return { messages: [{ role: "user", content: [{ kind: "text", text }] }], ...more };
}
