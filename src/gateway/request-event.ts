import { refText } from "../catalog/model-ref.ts";
import type { Over } from "./over.ts";
import type { LogEvent } from "./log-event.ts";
import type { Refusal } from "../routing/run-types.ts";
import { isAmbiguous } from "./maybe-billed.ts";

export type RequestEvent = Extract<LogEvent, { kind: "request" }>;

/** What the log says of a request besides what is known when it comes. */
export type Told = { -readonly [Name in keyof RequestEvent]?: RequestEvent[Name] };

/** Put in one by one: there is one such line for every request. */
export function requestEvent({ ran, end, openedMs }: Over, startedMs: number, told: Told): Told {
  const { inputTokens, outputTokens } = end.usage;
  if (ran.kind === "opened") {
    const { model, profile } = ran.candidate;
    told.servedBy = refText(model.ref);
    if (profile !== undefined) told.profile = profile.id;
    told.firstContentMs = rounded(openedMs - startedMs);
  }
  if (inputTokens !== undefined) told.inputTokens = inputTokens;
  if (outputTokens !== undefined) told.outputTokens = outputTokens;
  if (ran.refusals.length > 0) told.attempts = ran.refusals.map(attemptText);
  if (isMaybeBilled(ran, end)) told.maybeBilled = true;
  if (end.droppedCount > 0) told.droppedEvents = end.droppedCount;
  const why = end.failure?.reason ?? (ran.kind === "exhausted" ? ran.refusals.at(-1)?.failure.reason : undefined);
  if (why !== undefined) told.why = why;
  return told;
}

function attemptText({ candidate, failure, without }: Refusal): string {
  const again = without === undefined ? "" : ` (asked again without ${without.length === 0 ? "it" : firstNames(without)})`;
  return `${refText(candidate.model.ref)}: ${failure.reason}${again}`;
}

/** Fields in one line of the log. */
const MOST_NAMED = 5;

export function firstNames(fields: readonly string[]): string {
  return fields.slice(0, MOST_NAMED).join(", ");
}

function isMaybeBilled(ran: Over["ran"], end: Over["end"]): boolean {
  return ran.refusals.some(({ failure, hadBegun }) => isAmbiguous(failure) || hadBegun === true) || (ran.kind === "opened" && end.kind !== "answered");
}

export function outcomeOf({ ran, end }: Over): RequestEvent["outcome"] {
  return ran.kind === "exhausted" && end.kind !== "cancelled" ? "failed" : end.kind;
}

export function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
