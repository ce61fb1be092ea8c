import { assertNever } from "../kernel/errors.ts";
import type { KeyPath } from "./loaded-config.ts";
import { CONFIG_SHAPE } from "./schema.ts";
import type { Shape } from "./shape.ts";

/** What may stand at a path; undefined for a key that nothing knows, also where it would be kept. */
export function shapeAt(path: KeyPath): Shape | undefined {
  let shape: Shape | undefined = CONFIG_SHAPE;
  for (const key of path) {
    if (shape === undefined) return undefined;
    shape = shapeOfMember(shape, key);
  }
  return shape;
}

export function shapeOfMember(shape: Shape, key: string | number): Shape | undefined {
  switch (shape.kind) {
    case "object":
      return Object.hasOwn(shape.entries, key) ? shape.entries[key] : typeof shape.others === "string" ? undefined : shape.others;
    case "short":
      return shapeOfMember(shape.object, key);
    case "map":
      return shape.value;
    case "list":
      return typeof key === "number" ? shape.item : undefined;
    case "text":
    case "secret":
    case "flag":
    case "number":
    case "choice":
    case "anything":
      return undefined;
    default:
      return assertNever(shape);
  }
}

export function entriesOf(shape: Shape): string[] {
  return shape.kind === "object" ? Object.keys(shape.entries) : shape.kind === "short" ? Object.keys(shape.object.entries) : [];
}
