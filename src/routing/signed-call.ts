import type { UpstreamFailure } from "../chat/failure.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { isCarried } from "../protocols/carried-signature.ts";
import type { Candidate } from "./failover-plan.ts";
import type { ReasoningSetting } from "./limits.ts";
import { fitReasoning, repairReasoning, type Repaired } from "./reasoning-repair.ts";
import type { Tried, TryFacts } from "./run-types.ts";
import { type FittedBody, fitBody, mayBeSigned, type SignedBody, withoutThinking } from "./signed-body.ts";
import { withoutReasoning } from "./signed-choices.ts";
import { fitChat, type Fitted, signaturesOf, withStandIns } from "./signed-chat.ts";
import type { SignedMemory } from "./signed-memory.ts";

/** Of a call that may hold signed reasoning, whatever it is asked for. */
export interface SignedFacts {
  readonly memory: SignedMemory;
  readonly candidate: Candidate;
  readonly as: ReasoningSetting;
  readonly signal: StopSignal;
  /** What was taken out until it answered. */
  readonly onMended?: ((lost: readonly string[]) => void) | undefined;
  readonly onRepair?: TryFacts["onRepair"] | undefined;
}

/** One candidate that may be asked again, without what it did not accept of reasoning. */
interface SignedCall<Sent, T> extends SignedFacts {
  readonly ask: (sent: Sent) => Promise<Tried<T>>;
}

const ANOTHER = "another route signed it";
const REFUSED = "the vendor did not accept what was signed";

/** Asks with the request as it fits the candidate; again where it does not accept what is signed, or what is said about reasoning. */
export async function askWithChat<T>(chat: ChatRequest, call: SignedCall<Fitted, T>): Promise<Tried<T>> {
  const { memory, candidate } = call;
  const first = fitted(chat, call);
  const tried = await call.ask(first);
  const repairs: RepairedCall[] = [];
  let refused = tried;
  let sent = first;
  while (refused.kind === "refused" && isAboutSignatures(refused.failure) && !call.signal.aborted) {
    const repaired = repairs.length === 0 ? repair(sent.chat, refused.failure, call) : repairAgain(sent.chat, refused.failure, call);
    if (repaired === undefined) return tried;
    repairs.push(repaired);
    call.onRepair?.(refused.failure, fieldsOf([repaired]));
    sent = { chat: repaired.chat, losses: [...sent.losses, ...repaired.losses] };
    refused = await call.ask(sent);
  }
  if (refused.kind !== "opened" || repairs.length === 0) return tried;
  for (const { refused: signatures, want } of repairs) {
    memory.refused(signatures, candidate);
    if (want !== undefined) memory.note(want, candidate);
  }
  call.onMended?.(fieldsOf(repairs));
  return refused;
}

type RepairedCall = Repaired & { readonly refused: readonly string[] };

function fieldsOf(repairs: readonly Repaired[]): string[] {
  return [...new Set(repairs.flatMap(({ losses }) => losses.map(({ field }) => field)))];
}

/** What was said in another way is not accepted either, as a budget where there is no reasoning at all. Each time less is said, so it comes to an end. */
function repairAgain(chat: ChatRequest, { message = "" }: UpstreamFailure, { candidate }: SignedFacts): RepairedCall | undefined {
  const repaired = repairReasoning(chat, candidate.model.provider.protocol, message);
  return repaired === undefined ? undefined : { ...repaired, refused: [] };
}

/** As far as is known what the candidate takes. */
function fitted(chat: ChatRequest, { memory, candidate, as }: SignedFacts): Fitted {
  const dialect = candidate.model.provider.protocol;
  const own = fitChat(chat, { dialect, isTaken: (signature) => memory.isForeign(signature, candidate), why: ANOTHER, as });
  if (memory.isEmpty) return own;
  const stood = dialect === "google-generate" && memory.wants("stand-ins", candidate) ? (withStandIns(own.chat) ?? own.chat) : own.chat;
  const asked = fitReasoning(stood, (want) => memory.wants(want, candidate));
  return { chat: asked.chat, losses: [...own.losses, ...asked.losses] };
}

