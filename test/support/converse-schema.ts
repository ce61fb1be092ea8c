/**
 * Bedrock's Converse and ConverseStream as JSON Schema, by hand: no package of a size that we would install declares it. From the pages of
 * docs.aws.amazon.com/bedrock/latest/APIReference named API_runtime_<type>, read on 2026-11-21. A union has exactly one of its members. What the
 * pages allow and we never write (video, audio, guard content, citations, search results, objects in S3) is left out: it would be refused here.
 */
type Schema = Readonly<Record<string, unknown>>;

const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = Object.keys(properties)): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const union = (members: Readonly<Record<string, Schema>>): Schema => ({ ...object(members, []), minProperties: 1, maxProperties: 1 });
const list = (items: Schema, more: Schema = {}): Schema => ({ type: "array", items, ...more });

const text: Schema = { type: "string" };
const spoken: Schema = { type: "string", minLength: 1 };
/** Of tools and of what they are asked. */
const name: Schema = { type: "string", minLength: 1, maxLength: 64, pattern: "^[a-zA-Z0-9_-]+$" };
const bytes: Schema = { type: "string", pattern: "^[A-Za-z0-9+/]+={0,2}$" };
const share: Schema = { type: "number", minimum: 0, maximum: 1 };
const json: Schema = {};
const empty = object({});

const cachePoint = object({ type: { const: "default" }, ttl: { enum: ["5m", "1h"] } }, ["type"]);
const image = object({ format: { enum: ["png", "jpeg", "gif", "webp"] }, source: union({ bytes }) });
const document = object(
  {
    format: { enum: ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"] },
    // Letters, digits, single white space, hyphens, brackets.
    name: { type: "string", minLength: 1, maxLength: 200, pattern: "^(?!.*\\s\\s)[\\p{L}\\p{N}\\s()\\[\\]-]+$" },
    source: union({ bytes, text, content: list(union({ text })) }),
    context: text,
    citations: object({ enabled: { type: "boolean" } }),
  },
  ["name", "source"],
);
const toolUse = object({ toolUseId: name, name, input: json });
const toolResult = object({ toolUseId: name, content: list(union({ json, text, image, document })), status: { enum: ["success", "error"] } }, [
  "toolUseId",
  "content",
]);
const reasoningContent = union({ reasoningText: object({ text, signature: text }, ["text"]), redactedContent: bytes });

const message = object({
  role: { enum: ["user", "assistant"] },
  content: list(union({ text, image, document, toolUse, toolResult, cachePoint, reasoningContent })),
});

const asked = {
  messages: list(message),
  system: list(union({ text: spoken, cachePoint })),
  toolConfig: object(
    {
      tools: list(union({ toolSpec: object({ name, description: spoken, inputSchema: union({ json }) }, ["name", "inputSchema"]), cachePoint }), {
        minItems: 1,
      }),
      toolChoice: union({ auto: empty, any: empty, tool: object({ name }) }),
    },
    ["tools"],
  ),
  additionalModelRequestFields: json,
};

export const converseRequest: Schema = object(
  {
    ...asked,
    inferenceConfig: object(
      { maxTokens: { type: "integer", minimum: 1 }, temperature: share, topP: share, stopSequences: list(spoken, { maxItems: 2500 }) },
      [],
    ),
  },
  [],
);

/** API_runtime_CountTokens: the same without what only steers the answer. */
export const converseCount: Schema = object({ input: union({ converse: object(asked, []) }) });
