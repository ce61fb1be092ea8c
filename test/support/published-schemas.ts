import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { interfaceSchema } from "../../scripts/report-schema.mjs";
import { converseCount, converseRequest } from "./converse-schema.ts";
import type { WireTypes } from "./wire-types.ts";

/** Fields that the packages want and that do not travel, or need not. */
const NOT_NEEDED: Readonly<Record<string, readonly string[]>> = {
  // The package itself puts it together.
  Response: ["output_text"],
  // Both go back with the next request, where servers of the format that are not its vendor's may not know them.
  TextBlock: ["citations"],
  ToolUseBlock: ["caller"],
};

/** Fields beyond what is published. Reasoning has no place in OpenAI's own format; this one is what others than OpenAI write, and clients read. */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  ChatCompletionMessage: { reasoning_content: { type: "string" } },
  Delta: { reasoning_content: { type: "string" } },
};

/**
 * Strict validators of what goes over the wire: a field that the vendor does not publish is a breach, and so is one that it wants and that is not
 * there. Made from the vendors' own types, and kept beside the packages until one of these changes.
 */
export type Published = keyof WireTypes | keyof typeof BY_HAND;

const BY_HAND = { "bedrock-converse request": converseRequest, "bedrock-converse count": converseCount };

const root = join(import.meta.dirname, "../..");
const types = join(import.meta.dirname, "wire-types.ts");
const MAKERS = ["scripts/report-schema.mjs", "package-lock.json"];

/** Where a value breaks what is published: nothing when it does not. */
export function breaches(of: Published, value: unknown): string[] {
  const validate = validatorOf(of);
  return validate(value) ? [] : plainly(validate.errors ?? []);
}

const validators = new Map<Published, ValidateFunction>();
let made: Ajv | undefined;

function validatorOf(of: Published): ValidateFunction {
  let validate = validators.get(of);
  if (validate === undefined) {
    made ??= new Ajv({ allErrors: true, strict: false, inlineRefs: false, verbose: true, schemas: { wire: marked(wireSchema()) } });
    validate = made.compile(of in BY_HAND ? BY_HAND[of as keyof typeof BY_HAND] : { $ref: `wire#/properties/${of.replaceAll(" ", "%20")}` });
    validators.set(of, validate);
  }
  return validate;
}

interface WireSchema {
  readonly definitions: Readonly<Record<string, { readonly properties?: Readonly<Record<string, object>>; readonly required?: readonly string[] }>>;
}

function wireSchema(): WireSchema {
  const digest = createHash("sha256");
  for (const file of [types, ...MAKERS.map((one) => join(root, one))]) digest.update(readFileSync(file));
  const folder = join(root, "node_modules/.cache/signalbox-wire");
  const kept = join(folder, `${digest.digest("hex").slice(0, 16)}.json`);
  try {
    return JSON.parse(readFileSync(kept, "utf8")) as WireSchema;
  } catch {
    const schema = interfaceSchema(types, "WireTypes", join(root, "tsconfig.json")) as WireSchema;
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, JSON.stringify(schema));
    return schema;
  }
}

/** A value that fits none of several types is told of each: those that it does not claim to be, by its own `type` or `role`, say nothing. */
function plainly(errors: readonly ErrorObject[]): string[] {
  const foreign = new Set(errors.filter(isOtherKind).map((error) => `${typeOf(error)} ${error.instancePath.replace(/\/[^/]*$/, "")}`));
  const own = errors.filter((error) => error.keyword !== "anyOf" && !isOtherKind(error) && !foreign.has(`${typeOf(error)} ${error.instancePath}`));
  return [...new Set((own.length > 0 ? own : errors).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`))];
}

function isOtherKind({ keyword, instancePath }: ErrorObject): boolean {
  return (keyword === "const" || keyword === "enum") && /\/(type|role)$/.test(instancePath);
}

function typeOf({ parentSchema }: ErrorObject): string {
  return String(parentSchema?.["ofType"]);
}

/** What breaks a rule can then be told by the type that the rule belongs to. */
function marked(schema: WireSchema): WireSchema {
  const definitions = Object.entries(schema.definitions).map(([name, { properties = {}, required = [], ...rest }]) => {
    const own = Object.entries(properties).map(([key, of]) => [key, key === "type" || key === "role" ? { ...of, ofType: name } : of]);
    const needed = required.filter((key) => !NOT_NEEDED[name]?.includes(key));
    return [name, { ...rest, properties: { ...Object.fromEntries(own), ...ALLOWED[name] }, required: needed, ofType: name }];
  });
  return { ...schema, definitions: Object.fromEntries(definitions) };
}
