import type {
  LanguageModelV3CallOptions,
  LanguageModelV3FilePart,
  LanguageModelV3Message,
  LanguageModelV3ToolResultPart,
  SharedV3ProviderOptions,
  SharedV3Warning,
} from "@ai-sdk/provider";
import type {
  AssistantPart,
  ChatMessage,
  DocumentPart,
  ImagePart,
  MediaSource,
  OutputFormat,
  Signature,
  TextPart,
  Tool,
  ToolChoice,
  UserPart,
} from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import type { SignalboxRequest } from "../request.ts";

/** A call of the SDK as a request of ours, and what of it we have no word for. */
export interface Call {
  readonly request: SignalboxRequest;
  readonly warnings: SharedV3Warning[];
}

/** `providerOptions.signalbox` may hold `strict`, `conversation`, `losses` and `reasoning` of a request of ours. */
export function callOf(model: string, options: LanguageModelV3CallOptions): Call {
  const { prompt, maxOutputTokens, temperature, topP, topK, seed, presencePenalty, frequencyPenalty, stopSequences, tools, toolChoice, responseFormat } =
    options;
  const warnings: SharedV3Warning[] = [];
  const sampling = defined({ temperature, topP, topK, seed, presencePenalty, frequencyPenalty });
  const output = outputOf(responseFormat);
  const ours = toolsOf(tools ?? [], warnings);
  const own = (options.providerOptions?.["signalbox"] ?? {}) as Pick<SignalboxRequest, "strict" | "conversation" | "losses" | "reasoning">;
  const request: SignalboxRequest = {
    ...own,
    model,
    messages: prompt.map((message) => messageOf(message, warnings)),
    ...(ours.length > 0 && { tools: ours }),
    ...(toolChoice !== undefined && ours.length > 0 && { toolChoice: choiceOf(toolChoice) }),
    ...defined({ maxOutputTokens, stopSequences, output }),
    ...(Object.keys(sampling).length > 0 && { sampling }),
  };
  return { request, warnings };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function outputOf(format: LanguageModelV3CallOptions["responseFormat"]): OutputFormat | undefined {
  if (format?.type !== "json") return undefined;
  const { schema, name, description } = format;
  if (schema === undefined) return { kind: "json" };
  return { kind: "json_schema", schema: schema as Readonly<Record<string, unknown>>, ...defined({ name, description }) };
}

function toolsOf(tools: NonNullable<LanguageModelV3CallOptions["tools"]>, warnings: SharedV3Warning[]): Tool[] {
  return tools.flatMap((tool): Tool[] => {
    if (tool.type === "provider") {
      warnings.push({ type: "unsupported", feature: `the tool ${tool.id}`, details: "It is one vendor's own, and the next candidate may be another vendor." });
      return [];
    }
    const { name, description, inputSchema, strict } = tool;
    return [{ kind: "function", name, parameters: inputSchema as Readonly<Record<string, unknown>>, ...defined({ description, strict }) }];
  });
}

function choiceOf(choice: NonNullable<LanguageModelV3CallOptions["toolChoice"]>): ToolChoice {
  return choice.type === "tool" ? { kind: "tool", name: choice.toolName } : { kind: choice.type };
}

function messageOf(message: LanguageModelV3Message, warnings: SharedV3Warning[]): ChatMessage {
  switch (message.role) {
    case "system":
      return { role: "system", content: [{ kind: "text", text: message.content }] };
    case "user":
      return { role: "user", content: message.content.map((part): UserPart => (part.type === "text" ? { kind: "text", text: part.text } : fileOf(part))) };
    case "assistant":
      return { role: "assistant", content: message.content.flatMap((part) => assistantPart(part, warnings)) };
    case "tool":
      return { role: "tool", content: message.content.flatMap((part) => (part.type === "tool-result" ? [resultOf(part, warnings)] : [])) };
    default:
      return assertNever(message);
  }
}

function assistantPart(part: Extract<LanguageModelV3Message, { role: "assistant" }>["content"][number], warnings: SharedV3Warning[]): AssistantPart[] {
  const signature = signatureIn(part.providerOptions);
  const signed = signature === undefined ? {} : { signature };
  switch (part.type) {
    case "text":
      return [{ kind: "text", text: part.text, ...signed }];
    case "reasoning":
      return [{ kind: "thinking", text: part.text, ...signed }];
    case "tool-call":
      return [{ kind: "tool_call", id: part.toolCallId, name: part.toolName, arguments: JSON.stringify(part.input ?? {}), ...signed }];
    case "file": {
      const file = fileOf(part);
      if (file.kind === "image") return [file];
      warnings.push({ type: "unsupported", feature: `a file of ${part.mediaType} in an answer` });
      return [];
    }
    case "tool-result":
      warnings.push({ type: "unsupported", feature: "a tool result that the vendor made itself" });
      return [];
    default:
      return assertNever(part);
  }
}

/** What proves to a vendor that it wrote something itself: we gave it to the SDK with the answer. */
function signatureIn(options: SharedV3ProviderOptions | undefined): Signature | undefined {
  const signature = options?.["signalbox"]?.["signature"] as Partial<Signature> | undefined;
  return typeof signature?.dialect === "string" && typeof signature.value === "string"
    ? { ...signature, dialect: signature.dialect, value: signature.value }
    : undefined;
}

type File = ImagePart | DocumentPart | Extract<UserPart, { kind: "audio" }>;

function fileOf({ data, mediaType, filename }: Pick<LanguageModelV3FilePart, "data" | "mediaType" | "filename">): File {
  const source: MediaSource =
    data instanceof URL ? { kind: "url", url: data.href, mediaType } : { kind: "data", mediaType: exact(mediaType), base64: base64Of(data) };
  if (mediaType.startsWith("image/")) return { kind: "image", source };
  if (mediaType.startsWith("audio/") && source.kind === "data")
    return { kind: "audio", base64: source.base64, format: AUDIO.get(mediaType) ?? mediaType.slice("audio/".length) };
  return { kind: "document", source, ...(filename !== undefined && { name: filename }) };
}

const AUDIO: ReadonlyMap<string, string> = new Map([
  ["audio/mpeg", "mp3"],
  ["audio/x-wav", "wav"],
]);

/** `image/*` says that nobody looked. */
function exact(mediaType: string): string {
  return mediaType === "image/*" ? "image/png" : mediaType;
}

function base64Of(data: string | Uint8Array): string {
  return typeof data === "string" ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}

function resultOf(
  { toolCallId, toolName, output }: LanguageModelV3ToolResultPart,
  warnings: SharedV3Warning[],
): Extract<ChatMessage, { role: "tool" }>["content"][number] {
  const isError = output.type === "error-text" || output.type === "error-json" || output.type === "execution-denied";
  return { kind: "tool_result", callId: toolCallId, name: toolName, content: contentOf(output, warnings), ...(isError && { isError }) };
}

function contentOf(output: LanguageModelV3ToolResultPart["output"], warnings: SharedV3Warning[]): (TextPart | ImagePart | DocumentPart)[] {
  switch (output.type) {
    case "text":
    case "error-text":
      return [{ kind: "text", text: output.value }];
    case "json":
    case "error-json":
      return [{ kind: "text", text: JSON.stringify(output.value) }];
    case "execution-denied":
      return [{ kind: "text", text: output.reason ?? "The person did not allow it." }];
    case "content":
      return output.value.flatMap((part): (TextPart | ImagePart | DocumentPart)[] => {
        if (part.type === "text") return [{ kind: "text", text: part.text }];
        if (part.type === "image-data") return [{ kind: "image", source: { kind: "data", mediaType: part.mediaType, base64: part.data } }];
        if (part.type === "image-url") return [{ kind: "image", source: { kind: "url", url: part.url } }];
        if (part.type === "file-data")
          return [{ kind: "document", source: { kind: "data", mediaType: part.mediaType, base64: part.data }, ...defined({ name: part.filename }) }];
        if (part.type === "file-url") return [{ kind: "document", source: { kind: "url", url: part.url } }];
        warnings.push({ type: "unsupported", feature: `${part.type} in a tool result` });
        return [];
      });
    default:
      return assertNever(output);
  }
}
