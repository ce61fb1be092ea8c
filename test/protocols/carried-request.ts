import type { ChatMessage, ChatRequest } from "../../src/chat/request.ts";
import type { Loss } from "../../src/protocols/protocol.ts";
import type { ServedDialect } from "../../src/protocols/server-protocol.ts";

/**
 * What has to arrive of a request in another format: all of it but what is named. docs/translation.md lists what goes in another shape; each has its
 * rule here, and what is named as changed without a rule fails.
 */
export interface Carried {
  readonly chat: ChatRequest;
  /** Leaves that are not compared: those under a path that is named as lost, and those that a rule of the format takes away. */
  readonly exceptedCount: number;
  /** What is named, whatever its place: `messages.content.cache`, and of which kind it is where it is a part: `messages.content (image by url)`. */
  readonly named: readonly string[];
}

type Json = Record<string, unknown>;

/** Stands where something was, so that the places of its neighbours stay what they were. */
const GONE = Symbol("gone");

const LIMIT_OF_MESSAGES = 4096;
const LEAST_OF_RESPONSES = 16;

export function carried(chat: ChatRequest, losses: readonly Loss[], to: ServedDialect): Carried {
  const tree = structuredClone(chat) as unknown as Json;
  // From the inside out: what is lost of a part before the part.
  const inward = losses.toSorted((a, b) => b.field.length - a.field.length);
  const names = losses.map(({ field }) => nameOf(field, at(tree, steps(field))));
  const lost = inward.filter(({ how }) => how === "lost").map(({ field }) => take(tree, placeOf(field, chat)));
  const follow = new Map<number, unknown[]>();
  for (const { field } of losses.filter(({ how }) => how === "changed")) change(tree, field, to, follow);
  const byFormat = RULES[to](tree);
  const exceptedCount = [...lost, ...byFormat].reduce<number>((sum, gone) => sum + leafCount(gone), 0);
  return { chat: arranged(tree, to, follow), exceptedCount, named: names };
}

function nameOf(field: string, value: unknown): string {
  const path = field.replaceAll(/\[\d+\]/g, "");
  if (typeof value !== "object" || value === null) return path;
  const { kind, role, source } = value as { kind?: string; role?: string; source?: { kind: string } };
  if (kind === undefined || !path.endsWith("content")) return role === undefined ? path : `${path} (${role})`;
  const by = source === undefined ? "" : ` by ${source.kind}`;
  return `${path} (${kind}${by})`;
}

/** Settings that one format alone has are named without where they are kept. */
function placeOf(field: string, { extras = {} }: ChatRequest): readonly string[] {
  const keeper = Object.keys(extras).find((dialect) => Object.hasOwn(extras[dialect] ?? {}, field));
  return keeper === undefined ? steps(field) : ["extras", keeper, field];
}

function steps(field: string): string[] {
  return field.match(/[^.[\]]+/g) ?? [];
}

/** Takes away what stands at a path. A name for something that is not there fails: nobody could know what was meant. */
function take(tree: Json, path: readonly string[]): unknown {
  const last = path.at(-1) ?? "";
  const holder = at(tree, path.slice(0, -1));
  const value = holder[last];
  if (value === undefined || value === GONE) throw new Error(`nothing at ${path.join(".")}`);
  holder[last] = GONE;
  return value;
}

function at(tree: Json, path: readonly string[]): Json {
  return path.reduce<unknown>((inner, step) => (inner as Json | undefined)?.[step], tree) as Json;
}

/** The nearest word where a format does not have the same. */
const OTHER_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = { "reasoning.effort": { minimal: "low", max: "xhigh" } };

/** The written list of what goes in another shape. */
function change(tree: Json, field: string, to: ServedDialect, follow: Map<number, unknown[]>): void {
  const path = steps(field);
  const [, message = "", , , inner] = path;
  if (inner === "isError") return sayFailure(at(tree, path.slice(0, -1)), to, tree, path);
  if (field === "maxOutputTokens") return void (tree["maxOutputTokens"] = LEAST_OF_RESPONSES);
  const wording = OTHER_WORDS[field]?.[at(tree, path) as unknown as string];
  if (wording !== undefined) return void (at(tree, path.slice(0, -1))[path.at(-1) ?? ""] = wording);
  const part = at(tree, path);
  // Instructions within the conversation go as text of the user.
  if (part["role"] === "system" || part["role"] === "developer") return void (part["role"] = "user");
  if (part["kind"] === "refusal") return void (part["kind"] = "text");
  const source = part["source"] as Json | undefined;
  // A document of plain text goes as text.
  if (part["kind"] === "document" && source?.["kind"] === "text") {
    const cache = part["cache"];
    at(tree, path.slice(0, -1))[path.at(-1) ?? ""] = { kind: "text", text: source["text"], ...(cache === undefined ? {} : { cache }) };
    return;
  }
  if (inner !== "content") throw new Error(`no rule for how ${field} is changed`);
  // What a tool shows follows as a message of the user.
  follow.set(Number(message), [...(follow.get(Number(message)) ?? []), part]);
  at(tree, path.slice(0, -1))[path.at(-1) ?? ""] = GONE;
}

