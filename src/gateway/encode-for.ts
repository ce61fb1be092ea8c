import type { ChatRequest } from "../chat/request.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { protocols } from "../protocols/index.ts";
import type { Loss } from "../protocols/protocol.ts";
import { encodeAs } from "../protocols/translation.ts";
import type { Provider } from "../provider/provider.ts";
import type { Limits } from "../routing/limits.ts";
import type { RoutedModel } from "../routing/route.ts";
import type { Tried } from "../routing/run-plan.ts";
import type { Generation } from "./generation.ts";

type Withheld = Extract<Tried<never>, { kind: "withheld" }>;

type Encoded = { readonly kind: "encoded"; readonly request: HttpRequest; readonly losses: readonly Loss[] } | Withheld;

/** A request in the format of a model that speaks another one. `losses`: what it has lost on its way here. */
export function encodeFor(
  { provider, ref, spec }: RoutedModel,
  { chat, losses }: { readonly chat: ChatRequest; readonly losses: readonly Loss[] },
  { account, limits }: Pick<Generation, "account" | "limits">,
): Encoded {
  const options = { account, ...(spec?.outputTokens !== undefined && { defaultOutputTokens: spec.outputTokens }) };
  const encoding = encodeAs(protocols[provider.protocol], chat, ref.model, provider, options);
  if (encoding.kind === "unaddressed") return { kind: "withheld", why: `has no address without its ${encoding.missing.join(" and ")}` };
  const all = [...losses, ...encoding.losses];
  return forbiddenLoss(provider, all, limits) ?? { kind: "encoded", request: encoding.request, losses: all };
}

/** Why a request stays here that would arrive with less than was asked; undefined where it may leave. */
export function forbiddenLoss({ protocol }: Provider, losses: readonly Loss[], { translation }: Pick<Limits, "translation">): Withheld | undefined {
  const lost = translation === "refuse" ? losses.find(({ how }) => how === "lost") : undefined;
  return lost === undefined ? undefined : { kind: "withheld", why: `speaks ${protocol}, which cannot say ${lost.field} (gateway.translation is refuse)` };
}
