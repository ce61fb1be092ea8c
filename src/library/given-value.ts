import { AppError } from "../kernel/errors.ts";
import { isObject } from "../kernel/json-value.ts";

/** What a value may be that a program gives; a list names the words. An absent one is always in order. */
export type Shape = keyof typeof KINDS | readonly string[];

const KINDS = {
  "a text": (value) => typeof value === "string",
  "a number": (value) => typeof value === "number" && Number.isFinite(value),
  "true or false": (value) => typeof value === "boolean",
  "an object": isObject,
  "an object of texts": (value) => isObject(value) && Object.values(value).every((one) => one === undefined || typeof one === "string"),
  "an object of objects": (value) => isObject(value) && Object.values(value).every((one) => one === undefined || isObject(one)),
  "a list of texts": (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  "a function": (value) => typeof value === "function",
  "an AbortSignal": (value) => isObject(value) && typeof value["throwIfAborted"] === "function" && typeof value["addEventListener"] === "function",
} as const satisfies Record<string, (value: unknown) => boolean>;

type Thrower = (field: string, why: string) => AppError;

/** Looks at the fields that are named here; what else there is, is not looked at. Throws what `wrong` makes. */
export function checkFields(value: unknown, shapes: Readonly<Record<string, Shape>>, field: string, wrong: Thrower = invalid): void {
  if (!isObject(value)) throw wrong(field, "is no object");
  for (const [name, shape] of Object.entries(shapes)) {
    const given = value[name];
    if (given !== undefined) checkValue(given, shape, field === "" ? name : `${field}.${name}`, wrong);
  }
}

export function checkValue(value: unknown, shape: Shape, field: string, wrong: Thrower = invalid): void {
  const fits = typeof shape === "string" ? KINDS[shape](value) : shape.some((word) => word === value);
  if (!fits) throw wrong(field, `is not ${typeof shape === "string" ? shape : shape.join(" or ")}`);
}

/** A cycle, a BigInt, or what throws when it is asked for its JSON. */
export function isWritable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

export function invalid(field: string, why: string): AppError {
  return new AppError("REQUEST_INVALID", `${field} ${why}`, { hint: "docs/library.md shows requests of every kind.", keyPath: field });
}

/** Of what a library is opened with. */
export function unusable(field: string, why: string): AppError {
  return new AppError("USAGE", `${field} ${why}`, { hint: "docs/library.md shows what a library can be opened with.", keyPath: field });
}