/** A tool's failure is said by its text. */
function sayFailure(result: Json, to: ServedDialect, tree: Json, path: readonly string[]): void {
  take(tree, path);
  const content = result["content"] as Json[];
  const [first] = content;
  if (to === "openai-responses" && content.length > 1) result["content"] = [{ kind: "text", text: "Error:" }, ...content];
  else result["content"] = [{ ...first, text: `Error: ${String(first?.["text"])}` }, ...content.slice(1)];
}

/** What a format takes for granted; each gives back what it took away. */
const RULES: Readonly<Record<ServedDialect, (tree: Json) => unknown[]>> = {
  "openai-chat": (tree) => {
    addNames(tree);
    // One call at a time is said only where there can be calls.
    return tree["tools"] === undefined && tree["parallelToolCalls"] === false ? [take(tree, ["parallelToolCalls"])] : [];
  },
  "openai-responses": addNames,
  "anthropic-messages": (tree) => {
    tree["maxOutputTokens"] ??= LIMIT_OF_MESSAGES;
    const output = tree["output"] as Json | undefined;
    const choice = tree["toolChoice"] as Json | undefined;
    // A schema is always held to there, and one call at a time is said only where there can be calls.
    if ((tree["stopSequences"] as unknown[] | undefined)?.every((text) => text === GONE) === true) delete tree["stopSequences"];
    const isStrict = output?.["strict"] !== undefined;
    const hasNoCalls = tree["tools"] === undefined || choice?.["kind"] === "none";
    return [
      ...(isStrict && output !== undefined ? [take(output, ["strict"])] : []),
      ...(hasNoCalls && tree["parallelToolCalls"] === false ? [take(tree, ["parallelToolCalls"])] : []),
    ];
  },
};

/** OpenAI wants a name with a schema, and one with a document by data. */
function addNames(tree: Json): unknown[] {
  for (const part of (tree["messages"] as Json[]).flatMap(({ content }) => content as (Json | typeof GONE)[])) {
    if (part === GONE || part["kind"] !== "document" || (part["source"] as Json)["kind"] !== "data") continue;
    part["name"] ??= "document";
  }
  const output = tree["output"] as Json | undefined;
  if (output?.["kind"] === "json_schema" && (output["name"] === undefined || output["name"] === GONE)) output["name"] = "answer";
  return [];
}

/** Without what is gone, and with what follows in its place. A message of which nothing is left is none. */
function arranged(tree: Json, to: ServedDialect, follow: ReadonlyMap<number, unknown[]>): ChatRequest {
  const messages = (tree["messages"] as unknown[]).flatMap((message, i) => [message, ...(follow.has(i) ? [{ role: "user", content: follow.get(i) }] : [])]);
  const chat = kept({ ...tree, messages }) as Json & { messages: Json[] };
  const left = chat.messages.filter(({ content }) => (content as unknown[]).length > 0);
  for (const holder of ["sampling", "extras"]) if (isEmptied(chat[holder])) delete chat[holder];
  return { ...chat, messages: to === "openai-chat" ? left.map(answeredInOne) : left } as unknown as ChatRequest;
}

/** Holds nothing, or by dialect nothing. */
function isEmptied(holder: unknown): boolean {
  return Object.values((holder ?? {}) as Json).every((inner) => typeof inner === "object" && inner !== null && Object.keys(inner).length === 0);
}

/** A tool's answer is one text in Chat Completions. */
function answeredInOne(message: Json): Json {
  if (message["role"] !== "tool") return message;
  const results = (message["content"] as Json[]).map((result) => {
    const texts = (result["content"] as Json[]).map(({ text }) => text);
    return { ...result, content: [{ kind: "text", text: texts.join("\n") }] };
  });
  return { ...message, content: results };
}

function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== GONE).map(kept);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== GONE)
      .map(([key, inner]) => [key, kept(inner)]),
  );
}

/** Texts, numbers, yes and no. A mark that says no more than that it is there counts too; what is gone does not, nor what holds nothing else. */
export function leafCount(value: unknown): number {
  if (value === undefined || value === GONE) return 0;
  if (typeof value !== "object" || value === null) return 1;
  const inner = Object.entries(value);
  return inner.length === 0 ? 1 : inner.reduce((sum, [, item]) => sum + leafCount(item), 0);
}

/** What a request means, whatever the format puts together: one message a turn, and no settings that say what is usual anyway. */
export function meaning({ messages, ...settings }: ChatRequest): unknown {
  const turns: (Json & { content: unknown[] })[] = [];
  for (const message of messages) {
    const { content, ...head } = { ...message, role: message.role === "developer" ? "system" : message.role } satisfies Json as ChatMessage;
    const last = turns.at(-1);
    if (last !== undefined && JSON.stringify({ ...last, content: undefined }) === JSON.stringify(head)) last.content.push(...content);
    else turns.push({ ...head, content: [...content] });
  }
  return JSON.parse(JSON.stringify({ ...settings, messages: turns }, withoutUsual));
}

/** What no word means too goes without one. */
function withoutUsual(key: string, value: unknown): unknown {
  if ((key === "strict" && value === false) || (key === "parallelToolCalls" && value === true) || (key === "detail" && value === "auto")) return undefined;
  return key === "toolChoice" && JSON.stringify(value) === '{"kind":"auto"}' ? undefined : value;
}
