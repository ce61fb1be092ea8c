import type { Broker } from "../broker.ts";
import { keyFault, type ShapeFault, setupTokenFault, tokenFault } from "../credentials/secret-shape.ts";
import { cleaned } from "../credentials/secret-text.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { keyPair } from "../credentials/aws-pair.ts";
import type { Objection, Talk } from "./talk.ts";

export interface Asking {
  readonly broker: Broker;
  readonly talk: Talk;
  readonly provider: ProviderId;
}

/** What is only unlikely: asked about at a terminal, else refused; or taken without a question. */
export type AnyShape = "ask" | "take";

/** Asks for an API key until there is one. Throws CREDENTIAL_SHAPE, INPUT_MISSING, INTERRUPTED. */
export async function askKey(asking: Asking, anyShape: AnyShape): Promise<Secret> {
  const { broker, talk, provider } = asking;
  const whose = `API key of ${labelOf(broker, provider)}`;
  const check = (given: Secret) => objection(`this is no ${whose}`, faultOf(asking, given));
  for (;;) {
    const secret = await talk.askSecret(whose, { check });
    if (await isLikely(asking, secret, anyShape)) return cleaned(secret);
  }
}

/** A key that a reference leads to. Throws CREDENTIAL_SHAPE. */
export async function checkedKey(asking: Asking, secret: Secret, anyShape: AnyShape): Promise<Secret> {
  const no = objection(`what is there is no API key of ${labelOf(asking.broker, asking.provider)}`, faultOf(asking, secret));
  if (no !== undefined) throw new AppError("CREDENTIAL_SHAPE", no.message, { hint: `Nothing was stored. ${no.hint}` });
  if (await isLikely(asking, secret, anyShape)) return secret;
  throw new AppError("CREDENTIAL_SHAPE", "what is there may be no key of that provider", { hint: "Nothing was stored. Correct it there." });
}

const PAIR_FOR_KEY: ShapeFault = {
  message: "it is a pair of AWS keys, with which AWS's own programs sign",
  hint: "`{cli} models auth paste-token --provider amazon-bedrock` keeps it for them.",
  certain: true,
};

function faultOf({ broker, provider }: Asking, secret: Secret): ShapeFault | undefined {
  if (keyPair(provider, secret) !== undefined) return PAIR_FOR_KEY;
  return keyFault(secret, broker.registry().get(provider), broker.registry());
}

async function isLikely(asking: Asking, secret: Secret, anyShape: AnyShape): Promise<boolean> {
  const doubt = faultOf(asking, secret);
  if (doubt === undefined || anyShape === "take") return true;
  return isMeant(`may be no API key of ${labelOf(asking.broker, asking.provider)}: ${doubt.message}`, doubt.hint, asking.talk);
}

async function isMeant(message: string, hint: string, talk: Talk): Promise<boolean> {
  const instead = "--any-shape stores it all the same.";
  if (!talk.isInteractive) throw new AppError("CREDENTIAL_SHAPE", `this ${message}`, { hint: `Nothing was stored. ${hint} ${instead}` });
  talk.warn(`This ${message}. ${hint}`);
  return talk.confirm("Store it all the same?", { instead, initial: "no" });
}

/** Asks for a token, which may be anything; what is odd about it is said. */
export async function askToken({ broker, talk, provider }: Asking): Promise<Secret> {
  const whose = `Token of ${labelOf(broker, provider)}`;
  const secret = await talk.askSecret(whose, {
    check: (given) => (keyPair(provider, given) === undefined ? objection("this cannot be sent to anybody", tokenFault(given)) : undefined),
  });
  const pair = keyPair(provider, secret);
  if (pair !== undefined) return pair;
  const odd = tokenFault(secret);
  if (odd !== undefined) talk.warn(`The token is taken as it is, although ${odd.message}. ${odd.hint}`);
  return cleaned(secret);
}

export async function askSetupToken(talk: Talk): Promise<Secret> {
  return cleaned(await talk.askSecret("Setup-token of Anthropic", { check: (given) => objection("this is no setup-token", setupTokenFault(given)) }));
}

function objection(what: string, fault: ShapeFault | undefined): Objection | undefined {
  return fault?.certain === true ? { message: `${what}: ${fault.message}`, hint: fault.hint } : undefined;
}

/** The vendor's own name, else the id. */
export function labelOf(broker: Broker, provider: ProviderId): string {
  return broker.registry().get(provider)?.provider.label ?? provider;
}
