import type { AssistantPart, OutputFormat, ToolChoice } from "../chat/request.ts";
import type { Loss } from "./protocol.ts";

/** Gathers, while a request is written, what its format cannot say. Nothing is dropped without a line here. */
export interface Losses {
  readonly all: readonly Loss[];
  lost(field: string, why: string): void;
  changed(field: string, why: string): void;
}

export function createLosses(): Losses {
  const all: Loss[] = [];
  return {
    all,
    lost: (field, why) => void all.push({ field, how: "lost", why }),
    changed: (field, why) => void all.push({ field, how: "changed", why }),
  };
}

/** Why a part cannot go where it is not known. */
export const OTHER_DIALECT = "only the dialect that it comes from knows it";

/** What only one format has a word for: as it is where it came from that one, else lost. */
export function ownAlone<T = Record<string, unknown>>(
  part: { readonly dialect: string; readonly value: unknown },
  dialect: string,
  field: string,
  losses: Losses,
): T[] {
  if (part.dialect === dialect) return [part.value as T];
  losses.lost(field, OTHER_DIALECT);
  return [];
}

/** For formats without marks for caching. */
export function noteCacheMark(part: object, field: string, losses: Losses): void {
  if ("cache" in part && part.cache !== undefined) losses.lost(`${field}.cache`, "the format has no marks for caching");
}

/** For documents that have no name where they go. */
export function noteName(name: string | undefined, field: string, losses: Losses): void {
  if (name !== undefined) losses.lost(`${field}.name`, "the format has no name for such a document");
}

/** For formats that take the schema of an answer alone. */
export function noteSchemaNames(output: OutputFormat | undefined, losses: Losses): void {
  for (const name of ["name", "description"] as const) {
    if (output?.kind === "json_schema" && output[name] !== undefined) losses.lost(`output.${name}`, "the format has the schema alone");
  }
}

/** A text or a call that another dialect signed goes on, without what proves it. Reasoning is nothing without: its writers see to it. */
export function noteSignature(part: AssistantPart, field: string, dialect: string, losses: Losses): void {
  const isSigned = (part.kind === "text" || part.kind === "tool_call") && part.signature !== undefined;
  if (isSigned && part.signature.dialect !== dialect) losses.lost(`${field}.signature`, "a signature is of worth only to who made it");
}

/** For formats that refuse a choice without tools. `auto` and `none` say what holds without them. */
export function noteChoiceWithoutTools(choice: ToolChoice | undefined, losses: Losses): void {
  if (choice?.kind === "required" || choice?.kind === "tool") losses.lost("toolChoice", "the format takes a choice only with tools");
}

/** "Invalid 'user': string too long. Expected a string with maximum length 64": Claude's own program sends a longer one to Messages. */
const LONGEST_USER = 64;

/** For OpenAI's formats. A name that is cut off would stand for others too: it goes whole or not at all. */
export function takenEndUser(name: string | undefined, losses: Losses): string | undefined {
  if (name === undefined || Array.from(name).length <= LONGEST_USER) return name;
  losses.lost("endUser", `OpenAI takes no name longer than ${LONGEST_USER} characters`);
  return undefined;
}
