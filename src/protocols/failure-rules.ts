import type { ProtocolId } from "../provider/protocol-id.ts";
import type { StatedFailure } from "../provider/stated-failure.ts";
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

/**
 * One table for one provider, in the order in which it is asked: stage by stage, the provider's own rows first in each. `stated`: what a plugin
 * says of it; asked for only when a call has failed, so it is not kept.
 */
export function rulesFor(protocol: ProtocolId, providerId: string, stated: readonly StatedFailure[] = []): readonly FailureRule[] {
  if (stated.length > 0) return assemble([statedFamily(providerId, stated), ...familiesFor(protocol, providerId)]);
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

/** All of it in the first stage: whoever describes a vendor knows its failures better than any format does. */
function statedFamily(providerId: string, stated: readonly StatedFailure[]): RuleFamily {
  const rules = stated.map(({ code, status, message, reason, detail }, at): FailureRule => {
    const when = {
      ...(code !== undefined && { words: [code] }),
      ...(status !== undefined && { status: [status] }),
      ...(message !== undefined && { message: new RegExp(`^${message.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`, "i") }),
    };
    return { id: `${at + 1}`, when, reason, ...(detail !== undefined && { detail }) };
  });
  return { name: `plugin:${providerId}`, source: { url: "", checkedOn: "" }, codes: rules };
}
