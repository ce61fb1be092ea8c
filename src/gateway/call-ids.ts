import type { Candidate } from "../routing/failover-plan.ts";
import { withNineLetterIds } from "../routing/nine-letters.ts";
import type { Tried, TryFacts } from "../routing/run-types.ts";
import { CALL_IDS, wantsNineLetters } from "../routing/settings-repair.ts";
import type { Asked } from "./asked.ts";
import { parseBody, type ReadBody } from "./request-body.ts";

/** Whether a body that passes through may hold ids of calls that another vendor made: a look at the text, for requests of which most hold none. */
export function mayHoldCallIds({ inference }: Asked, { text }: ReadBody): boolean {
  return inference.endpoint.dialect === "openai-chat" && text.includes('"tool_call');
}

/** Asks once more with ids in the form that a model wants, which is remembered of it. */
export async function askWithCallIds<T>(
  body: ReadBody,
  { candidate, facts, asked }: { readonly candidate: Candidate; readonly facts: TryFacts; readonly asked: Asked },
  ask: (body: ReadBody) => Promise<Tried<T>>,
): Promise<Tried<T>> {
  const { signed } = asked.shared.routing;
  if (signed.wants("nine letters", candidate)) return ask(withIds(body) ?? body);
  const tried = await ask(body);
  if (tried.kind !== "refused" || !wantsNineLetters(tried.failure) || facts.signal.aborted) return tried;
  const other = withIds(body);
  if (other === undefined) return tried;
  facts.onRepair(tried.failure, [CALL_IDS]);
  const again = await ask(other);
  if (again.kind === "opened") signed.note("nine letters", candidate);
  return again;
}

function withIds({ text }: ReadBody): ReadBody | undefined {
  const written = withNineLetterIds(text);
  const parsed = written === undefined ? undefined : parseBody(written);
  return parsed?.kind === "body" ? parsed.body : undefined;
}