/** Without any signature, or otherwise in what it says about reasoning: what the refusal is about comes first. */
function repair(chat: ChatRequest, { message = "" }: UpstreamFailure, { candidate, as }: SignedFacts): RepairedCall | undefined {
  const dialect = candidate.model.provider.protocol;
  const otherwise = repairReasoning(chat, dialect, message);
  if (otherwise !== undefined && !ABOUT_BLOCKS.test(message)) return { ...otherwise, refused: [] };
  const bare = fitChat(chat, { dialect, isTaken: () => true, why: REFUSED, as });
  const stood = dialect === "google-generate" && MISSES_SIGNATURES.test(message) ? withStandIns(bare.chat) : undefined;
  const refused = signaturesOf(chat, dialect);
  if (stood !== undefined) return { chat: stood, losses: bare.losses, want: "stand-ins", refused };
  if (bare.losses.length > 0) return { ...bare, refused };
  return otherwise === undefined ? undefined : { ...otherwise, refused: [] };
}

/** The same for bytes that pass through. `undefined` is sent where they may go as they are. */
export function askWithBody<T>(body: SignedBody, call: SignedFacts, ask: AskFitted<T>): Promise<Tried<T>> {
  const first = call.memory.isEmpty ? undefined : fittedBody(body, call);
  return ask(first).then((tried) =>
    tried.kind !== "refused" || !isAboutSignatures(tried.failure) || call.signal.aborted ? tried : askBare(body, call, { ask, first, tried }),
  );
}

type AskFitted<T> = (fitted: FittedBody | undefined) => Promise<Tried<T>>;

interface Before<T> {
  readonly ask: AskFitted<T>;
  readonly first: FittedBody | undefined;
  readonly tried: Extract<Tried<T>, { kind: "refused" }>;
}

async function askBare<T>(body: SignedBody, { memory, candidate, as, onRepair, onMended }: SignedFacts, { ask, first, tried }: Before<T>): Promise<Tried<T>> {
  const bare = bareBody(body, tried.failure, as);
  if (bare === undefined || bare.text === first?.text) return tried;
  onRepair?.(tried.failure, bare.lost);
  const again = await ask(bare);
  if (again.kind !== "opened") return tried;
  const signed = bare.signatures.filter((signature) => signature !== "");
  memory.refused(signed, candidate);
  if (body.dialect === "openai-chat") memory.note("none back", candidate);
  else if (signed.length < bare.signatures.length) memory.note("signed only", candidate);
  onMended?.(bare.lost);
  return again;
}

function fittedBody(body: SignedBody, { memory, candidate, as }: SignedFacts): FittedBody | undefined {
  if (body.dialect === "openai-chat") return memory.wants("none back", candidate) ? withoutReasoning(body) : undefined;
  const isSignedOnly = memory.wants("signed only", candidate);
  if (!isSignedOnly && !mayBeSigned(body)) return undefined;
  return fitBody(body, { isTaken: (signature) => (signature === "" ? isSignedOnly : isCarried(signature) || memory.isForeign(signature, candidate)), as });
}

function bareBody(body: SignedBody, { message = "" }: UpstreamFailure, as: ReasoningSetting): FittedBody | undefined {
  const bare = body.dialect === "openai-chat" ? withoutReasoning(body) : fitBody(body, { isTaken: () => true, as });
  if (!WANTS_REASONING.test(message)) return bare;
  // Another route answered before: the turn never had reasoning of this one.
  return { text: withoutThinking(bare?.text ?? body.text), lost: [...new Set([...(bare?.lost ?? []), "thinking"])], signatures: bare?.signatures ?? [] };
}

const MISSES_SIGNATURES = /thought[_ ]?signature/i;
const ABOUT_BLOCKS = /signature|encrypted|\brs_\w|'reasoning' item|Expected `/i;
const WANTS_REASONING = /Expected `(?:redacted_)?thinking`/;

/**
 * How vendors name it: `invalid_encrypted_content`, "Invalid `signature` in `thinking` block", "Function call is missing a thought_signature", "Item with
 * id 'rs_…' not found" (a 404). It is asked of answers alone whose request may hold such reasoning.
 */
const ABOUT_SIGNATURES = /signature|thinking|thought|encrypted[ _]content|reasoning|effort|\brs_\w/i;

export function isAboutSignatures({ reason, detail, code = "", message = "" }: UpstreamFailure): boolean {
  const isRefusal = reason === "format" || (reason === "model_not_found" && detail === "address");
  return isRefusal && (message === "" ? reason === "format" : ABOUT_SIGNATURES.test(code) || ABOUT_SIGNATURES.test(message));
}
