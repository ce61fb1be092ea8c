import type { ProtocolId } from "../provider/protocol-id.ts";
import type { FailureRule, RuleFamily } from "./failure-rule.ts";
import { anthropicRules } from "./failure-rules/anthropic.ts";
import { bedrockRules } from "./failure-rules/bedrock.ts";
import { httpRules } from "./failure-rules/http.ts";
import { compatibleRules } from "./failure-rules/compatible.ts";
import { googleRules } from "./failure-rules/google.ts";
import { openaiRules } from "./failure-rules/openai.ts";
import { vendorRules } from "./failure-rules/vendors.ts";

const BY_PROTOCOL: Readonly<Record<ProtocolId, readonly RuleFamily[]>> = {
  "openai-chat": [openaiRules, compatibleRules],
  "openai-responses": [openaiRules, compatibleRules],
  "anthropic-messages": [anthropicRules],
  "google-generate": [googleRules],
  "bedrock-converse": [bedrockRules],
};

const STAGES = ["codes", "statuses", "sentences", "rest"] as const;

/** The families that count for a provider, its own first. */
export function familiesFor(protocol: ProtocolId, providerId: string): readonly RuleFamily[] {
  return [...vendorRules.filter(({ providers }) => providers.includes(providerId)), ...BY_PROTOCOL[protocol], httpRules];
}

const assembled = new Map<string, readonly FailureRule[]>();

/** One table for one provider, in the order in which it is asked: stage by stage, the provider's own rows first in each. */
export function rulesFor(protocol: ProtocolId, providerId: string): readonly FailureRule[] {
  const key = `${protocol} ${providerId}`;
  const known = assembled.get(key);
  if (known !== undefined) return known;
  const rules = assemble(familiesFor(protocol, providerId));
  assembled.set(key, rules);
  return rules;
}

export function assemble(families: readonly RuleFamily[]): readonly FailureRule[] {
  return STAGES.flatMap((stage) => families.flatMap(({ name, [stage]: rules = [] }) => rules.map((rule) => ({ ...rule, id: `${name}/${rule.id}` }))));
}
