import { numberAt, objectAt, parseAnyDepth, textAt } from "../kernel/json-value.ts";
import type { Refused } from "./guard.ts";
import { type ModelSpan, modelSpan } from "./model-span.ts";

/** A client's request, as far as it has to be known. Everything else in `text` is passed on as it stands there. */
export interface ReadBody {
  readonly text: string;
  /** As the client writes it; "default" where it names none. */
  readonly model: string;
  readonly streams: boolean;
  /** How many answers are wanted at once. */
  readonly choices: number;
  /** The parsed body, to look at; it names the model. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The same text with this model, and as it is where it names that. */
  withModel(model: string): string;
  /** The bytes of that, where the text came as bytes of one character each. */
  bytesWithModel(model: string): Uint8Array | undefined;
  /** Lets go of what can be made again from the bytes: most requests are done when their bytes are on their way, and V8 would copy the rest meanwhile. */
  letGo(): void;
}

export type BodyParsed = { readonly kind: "body"; readonly body: ReadBody } | { readonly kind: "refused"; readonly refusal: Refused };

const DEEPEST = 64;
const LONGEST_MODEL = 256;
const DEFAULT_MODEL = "default";
/** Where it is assigned, it changes what an object is. `constructor` and `prototype` are names like others: tools have parameters of those names. */
const FORBIDDEN = "__proto__";
/** With these other gateways let a caller say where a request goes, and with which key. Here the config alone says it. Lower case, letters only. */
const ROUTING_FIELDS = new Set([
  ...["apibase", "baseurl", "apikey", "apiversion", "apitype", "customllmprovider", "modellist", "deploymentid", "extraheaders", "headers", "endpoint"],
  ...["targeturl", "proxy", "azureadtoken", "vertexcredentials", "awsaccesskeyid", "awssecretaccesskey", "awssessiontoken", "awsbedrockruntimeendpoint"],
  ...["vertexproject", "vertexlocation", "organizationkey", "credentials", "host", "url"],
]);

/** `bytes`: of the text, where each is one character of it. */
export function parseBody(text: string, bytes?: Uint8Array): BodyParsed {
  const value = objectAt(parseAnyDepth(text));
  if (value === undefined) return refuse("the body is not a JSON object");
  for (const name of Object.keys(value)) {
    if (ROUTING_FIELDS.has(name.toLowerCase().replace(/[^a-z]/g, ""))) return refuse(`"${name}" is not for callers to choose`, "routing_field");
  }
  const fault = treeFault(text, value);
  if (fault !== undefined) return refuse(fault);
  const model = value["model"] === undefined ? DEFAULT_MODEL : textAt(value, "model")?.trim();
  if (model === undefined || model === "" || model.length > LONGEST_MODEL) return refuse("model must be a name of at most 256 characters");
  const span = modelSpan(text);
  if (span === undefined) return refuse("model is given twice");
  return { kind: "body", body: new Body({ model, streams: value["stream"] === true, choices: numberAt(value, "n") ?? 1 }, { text, bytes, value, span }) };
}

class Body implements ReadBody {
  readonly model: string;
  readonly streams: boolean;
  readonly choices: number;
  readonly #bytes: Uint8Array | undefined;
  readonly #span: ModelSpan;
  /** As it stands in the text; `model` has no blanks around it. */
  readonly #written: unknown;
  #text: string | undefined;
  #value: Readonly<Record<string, unknown>> | undefined;

  constructor({ model, streams, choices }: Pick<ReadBody, "model" | "streams" | "choices">, { text, bytes, value, span }: Parsed) {
    this.model = model;
    this.streams = streams;
    this.choices = choices;
    this.#bytes = bytes;
    this.#span = span;
    this.#text = text;
    this.#value = named(value, model);
    this.#written = value["model"];
  }

  get text(): string {
    return (this.#text ??= utf8.decoder.decode(this.#bytes));
  }

  get value(): Readonly<Record<string, unknown>> {
    return (this.#value ??= named(objectAt(parseAnyDepth(this.text)) ?? {}, this.model));
  }

  withModel(name: string): string {
    if (name === this.#written) return this.text;
    const { start, end, lead, tail } = this.#span;
    return `${this.text.slice(0, start)}${lead}${JSON.stringify(name)}${tail}${this.text.slice(end)}`;
  }

  bytesWithModel(name: string): Uint8Array | undefined {
    if (this.#bytes === undefined || name === this.#written) return this.#bytes;
    return spliced(this.#bytes, this.#span, `${this.#span.lead}${JSON.stringify(name)}${this.#span.tail}`);
  }

  letGo(): void {
    if (this.#bytes === undefined) return;
    this.#text = undefined;
    this.#value = undefined;
  }
}

interface Parsed {
  readonly text: string;
  readonly bytes: Uint8Array | undefined;
  readonly value: Readonly<Record<string, unknown>>;
  readonly span: ModelSpan;
}

function named(value: Readonly<Record<string, unknown>>, model: string): Readonly<Record<string, unknown>> {
  return value["model"] === model ? value : { ...value, model };
}

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };

/** What was written last: mostly it is the same model. */
let last = { text: "", bytes: new Uint8Array(0) };

function spliced(bytes: Uint8Array, { start, end }: ModelSpan, text: string): Uint8Array {
  if (last.text !== text) last = { text, bytes: utf8.encoder.encode(text) };
  const middle = last.bytes;
  const whole = new Uint8Array(bytes.length - (end - start) + middle.length);
  whole.set(bytes.subarray(0, start));
  whole.set(middle, start);
  whole.set(bytes.subarray(end), start + middle.length);
  return whole;
}

/** A cheap look decides whether the tree has to be walked. */
function treeFault(text: string, value: unknown): string | undefined {
  const maySay = text.includes(FORBIDDEN) || text.includes("\\u00");
  return walk(value, 1, maySay ? "with names" : "depth alone");
}

function walk(value: unknown, depth: number, look: "with names" | "depth alone"): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > DEEPEST) return `the body is nested deeper than ${DEEPEST} levels`;
  if (Array.isArray(value)) {
    for (const item of value) {
      const fault = walk(item, depth + 1, look);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (look === "with names" && name === FORBIDDEN) return `a field may not be called "${name}"`;
    const fault = walk((value as Record<string, unknown>)[name], depth + 1, look);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function refuse(message: string, code?: string): BodyParsed {
  return { kind: "refused", refusal: { status: 400, type: "invalid_request", message, ...(code !== undefined && { code }) } };
}
