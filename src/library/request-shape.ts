import { EFFORTS } from "../chat/request.ts";
import { checkFields, checkValue, type Shape } from "./given-value.ts";

const NUMBER = "a number";
const REQUEST: Readonly<Record<string, Shape>> = {
  prompt: "a text",
  system: "a text",
  strict: "true or false",
  conversation: "a text",
  losses: ["named", "refused"],
  parallelToolCalls: "true or false",
  maxOutputTokens: NUMBER,
  stopSequences: "a list of texts",
  endUser: "a text",
  extras: "an object of objects",
};
const SAMPLING: Readonly<Record<string, Shape>> = {
  temperature: NUMBER,
  topP: NUMBER,
  topK: NUMBER,
  seed: NUMBER,
  frequencyPenalty: NUMBER,
  presencePenalty: NUMBER,
};
const REASONING: Readonly<Record<string, Shape>> = { effort: EFFORTS, budgetTokens: NUMBER, shown: "true or false" };
const OUTPUT: Readonly<Record<string, Shape>> = { name: "a text", description: "a text", schema: "an object", strict: "true or false" };

/** The settings of a request; messages and tools are looked at where they are understood. Throws REQUEST_INVALID. */
export function checkSettings(request: object): void {
  checkFields(request, REQUEST, "");
  const { sampling, reasoning, output, toolChoice } = request as Readonly<Record<string, { readonly kind?: unknown; readonly name?: unknown } | undefined>>;
  if (sampling !== undefined) checkFields(sampling, SAMPLING, "sampling");
  if (reasoning !== undefined) checkKind(reasoning, ["on", "off"], REASONING, "reasoning");
  if (output !== undefined) {
    checkKind(output, ["json", "json_schema"], OUTPUT, "output");
    if (output.kind === "json_schema") checkValue((output as { schema?: unknown }).schema, "an object", "output.schema");
  }
  if (toolChoice !== undefined) {
    checkKind(toolChoice, ["auto", "none", "required", "tool"], { name: "a text" }, "toolChoice");
    if (toolChoice.kind === "tool") checkValue(toolChoice.name, "a text", "toolChoice.name");
  }
}

function checkKind(value: { readonly kind?: unknown }, kinds: readonly string[], shapes: Readonly<Record<string, Shape>>, field: string): void {
  checkFields(value, shapes, field);
  checkValue(value.kind, kinds, `${field}.kind`);
}
