import { assertNever } from "../kernel/errors.ts";
import type { Secret } from "../kernel/secret.ts";

/**
 * What a value of the config must look like, as plain data: it costs nothing at start-up, the type of the config is derived from it, and so are
 * its JSON Schema and every error message.
 */
export type Shape =
  | Kind<"text">
  /** Text that nobody may print: it becomes a `Secret`. */
  | Kind<"secret">
  | Kind<"flag">
  | Kind<"anything">
  | (Kind<"number"> & { readonly range: "zero or more" | "above zero"; readonly whole?: true })
  | (Kind<"choice"> & { readonly options: readonly string[] })
  | (Kind<"list"> & { readonly item: Shape })
  /** Keys are the user's own. */
  | (Kind<"map"> & { readonly value: Shape })
  | ObjectShape
  /** Text alone stands for an object with that text under the key `text`. Read, it is always the object. */
  | (Kind<"short"> & { readonly text: string; readonly object: ObjectShape });

export interface ObjectShape extends Kind<"object"> {
  /**
   * `refused`: an unknown key is an error. `kept`: it belongs to the agent, unless it is nearly a key of ours. `ignored`: it is nobody's
   * business. A shape: it is the user's own.
   */
  readonly others: "refused" | "kept" | "ignored" | Shape;
  readonly needs?: readonly string[];
  /** Keys of the agent that are known by name where others are refused: they are neither looked at nor copied. */
  readonly theirs?: readonly string[];
  readonly entries: Readonly<Record<string, Shape>>;
}

interface Kind<Name extends string> {
  readonly kind: Name;
  /** For people who write it: goes into the JSON Schema. */
  readonly about?: string;
}

/** The type of what a shape describes. */
export type ValueOf<S> = S extends { kind: "text" }
  ? string
  : S extends { kind: "secret" }
    ? Secret
    : S extends { kind: "flag" }
      ? boolean
      : S extends { kind: "number" }
        ? number
        : S extends { kind: "choice"; options: readonly (infer Option)[] }
          ? Option
          : S extends { kind: "list"; item: infer Item }
            ? readonly ValueOf<Item>[]
            : S extends { kind: "map"; value: infer Value }
              ? Readonly<Record<string, ValueOf<Value>>>
              : S extends { kind: "short"; object: infer Long }
                ? ValueOf<Long>
                : S extends { kind: "object"; entries: infer Entries; needs: readonly (infer Needed)[] }
                  ? Flat<{ readonly [K in keyof Entries & Needed]: ValueOf<Entries[K]> } & Optional<Omit<Entries, Needed & string>>>
                  : S extends { kind: "object"; entries: infer Entries }
                    ? Optional<Entries>
                    : unknown;

type Optional<Entries> = { readonly [K in keyof Entries]?: ValueOf<Entries[K]> };
type Flat<T> = { [K in keyof T]: T[K] };

/** Completes "must be …". */
export function wanted(shape: Shape): string {
  switch (shape.kind) {
    case "text":
    case "secret":
      return "text in quotes";
    case "flag":
      return "true or false";
    case "number":
      return `a ${shape.whole ? "whole " : ""}number${shape.range === "above zero" ? " above 0" : " of at least 0"}`;
    case "choice":
      return `one of ${shape.options.join(", ")}`;
    case "list":
      return "a list";
    case "short":
      return `text in quotes, or an object with ${Object.keys(shape.object.entries).join(" and ")}`;
    case "map":
    case "object":
      return "an object";
    case "anything":
      return "anything";
    default:
      return assertNever(shape);
  }
}
