import type { UpstreamFailure } from "../chat/failure.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { isCarried } from "../protocols/carried-signature.ts";
import type { Candidate } from "./failover-plan.ts";
import type { ReasoningSetting } from "./limits.ts";
import { fitReasoning, repairReasoning, type Repaired } from "./reasoning-repair.ts";
import type { Tried, TryFacts } from "./run-plan.ts";
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
  /** What was taken out at the second try, which was answered. */
  readonly onMended?: ((lost: readonly string[]) => void) | undefined;
  readonly onRepair?: TryFacts["onRepair"] | undefined;
}

/** One candidate that may be asked twice: once more without what it did not accept of signed reasoning. */
interface SignedCall<Sent, T> extends SignedFacts {
  readonly ask: (sent: Sent) => Promise<Tried<T>>;
}

const ANOTHER = "another route signed it";
const REFUSED = "the vendor did not accept what was signed";

/** Asks with the request as it fits the candidate; once more where it does not accept what is signed, or what is said about reasoning. */
export async function askWithChat<T>(chat: ChatRequest, call: SignedCall<Fitted, T>): Promise<Tried<T>> {
  const { memory, candidate } = call;
  const first = fitted(chat, call);
  const tried = await call.ask(first);
  if (tried.kind !== "refused" || !isAboutSignatures(tried.failure) || call.signal.aborted) return tried;
  const repaired = repair(first.chat, tried.failure, call);
  if (repaired === undefined) return tried;
  const lost = repaired.losses.map(({ field }) => field);
  call.onRepair?.(tried.failure, lost);
  const again = await call.ask({ chat: repaired.chat, losses: [...first.losses, ...repaired.losses] });
  if (again.kind !== "opened") return tried;
  memory.refused(repaired.refused, candidate);
  if (repaired.want !== undefined) memory.note(repaired.want, candidate);
  call.onMended?.(lost);
  return again;
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
function repair(chat: ChatRequest, { message = "" }: UpstreamFailure, { candidate, as }: SignedFacts): (Repaired & { readonly refused: string[] }) | undefined {
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
