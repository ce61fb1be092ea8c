import { refText } from "../catalog/model-ref.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Candidate } from "./failover-plan.ts";

/** Which route signed which reasoning. It holds digests: never a signature, never a word of what is signed. */
export interface SignedMemory {
  /** These came from the candidate. */
  learn(signatures: Iterable<string>, by: Candidate): void;
  /** The candidate did not accept these: from now on they are foreign to it. */
  refused(signatures: Iterable<string>, by: Candidate): void;
  /** Signed by another route, or refused by this one. What nobody here has seen being made is taken for its own. */
  isForeign(signature: string, to: Candidate): boolean;
  /** Nothing is foreign to anybody. */
  readonly isEmpty: boolean;
  /** What a route has shown to want beyond what its format says. */
  note(want: Want, by: Candidate): void;
  wants(want: Want, of: Candidate): boolean;
}

/**
 * `signed only`: it refuses reasoning without a signature. `stand-ins`: it refuses calls without one, and takes the vendor's own stand-in. `none back`:
 * it takes no reasoning back. `budgets`, `no reasoning`: what a request may say about reasoning there. `nine letters`: how long its ids of calls are.
 */
export type Want = "signed only" | "stand-ins" | "none back" | "budgets" | "no reasoning" | "nine letters";

const MOST_REMEMBERED = 10_000;
const MOST_WANTS = 1000;
const DIGEST_CHARACTERS = 32;
const SAMPLE_CHARACTERS = 256;

/**
 * What a vendor binds its signatures to, beside itself. OpenAI: the model and the organization of the account ("Encrypted content organization_id did
 * not match the target organization"). Anthropic leaves out by itself what a model of its own cannot read
 * (platform.claude.com/docs/en/build-with-claude/preserved-thinking). Checked on 2026-11-21.
 */
const BOUND_TO: Readonly<Partial<Record<ProtocolId, "model and account">>> = { "openai-responses": "model and account" };

export function openSignedMemory(sha256: (text: string) => string): SignedMemory {
  /** By digest: `+` and the route that made it, or `-` and one that refused it. The longest unused goes first. */
  const known = new Map<string, string>();
  const wanted = new Set<string>();
  const digestOf = (signature: string): string => sha256(sampleOf(signature)).slice(0, DIGEST_CHARACTERS);
  const keep = (signatures: Iterable<string>, word: string): void => {
    for (const signature of signatures) touch(known, digestOf(signature), word);
  };
  return {
    learn: (signatures, by) => keep(signatures, `+${signerOf(by)}`),
    refused: (signatures, by) => keep(signatures, `-${signerOf(by)}`),
    isForeign: (signature, to) => {
      if (known.size === 0 || signature === "") return false;
      const digest = digestOf(signature);
      const word = known.get(digest);
      if (word === undefined) return false;
      touch(known, digest, word);
      return (word.slice(1) === signerOf(to)) === word.startsWith("-");
    },
    get isEmpty() {
      return known.size === 0 && wanted.size === 0;
    },
    note: (want, by) => {
      if (wanted.size >= MOST_WANTS) wanted.clear();
      wanted.add(`${want} ${refText(by.model.ref)}`);
    },
    wants: (want, of) => wanted.has(`${want} ${refText(of.model.ref)}`),
  };
}

/** Some are tens of thousands of characters long, and a conversation holds hundreds of them. Their ends differ. */
function sampleOf(signature: string): string {
  return signature.length <= 2 * SAMPLE_CHARACTERS
    ? signature
    : `${signature.length} ${signature.slice(0, SAMPLE_CHARACTERS)}${signature.slice(-SAMPLE_CHARACTERS)}`;
}

function touch(known: Map<string, string>, digest: string, word: string): void {
  known.delete(digest);
  known.set(digest, word);
  const [oldest] = known.size > MOST_REMEMBERED ? known.keys() : [];
  if (oldest !== undefined) known.delete(oldest);
}

function signerOf({ model, profile }: Candidate): string {
  if (BOUND_TO[model.provider.protocol] === undefined) return model.ref.provider;
  return `${refText(model.ref)} ${profile?.id ?? ""}`;
}
