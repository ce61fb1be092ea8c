import type { ProtocolId } from "../provider/protocol-id.ts";
import { crc32 } from "./bedrock-converse/crc32.ts";

interface Taken {
  readonly longest?: number;
  /** What is no character of an id there. */
  readonly refused?: RegExp;
}

const NO_WORD = /[^a-zA-Z0-9_-]/g;

/**
 * Ids of calls as the formats take them. Vendors make them as they like ("functions.look:0", 83 characters of base64), and a conversation brings
 * them along to the next one. Sources, 2026-11-21: Bedrock: API_runtime_ToolUseBlock. Others by what their vendors answer: Anthropic "String should
 * match pattern '^[a-zA-Z0-9_-]+$'", OpenAI "string too long. Expected a string with maximum length 40" and 64.
 */
const TAKEN: Readonly<Record<ProtocolId, Taken>> = {
  "openai-chat": { longest: 40 },
  "openai-responses": { longest: 64 },
  "anthropic-messages": { refused: NO_WORD },
  "google-generate": {},
  "bedrock-converse": { longest: 64, refused: NO_WORD },
};

/** Digits of the checksum that tell apart what would else be equal, and what stands before them. */
const MARK_LENGTH = 9;

/** The id that a call and its result have in this format: one that it takes stays, and another always becomes the same one. */
export function callIdIn(format: ProtocolId, id: string): string {
  const { longest = Number.POSITIVE_INFINITY, refused } = TAKEN[format];
  const allowed = refused === undefined ? id : id.replaceAll(refused, "_");
  if (allowed === id && id.length <= longest) return id;
  return `${allowed.slice(0, longest - MARK_LENGTH)}_${checksum(id)
    .toString(16)
    .padStart(MARK_LENGTH - 1, "0")}`;
}

/** How the calls of an answer are named that come without an id. `atMs`: when the answer came, milliseconds since 1970. */
export type CallNamer = (answerId: string | undefined, count: number) => string;

/** By the answer's id, or else by when it came: a conversation has many answers, and no two of its calls may share an id. */
export function callNamer(atMs: number | undefined): CallNamer {
  const came = atMs === undefined ? "" : `${atMs.toString(36)}_`;
  return (answerId = "", count) => `call_${answerId === "" ? came : `${answerId}_`}${count}`;
}

/** As Mistral's models want them, whoever serves them: nine letters and digits. */
export function nineLetters(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : checksum(id).toString(36).padStart(9, "0");
}

function checksum(id: string): number {
  return crc32(new TextEncoder().encode(id));
}
