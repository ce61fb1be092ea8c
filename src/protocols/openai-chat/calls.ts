import type { Said } from "../answer-fold.ts";
import type { Blocks } from "../blocks.ts";
import type { CallNamer } from "../call-id.ts";
import { writeExact } from "../exact-json.ts";
import { numberAt, objectAt, textAt } from "../../kernel/json-value.ts";

/**
 * Tool calls come in parts that share an index. Some servers give every call the index 0 and another id, some repeat id and name with
 * every part, some leave the index out.
 */
export function createCallReader(blocks: Blocks, named: CallNamer): (part: unknown, answerId: string | undefined) => Said[] {
  const idAt = new Map<number, string>();
  let count = 0;
  return (part, answerId) => {
    const id = textAt(part, "id") ?? "";
    const name = textAt(part, "function", "name") ?? "";
    const index = numberAt(part, "index") ?? (id === "" && name === "" ? idAt.size - 1 : idAt.size);
    const known = idAt.get(index);
    const isNew = known === undefined || (id !== "" && id !== known);
    const callId = isNew ? id || named(answerId, count) : known;
    if (isNew) {
      idAt.set(index, callId);
      count++;
    }
    const block = blocks.of(`call ${index} ${callId}`);
    const json = argumentsOf(part);
    return [
      ...(isNew ? [{ kind: "tool_call", block, id: callId, name } as const] : []),
      ...(json === "" ? [] : [{ kind: "tool_arguments", block, json } as const]),
    ];
  };
}

/** JSON text; some servers, and clients of theirs, send the object itself. */
export function argumentsOf(part: unknown): string {
  const given = objectAt(part, "function", "arguments");
  return given === undefined ? (textAt(part, "function", "arguments") ?? "") : writeExact(given);
}
