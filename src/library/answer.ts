import { refText } from "../catalog/model-ref.ts";
import type { StopReason, Usage } from "../chat/event.ts";
import type { FailureDetail, FailureReason } from "../chat/failure.ts";
import type { AssistantPart, ChatMessage } from "../chat/request.ts";
import { tellFailure } from "../gateway/tell-failure.ts";
import { assertNever } from "../kernel/errors.ts";
import { parseJson } from "../kernel/json-value.ts";
import type { AnswerBlock } from "../protocols/answer-blocks.ts";
import type { Loss } from "../protocols/protocol.ts";
import type { Candidate, Passed, PassedReason } from "../routing/failover-plan.ts";
import type { Refusal } from "../routing/run-types.ts";

/** A whole answer, and how it came about. */
export interface Answer {
  /** All of its text; empty where there is none. */
  readonly text: string;
  /** Text, thinking, calls and media, in their order. */
  readonly content: readonly AnswerBlock[];
  readonly toolCalls: readonly ToolCall[];
  readonly stop: StopReason;
  /** The sequence that ended it, for `stop_sequence`. */
  readonly stopSequence?: string;
  /** Tokens, as the vendor counted them. */
  readonly usage: Usage;
  /** US dollars, by the stated prices; absent where no price or no count is known. */
  readonly costUsd?: number;
  readonly servedBy: ServedBy;
  /** Those who were asked before and did not answer, in their order. */
  readonly attempts: readonly Attempt[];
  /** Those who were not asked, and why. */
  readonly passedOver: readonly PassedOver[];
  /** What the format of who answered could not carry of the request. */
  readonly lost: readonly Loss[];
  /** The answer as a message: put it into `messages` of the next request. */
  readonly message: Extract<ChatMessage, { readonly role: "assistant" }>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /** The same as a value; undefined where it does not parse. */
  readonly input: unknown;
}

export interface ServedBy {
  /** "provider/model". */
  readonly model: string;
  /** The account; absent for a server that asks for none. */
  readonly profile?: string;
}

/** Who was asked, and what came of it. */
export interface Attempt extends ServedBy {
  readonly reason: FailureReason;
  readonly detail?: FailureDetail;
  /** HTTP status; absent where none came. */
  readonly status?: number;
  /** A sentence without secrets; the vendor's own words where the request is at fault. */
  readonly message: string;
  /** The same model was asked again at once without these, or with them in another way. */
  readonly without?: readonly string[];
  /** Milliseconds. */
  readonly tookMs: number;
}

/** Who was not asked. */
export interface PassedOver extends ServedBy {
  readonly reason: PassedReason;
  /** The end of a sentence that begins with who it is. */
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly untilMs?: number;
}

export function servedBy({ model, profile }: Candidate): ServedBy {
  return { model: refText(model.ref), ...(profile !== undefined && { profile: profile.id }) };
}

export function attemptsOf(refusals: readonly Refusal[]): Attempt[] {
  return refusals.map(({ candidate, failure, tookMs, without }) => ({
    ...servedBy(candidate),
    reason: failure.reason,
    ...(failure.detail !== undefined && { detail: failure.detail }),
    ...(failure.status !== undefined && { status: failure.status }),
    message: tellFailure(failure).message,
    ...(without !== undefined && { without }),
    tookMs: Math.round(tookMs),
  }));
}

/** Without those who were asked: why they rest now is among the attempts. */
export function passedOverOf(passed: readonly Passed[], refusals: readonly Refusal[]): PassedOver[] {
  const isAsked = ({ model, profileId }: Passed): boolean =>
    refusals.some(({ candidate }) => refText(candidate.model.ref) === model && (profileId === undefined || profileId === candidate.profile?.id));
  const others = passed.filter((one) => !isAsked(one));
  return others.map(({ model, profileId, reason, why, untilMs }) => ({
    model,
    ...(profileId !== undefined && { profile: profileId }),
    reason,
    why,
    ...(untilMs !== undefined && { untilMs }),
  }));
}

export function textOf(blocks: readonly AnswerBlock[]): string {
  return blocks.map((block) => (block.kind === "text" ? block.text : "")).join("");
}

export function toolCallsOf(blocks: readonly AnswerBlock[]): ToolCall[] {
  return blocks.flatMap((block) =>
    block.kind === "tool_call" ? [{ id: block.id, name: block.name, arguments: argumentsOf(block), input: parseJson(argumentsOf(block)) }] : [],
  );
}

/** Of a call without arguments: an empty object. */
function argumentsOf({ json }: { readonly json: string }): string {
  return json.trim() === "" ? "{}" : json;
}

/** Media that no request can carry are left out. */
export function messageOf(blocks: readonly AnswerBlock[]): Answer["message"] {
  const content = blocks.flatMap((block): AssistantPart[] => {
    switch (block.kind) {
      case "text":
      case "thinking":
        return [{ kind: block.kind, text: block.text, ...(block.signature !== undefined && { signature: block.signature }) }];
      case "refusal":
        return [{ kind: "refusal", text: block.text }];
      case "tool_call":
        return [
          {
            kind: "tool_call",
            id: block.id,
            name: block.name,
            arguments: argumentsOf(block),
            ...(block.signature !== undefined && { signature: block.signature }),
          },
        ];
      case "image":
        return [{ kind: "image", source: { kind: "data", mediaType: block.mediaType, base64: block.base64 } }];
      case "vendor":
        return [block];
      case "audio":
        return [];
      default:
        return assertNever(block);
    }
  });
  return { role: "assistant", content };
}
