import type { UpstreamFailure } from "../chat/failure.ts";
import type { ChatMessage, ChatRequest, Sampling } from "../chat/request.ts";
import { nineLetters } from "../protocols/call-id.ts";
import type { Tried, TryFacts } from "./run-types.ts";
import type { Fitted } from "./signed-chat.ts";

/** Settings that a model may refuse although its format has them, as the formats call them. */
const SAMPLING: Readonly<Record<keyof Sampling, RegExp>> = {
  temperature: /\btemperature\b/i,
  topP: /\btop_?p\b/i,
  topK: /\btop_?k\b/i,
  seed: /\bseed\b/i,
  frequencyPenalty: /\bfrequency_?penalty\b/i,
  presencePenalty: /\bpresence_?penalty\b/i,
};
const STOP = /\bstop(?:_?sequences)?\b/i;

/**
 * That the model has no such setting, not that its value is wrong: "Unsupported parameter: 'top_p' is not supported with this model", "`temperature`
 * is deprecated for this model", "Only the default (1) value is supported", "`temperature` and `top_p` cannot both be specified for this model".
 */
const UNKNOWN_THERE = /unsupported|not (?:currently )?support|deprecated|only the default|cannot both/i;

/** "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9." */
const NINE_LETTERS = /call ids? .*length (?:of )?9\b/i;
export const CALL_IDS = "ids of tool calls";

export function wantsNineLetters({ reason, message = "" }: UpstreamFailure): boolean {
  return reason === "format" && NINE_LETTERS.test(message);
}

/** Asks once more without each setting that the model says it does not have, and with ids that it takes: who wrote the request had another model in mind. */
export function withoutRefused<T>(ask: (fitted: Fitted) => Promise<Tried<T>>, onRepair?: TryFacts["onRepair"]): (fitted: Fitted) => Promise<Tried<T>> {
  const again = async (fitted: Fitted, first: Tried<T>, refused: Tried<T>): Promise<Tried<T>> => {
    if (refused.kind !== "refused") return first;
    const setting = withoutSetting(fitted, refused.failure);
    const less = setting ?? withNineLetters(fitted, refused.failure);
    if (less === undefined) return first;
    onRepair?.(refused.failure, setting === undefined ? [CALL_IDS] : setting.losses.slice(fitted.losses.length).map(({ field }) => field));
    const tried = await ask(less);
    return tried.kind === "opened" ? tried : again(less, first, tried);
  };
  return async (fitted) => {
    const tried = await ask(fitted);
    return again(fitted, tried, tried);
  };
}

/** Without the first that is named; undefined where none is. */
export function withoutSetting({ chat, losses }: Fitted, { reason, message = "" }: UpstreamFailure): Fitted | undefined {
  if (reason !== "format" || !UNKNOWN_THERE.test(message)) return undefined;
  const named = namesIn(chat)
    .filter(([, word]) => word.test(message))
    .at(-1)?.[0];
  if (named === undefined) return undefined;
  const field = named === "stopSequences" ? named : `sampling.${named}`;
  return { chat: without(chat, named), losses: [...losses, { field, how: "lost", why: "the model has no such setting" }] };
}

/** undefined where nothing would be different. */
function withNineLetters({ chat, losses }: Fitted, failure: UpstreamFailure): Fitted | undefined {
  if (!wantsNineLetters(failure)) return undefined;
  const messages = chat.messages.map(renamed);
  return JSON.stringify(messages) === JSON.stringify(chat.messages) ? undefined : { chat: { ...chat, messages }, losses };
}

function renamed(message: ChatMessage): ChatMessage {
  if (message.role === "tool") return { ...message, content: message.content.map((result) => ({ ...result, callId: nineLetters(result.callId) })) };
  if (message.role !== "assistant") return message;
  return { ...message, content: message.content.map((part) => (part.kind === "tool_call" ? { ...part, id: nineLetters(part.id) } : part)) };
}

type Setting = keyof Sampling | "stopSequences";

/** What the request sets. Of two that exclude each other the later one goes. */
function namesIn({ sampling = {}, stopSequences }: ChatRequest): [Setting, RegExp][] {
  const set = Object.entries(SAMPLING).filter(([name]) => sampling[name as keyof Sampling] !== undefined) as [Setting, RegExp][];
  return stopSequences === undefined ? set : [["stopSequences", STOP], ...set];
}

function without({ stopSequences, sampling = {}, ...chat }: ChatRequest, name: Setting): ChatRequest {
  const left = Object.fromEntries(Object.entries(sampling).filter(([key]) => key !== name));
  return { ...chat, sampling: left, ...(stopSequences === undefined || name === "stopSequences" ? {} : { stopSequences }) };
}
