import { assertNever } from "../kernel/errors.ts";
import { CONFIG_SHAPE } from "./schema.ts";
import type { ObjectShape, Shape } from "./shape.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema (draft-07) of a config file, for editors. Made once, for docs/schema/config.json. */
export function configJsonSchema(): JsonSchema {
  return { $schema: "http://json-schema.org/draft-07/schema#", title: "The config file", ...schemaOf(CONFIG_SHAPE) };
}

function schemaOf(shape: Shape): JsonSchema {
  return shape.about === undefined ? bareSchema(shape) : { description: shape.about, ...bareSchema(shape) };
}

function bareSchema(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case "text":
    case "secret":
      return { type: "string" };
    case "flag":
      return { type: "boolean" };
    case "anything":
      return {};
    case "number":
      return { type: shape.whole ? "integer" : "number", ...(shape.range === "above zero" ? { exclusiveMinimum: 0 } : { minimum: 0 }) };
    case "choice":
      return { enum: shape.options };
    case "list":
      return { type: "array", items: schemaOf(shape.item) };
    case "map":
      return { type: "object", properties: { $include: INCLUDE }, additionalProperties: schemaOf(shape.value) };
    case "short":
      return { anyOf: [{ type: "string" }, schemaOf(shape.object)] };
    case "object":
      return objectSchema(shape);
    default:
      return assertNever(shape);
  }
}

/** Any object may be replaced by files, or added to from them. */
function objectSchema({ entries, others, needs, theirs = [] }: ObjectShape): JsonSchema {
  const properties = Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, schemaOf(entry)]));
  const additionalProperties = typeof others === "string" ? others !== "refused" : schemaOf(others);
  const needed = needs === undefined ? {} : { anyOf: [{ required: needs }, { required: ["$include"] }] };
  return {
    type: "object",
    properties: { $include: INCLUDE, ...properties, ...Object.fromEntries(theirs.map((key) => [key, {}])) },
    additionalProperties,
    ...needed,
  };
}

const INCLUDE: JsonSchema = { description: "A file, or a list of files, whose content belongs here.", type: ["string", "array"], items: { type: "string" } };
