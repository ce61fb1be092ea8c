import { refText } from "../catalog/model-ref.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { Needs, Passed } from "./failover-plan.ts";
import type { RoutingSettings } from "./limits.ts";
import type { PlanFacts } from "./plan-facts.ts";
import type { RoutedModel } from "./route.ts";

export type Unfit = Pick<Passed, "reason" | "why">;

/** Why a model cannot answer this request, whoever asks it. */
export function unfitModel(model: RoutedModel, { limits, spentToday }: PlanFacts, needs: Needs): Unfit | undefined {
  const { provider, spec, from } = model;
  if (provider.serves !== undefined && provider.serves !== needs.serves) return { reason: "unsupported", why: `answers no chat: it is for ${provider.serves}` };
  const unfit = unfitProvider(provider);
  if (unfit !== undefined) return unfit;
  if (needs.protocol !== undefined && provider.protocol !== needs.protocol)
    return { reason: "other_dialect", why: `speaks ${provider.protocol}, and the request is ${needs.protocol}` };
  if (needs.image === true && from !== "asked" && spec?.input !== undefined && !spec.input.includes("image"))
    return { reason: "no_image_input", why: "cannot see images" };
  return overCap(model, limits.routing, spentToday);
}

/** Why none of a provider's models can answer, whatever is asked and with whichever account. Reports say the same as the router. */
export function unfitProvider({ quirks }: RoutedModel["provider"]): Unfit | undefined {
  return quirks.addressing === "copilot-token" ? { reason: "unsupported", why: "needs another token first, which is not fetched yet" } : undefined;
}

/** Why this account is not to ask this model. Whether it could is the rotation's to say. */
export function unfitProfile(model: RoutedModel, profile: AuthProfile | undefined, { limits, registry }: PlanFacts): Unfit | undefined {
  if (!limits.routing.neverPaid || !isFallback(model) || !costs(model, profile, registry)) return undefined;
  return { reason: "paid", why: "costs money, and signalbox.routing.neverPaid is set" };
}

function isFallback({ from }: RoutedModel): boolean {
  return from === "fallback" || from === "image-fallback" || from === "refusal-fallback";
}

/** Logins and tokens are plans; a key costs what the model costs, and what nobody states is not free. */
function costs({ ref, spec }: RoutedModel, profile: AuthProfile | undefined, registry: PlanFacts["registry"]): boolean {
  if (profile === undefined || profile.credential.kind !== "api_key" || registry.get(ref.provider)?.isLocal === true) return false;
  const price = spec?.usdPerMTok;
  return price === undefined || price.input > 0 || price.output > 0;
}

function overCap({ ref }: RoutedModel, { dailyUsd }: RoutingSettings, spentToday: ReadonlyMap<string, number> = new Map()): Unfit | undefined {
  const name = refText(ref);
  const [own, ofProvider] = [dailyUsd.get(name), dailyUsd.get(`${ref.provider}/*`)];
  if (own !== undefined && (spentToday.get(name) ?? 0) >= own) return { reason: "daily_cap", why: `has spent its $${own} of today (UTC)` };
  if (ofProvider === undefined) return undefined;
  const spent = [...spentToday].reduce((sum, [model, usd]) => sum + (model.startsWith(`${ref.provider}/`) ? usd : 0), 0);
  if (spent < ofProvider) return undefined;
  return { reason: "daily_cap", why: `belongs to ${ref.provider}, which has spent its $${ofProvider} of today (UTC)` };
}
