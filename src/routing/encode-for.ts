import type { ChatRequest } from "../chat/request.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { protocols } from "../protocols/index.ts";
import type { EncodeOptions, Loss } from "../protocols/protocol.ts";
import { encodeAs } from "../protocols/translation.ts";
import type { Provider } from "../provider/provider.ts";
import type { Limits } from "./limits.ts";
import type { RoutedModel } from "./route.ts";
import type { Tried } from "./run-types.ts";
import { withoutRefused } from "./settings-repair.ts";
import { askWithChat, type SignedFacts } from "./signed-call.ts";
import type { Fitted } from "./signed-chat.ts";

type Withheld = Extract<Tried<never>, { kind: "withheld" }>;

type Encoded = { readonly kind: "encoded"; readonly request: HttpRequest; readonly losses: readonly Loss[] } | Withheld;

export interface EncodeFacts {
  readonly account: NonNullable<EncodeOptions["account"]>;
  /** What says that a request stays here that would arrive with less than was asked; undefined: it is sent. */
  readonly refusedBy: string | undefined;
}

/** A request in the format of a model that speaks another one. `losses`: what it has lost on its way here. */
export function encodeFor({ provider, ref, spec }: RoutedModel, { chat, losses }: Fitted, { account, refusedBy }: EncodeFacts): Encoded {
  const options = { account, ...(spec?.outputTokens !== undefined && { defaultOutputTokens: spec.outputTokens }) };
  const encoding = encodeAs(protocols[provider.protocol], chat, ref.model, provider, options);
  if (encoding.kind === "unaddressed") return { kind: "withheld", why: `has no address without its ${encoding.missing.join(" and ")}` };
  const all = [...losses, ...encoding.losses];
  return forbiddenLoss(provider, all, refusedBy) ?? { kind: "encoded", request: encoding.request, losses: all };
}

/** Why a request stays here that would arrive with less than was asked; undefined where it may leave. */
export function forbiddenLoss({ protocol }: Provider, losses: readonly Loss[], refusedBy: EncodeFacts["refusedBy"]): Withheld | undefined {
  const lost = refusedBy === undefined ? undefined : losses.find(({ how }) => how === "lost");
  return lost === undefined ? undefined : { kind: "withheld", why: `speaks ${protocol}, which cannot say ${lost.field} (${refusedBy})` };
}

/** What the config says of losses, as `encodeFor` takes it. */
export function lossesRefusedBy({ translation }: Pick<Limits, "translation">): EncodeFacts["refusedBy"] {
  return translation === "refuse" ? "gateway.translation is refuse" : undefined;
}

/** Asks in another format, again without what the model does not take; what it still does not accept may be the translation's fault. */
export async function askInOther<T>(chat: ChatRequest, call: SignedFacts, ask: (fitted: Fitted) => Promise<Tried<T>>): Promise<Tried<T>> {
  const tried = await askWithChat(chat, { ...call, ask: withoutRefused(ask, call.onRepair) });
  const isOurs = tried.kind === "refused" && tried.failure.reason === "format" && tried.failure.detail === undefined;
  return isOurs ? { kind: "refused", failure: { ...tried.failure, detail: "translated" } } : tried;
}
