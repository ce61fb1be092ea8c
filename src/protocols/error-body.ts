import type { HttpResponse } from "../kernel/http.ts";
import { at, listAt, numberAt, objectAt, parseJson, textAt } from "../kernel/json-value.ts";

/** One answer, as far as it is needed to name a failure. */
export interface AnswerFacts {
  /** Absent for an error that a stream or a frame carries, without a status of its own. */
  readonly status?: number;
  readonly headers: HttpResponse["headers"];
  /** The whole of it, or its first part: 64 kB are enough. */
  readonly body: string;
  /** When it came, milliseconds since 1970: for absolute times in answers that have no `date` header. */
  readonly receivedAtMs?: number;
}

/** What an answer says, sorted by how much it can be trusted. The request may be echoed anywhere but in `words`. */
export interface Evidence {
  readonly facts: AnswerFacts;
  /** The HTTP status; for an error inside a 200, the status that it states. */
  readonly status: number | undefined;
  /** Codes, types, statuses and reasons, in lower case, from the places where vendors put them. */
  readonly words: ReadonlySet<string>;
  /** The field of the request that the vendor complains about. */
  readonly param: string | undefined;
  /** The vendor's own sentence: its message field, cut off at 2,000 characters. Rules look at its beginning only. */
  readonly message: string;
  readonly body: "none" | "html" | "json" | "text";
  /** The object that holds the error, and the whole. */
  readonly error: unknown;
  readonly root: unknown;
}

const MESSAGE_CHARACTERS = 2000;
const WORD_CHARACTERS = 100;

export function readEvidence(facts: AnswerFacts): Evidence {
  const text = facts.body.trim();
  const parsed = text.startsWith("{") || text.startsWith("[") ? parseJson(text) : undefined;
  // Google wraps the errors of a stream in a list.
  const root = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = errorIn(root);
  return {
    facts,
    status: statedStatus(facts.status, error),
    words: new Set(wordsIn(root, error, facts.headers)),
    param: textAt(error, "param"),
    message: (messageIn(root, error) ?? "").trim().slice(0, MESSAGE_CHARACTERS),
    body: kindOf(text, parsed),
    error,
    root,
  };
}

/** An object that is an error and no answer, whatever the status was. Some servers write an empty `error` into every good answer. */
export function isErrorBody(root: unknown): boolean {
  if (objectAt(root) === undefined) return false;
  if (objectAt(root, "error") !== undefined || (textAt(root, "error") ?? "") !== "") return true;
  const baseStatus = numberAt(root, "base_resp", "status_code") ?? 0;
  return textAt(root, "object") === "error" || textAt(root, "type") === "error" || baseStatus !== 0 || at(root, "success") === false;
}

/** Where vendors put it: `error`, the error of a failed response, the first of `errors`, or the whole. */
function errorIn(root: unknown): unknown {
  return objectAt(root, "error") ?? objectAt(root, "response", "error") ?? objectAt(root, "errors", 0) ?? objectAt(root, "base_resp") ?? root;
}

function statedStatus(status: number | undefined, error: unknown): number | undefined {
  if (status !== undefined && status !== 200) return status;
  const stated = Number(at(error, "code") ?? at(error, "http_code"));
  return stated >= 400 && stated <= 599 ? stated : status;
}

function messageIn(root: unknown, error: unknown): string | undefined {
  for (const name of ["message", "Message", "msg", "detail", "status_msg", "error_msg"]) {
    const found = textAt(error, name) ?? textAt(root, name);
    if (found !== undefined) return found;
  }
  return textAt(root, "error") ?? textAt(root, "detail", 0, "msg") ?? textAt(root, "promptFeedback", "blockReasonMessage");
}

/** Codes stand at many places. What is longer than a code is a sentence, and not looked at. */
function wordsIn(root: unknown, error: unknown, headers: AnswerFacts["headers"]): string[] {
  const places = [
    ...["code", "type", "status", "reason", "error_code", "__type", "status_code"].map((name) => at(error, name)),
    ...["code", "type", "reason", "__type", "error_code"].map((name) => at(root, name)),
    at(error, "details", "error_code"),
    at(error, "metadata", "error_type"),
    at(error, "metadata", "limit_source"),
    listAt(error, "metadata", "reasons").length > 0 ? "moderation" : undefined,
    textAt(root, "promptFeedback", "blockReason") === undefined ? undefined : "prompt_blocked",
    ...listAt(error, "details").flatMap((detail) => [at(detail, "reason"), ...listAt(detail, "violations").map((violation) => quotaWord(violation))]),
    headers["x-amzn-errortype"],
  ];
  return places.flatMap((place) => {
    if (typeof place === "number") return [String(place)];
    return typeof place === "string" && place !== "" && place.length <= WORD_CHARACTERS ? [bareName(place).toLowerCase()] : [];
  });
}

/** AWS writes `com.amazon.coral#ThrottlingException` and `ThrottlingException:http://…`. */
function bareName(word: string): string {
  const name = word.slice(word.indexOf("#") + 1);
  return name.includes(":http") ? name.slice(0, name.indexOf(":http")) : name;
}

/** `GenerateRequestsPerDayPerProjectPerModel-FreeTier` → `quota per day`. */
function quotaWord(violation: unknown): string | undefined {
  return textAt(violation, "quotaId")?.includes("PerDay") === true ? "quota per day" : undefined;
}

function kindOf(text: string, parsed: unknown): Evidence["body"] {
  if (text === "") return "none";
  if (parsed !== undefined) return "json";
  return /^<(?:!doctype|html|head|body|\?xml|center|h1)/i.test(text) ? "html" : "text";
}
