import { fieldsAt, skipSpace } from "../protocols/json-spans.ts";

/** Where the model's value stands in a text, and what is written around it where the text names none. */
export interface ModelSpan {
  readonly start: number;
  readonly end: number;
  readonly lead: string;
  readonly tail: string;
}

/** Of a text that parsed as a JSON object. undefined when it names a model twice: readers differ in which one counts. */
export function modelSpan(text: string): ModelSpan | undefined {
  const open = text.indexOf("{");
  const [found, other] = fieldsAt(text, open).filter(({ name }) => name === "model");
  if (other !== undefined) return undefined;
  if (found !== undefined) return { start: found.start, end: found.end, lead: "", tail: "" };
  const isEmpty = text[skipSpace(text, open + 1)] === "}";
  return { start: open + 1, end: open + 1, lead: '"model":', tail: isEmpty ? "" : "," };
}
