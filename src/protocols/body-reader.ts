import type { CacheMark, ChatRequest, FunctionTool, MediaSource, ToolResultPart, UserPart, VendorPart } from "../chat/request.ts";
import { objectAt, stated, textAt } from "../kernel/json-value.ts";
import { createLosses, OTHER_DIALECT } from "./losses.ts";
import type { RequestReading } from "./server-protocol.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Remembers the first thing in a body that is not as its format has it, and what of it finds no place. */
export class BodyFaults {
  readonly losses = createLosses();
  first: { readonly field: string; readonly why: string } | undefined;

  /** Fields of a message or a part that nobody reads, but for those that say nothing. */
  noteOthers(value: unknown, known: readonly string[], field: string): void {
    for (const [name, inner] of Object.entries(objectAt(value) ?? {})) {
      const saysNothing = inner === null || inner === undefined || (Array.isArray(inner) && inner.length === 0);
      if (!known.includes(name) && !saysNothing) this.losses.lost(`${field}.${name}`, OTHER_DIALECT);
    }
  }

  /** The reading, or the first fault of it. */
  settle(reading: Omit<Extract<RequestReading, { kind: "request" }>, "kind" | "losses">): RequestReading {
    return this.first === undefined ? { kind: "request", ...reading, losses: this.losses.all } : { kind: "wrong", ...this.first };
  }

  wrong(field: string, why: string): undefined {
    this.first ??= { field, why };
    return undefined;
  }
}

/** What reading a conversation remembers from message to message. */
export interface MessagesReading {
  readonly faults: BodyFaults;
  /** The tool's name by the id of a call. */
  readonly names: Map<string, string>;
}

/** Takes fields out of an object; what nobody took is left over. null counts as absent. */
export class FieldReader {
  readonly #fields: Fields;
  readonly #path: string;
  readonly #faults: BodyFaults;
  readonly #taken = new Set<string>();

  constructor(fields: Fields, path: string, faults: BodyFaults) {
    this.#fields = fields;
    this.#path = path;
    this.#faults = faults;
  }

  text(name: string): string | undefined {
    return this.#typed(name, "a text", (value) => (typeof value === "string" ? value : undefined));
  }

  number(name: string): number | undefined {
    return this.#typed(name, "a number", (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined));
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  object(name: string): Fields | undefined {
    return this.#typed(name, "an object", (value) => objectAt(value));
  }

  list(name: string): readonly unknown[] | undefined {
    return this.#typed(name, "a list", (value) => (Array.isArray(value) ? (value as readonly unknown[]) : undefined));
  }

  any(name: string): unknown {
    this.#taken.add(name);
    return own(this.#fields, name) ?? undefined;
  }

  /** Says that what stands there belongs to somebody else after all. */
  leave(name: string): void {
    this.#taken.delete(name);
  }

  at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  get left(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.#fields).filter(([name, value]) => !this.#taken.has(name) && value !== null));
  }

  #typed<T>(name: string, what: string, as: (value: unknown) => T | undefined): T | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    return as(value) ?? this.#faults.wrong(this.at(name), `is not ${what}`);
  }
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** A body as a request. What `read` does not take of it stays as an extra of the dialect. */
export function readBody(
  dialect: string,
  body: unknown,
  read: (reader: FieldReader, faults: BodyFaults) => { readonly chat: ChatRequest; readonly wantsUsage: boolean },
): RequestReading {
  const fields = objectAt(body);
  if (fields === undefined) return { kind: "wrong", field: "body", why: "is not a JSON object" };
  const faults = new BodyFaults();
  const reader = new FieldReader(fields, "", faults);
  const model = reader.text("model");
  if (model === undefined) faults.wrong("model", "is missing");
  const { chat, wantsUsage } = read(reader, faults);
  return faults.settle({ model: model ?? "", chat: { ...chat, ...extrasOf(dialect, reader.left) }, wantsUsage });
}

/** The list of messages, which has to hold some. */
export function messagesIn(reader: FieldReader, faults: BodyFaults): readonly unknown[] {
  const messages = reader.list("messages") ?? [];
  if (messages.length === 0) faults.wrong("messages", "is missing or empty");
  return messages;
}

/** A function that the model may call, as OpenAI's formats describe one. */
export function readFunction(fields: Fields, field: string, faults: BodyFaults): FunctionTool {
  const reader = new FieldReader(fields, field, faults);
  const name = reader.text("name");
  if (name === undefined) faults.wrong(`${field}.name`, "is missing");
  const more = stated({ description: reader.text("description"), strict: reader.flag("strict") });
  return { kind: "function", name: name ?? "", parameters: reader.object("parameters") ?? NO_PARAMETERS, ...more };
}

/** A function without parameters, as a schema. */
const NO_PARAMETERS = { type: "object", properties: {} };

const DATA_URL = /^data:([^;,]+)(?:;[^;,]+)*;base64,/;

/** A `data:` address is what it holds. */
export function mediaSource(url: string): MediaSource {
  const head = DATA_URL.exec(url);
  return head === null ? { kind: "url", url } : { kind: "data", mediaType: registered(head[1] ?? ""), base64: url.slice(head[0].length) };
}

/** Many write the short name, which OpenAI takes and others do not. */
function registered(mediaType: string): string {
  return mediaType === "image/jpg" ? "image/jpeg" : mediaType;
}

/** `{"type":"ephemeral"}`, as Anthropic has it and as others took it over. */
export function cacheMark(value: unknown): { readonly cache?: CacheMark } {
  if (textAt(value, "cache_control", "type") !== "ephemeral") return {};
  const ttl = textAt(value, "cache_control", "ttl");
  return { cache: ttl === "5m" || ttl === "1h" ? { ttl } : {} };
}

/** undefined where nothing is left over. */
function extrasOf(dialect: string, left: Readonly<Record<string, unknown>>): { readonly extras?: Readonly<Record<string, Fields>> } {
  return Object.keys(left).length === 0 ? {} : { extras: { [dialect]: left } };
}

/** What of a part can stand in a tool's answer. Anything else is left out and named: formats allow more there than the one language has a word for. */
export function answerParts(parts: readonly UserPart[], field: string, faults: BodyFaults): ToolResultPart["content"] {
  return parts.flatMap((part) => {
    if (part.kind === "text" || part.kind === "image" || part.kind === "document") return [part];
    faults.losses.lost(field, OTHER_DIALECT);
    return [];
  });
}

/** What the one language has no word for: only its own format can take it again. */
export function vendorPart(dialect: string, value: unknown): VendorPart {
  return { kind: "vendor", dialect, value };
}

/** A part of a kind that nobody here knows; without a kind it is none. */
export function otherPart(part: unknown, field: string, faults: BodyFaults, dialect: string): VendorPart[] {
  if (textAt(part, "type") !== undefined) return [vendorPart(dialect, part)];
  faults.wrong(field, "has no type");
  return [];
}
