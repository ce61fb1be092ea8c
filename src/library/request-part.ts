import type { ChatMessage } from "../chat/request.ts";
import { at, objectAt, textAt } from "../kernel/json-value.ts";
import { checkFields, checkValue, invalid, type Shape } from "./given-value.ts";

type PartKind = ChatMessage["content"][number]["kind"];

/** Which parts a message may hold, by who says it; `result`: what a tool came to. */
const ALLOWED = {
  system: ["text"],
  developer: ["text"],
  user: ["text", "image", "document", "audio", "vendor"],
  assistant: ["text", "thinking", "tool_call", "refusal", "image", "vendor"],
  tool: ["tool_result"],
  result: ["text", "image", "document"],
} as const satisfies Record<ChatMessage["role"] | "result", readonly PartKind[]>;

export type PartPlace = keyof typeof ALLOWED;

/** Texts without which a part says nothing. */
const TEXTS: Readonly<Record<PartKind, readonly string[]>> = {
  text: ["text"],
  thinking: ["text"],
  refusal: ["text"],
  image: [],
  document: [],
  audio: ["base64", "format"],
  tool_call: ["id", "name", "arguments"],
  tool_result: ["callId"],
  vendor: ["dialect"],
};

/** The texts of a source, by its kind. */
const SOURCES: Readonly<Record<string, readonly string[]>> = { url: ["url"], data: ["mediaType", "base64"], file: ["id", "dialect"], text: ["text"] };

/** Found here, a mistake names its field; a format that stumbles over it later could not. Throws REQUEST_INVALID. */
export function checkPart(part: unknown, place: PartPlace, field: string): void {
  const kind = textAt(part, "kind");
  const allowed: readonly PartKind[] = ALLOWED[place];
  const known = allowed.find((one) => one === kind);
  if (known === undefined) throw invalid(field, `is no part of that place: its \`kind\` may be ${allowed.join(", ")}`);
  for (const name of TEXTS[known]) if (textAt(part, name) === undefined) throw invalid(`${field}.${name}`, "is no text");
  if (known === "image" || known === "document") checkSource(objectAt(part, "source"), known, `${field}.source`);
  if (known === "tool_result") checkResult(part, field);
  checkFields(part, MORE, field);
  checkMarks(part, field);
}

/** What a part may say besides. */
const MORE: Readonly<Record<string, Shape>> = {
  signature: "an object",
  cache: "an object",
  name: "a text",
  isError: "true or false",
  detail: ["auto", "low", "high", "original"],
};
const TTL: Readonly<Record<string, Shape>> = { ttl: ["5m", "1h"] };

function checkMarks(part: unknown, field: string): void {
  const [signature, cache] = [at(part, "signature"), at(part, "cache")];
  if (cache !== undefined) checkFields(cache, TTL, `${field}.cache`);
  if (signature === undefined) return;
  for (const name of ["dialect", "value"]) checkValue(at(signature, name), "a text", `${field}.signature.${name}`);
}

function checkResult(part: unknown, field: string): void {
  const content = at(part, "content");
  if (!Array.isArray(content)) throw invalid(`${field}.content`, "is no list of parts");
  content.forEach((one: unknown, index) => checkPart(one, "result", `${field}.content[${index}]`));
}

/** A function's `kind` may be left out. Throws REQUEST_INVALID. */
export function checkTool(tool: unknown, field: string): void {
  if (typeof tool !== "object" || tool === null) throw invalid(field, "is no tool: give a `name` and `parameters`");
  const kind = at(tool, "kind") ?? "function";
  if (kind !== "function" && kind !== "vendor") throw invalid(`${field}.kind`, "is neither function nor vendor");
  const name = kind === "vendor" ? "dialect" : "name";
  if (textAt(tool, name) === undefined) throw invalid(`${field}.${name}`, "is no text");
  if (at(tool, "parameters") !== undefined && objectAt(tool, "parameters") === undefined)
    throw invalid(`${field}.parameters`, "is no JSON Schema of an object");
  checkFields(tool, { description: "a text", strict: "true or false", cache: "an object" }, field);
  checkMarks(tool, field);
}

function checkSource(source: object | undefined, of: "image" | "document", field: string): void {
  const kind = textAt(source, "kind") ?? "";
  const texts = kind === "text" && of === "image" ? undefined : Object.hasOwn(SOURCES, kind) ? SOURCES[kind] : undefined;
  if (texts === undefined) throw invalid(field, `is no source: { kind: "url", url }, { kind: "data", mediaType, base64 } or { kind: "file", id, dialect }`);
  for (const name of texts) if (textAt(source, name) === undefined) throw invalid(`${field}.${name}`, "is no text");
}
