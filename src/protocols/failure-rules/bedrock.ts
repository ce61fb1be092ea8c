import type { RuleFamily } from "../failure-rule.ts";

/** The exceptions of Amazon Bedrock's runtime, by name, from a header, a body or a frame of a stream. */
export const bedrockRules: RuleFamily = {
  name: "bedrock",
  source: { url: "https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html", checkedOn: "2026-11-21" },
  codes: [
    { id: "service-quota", when: { words: ["servicequotaexceededexception"] }, reason: "billing", detail: "plan" },
    { id: "day", when: { words: ["throttlingexception"], message: /^Too many tokens per day/ }, reason: "usage_limit" },
    { id: "rate", when: { words: ["throttlingexception"] }, reason: "rate_limit" },
    { id: "busy", when: { words: ["serviceunavailableexception"] }, reason: "overloaded" },
    {
      id: "agreement",
      when: {
        words: ["accessdeniedexception", "mpagreementbeingcreated"],
        message:
          /^(?:You don't have access to the model with the specified model ID|Model access is denied due to |Your AWS Marketplace subscription|Your account is not authorized to access this model because your AWS Marketplace)/,
      },
      reason: "permission",
      detail: "agreement",
    },
    {
      id: "clock",
      when: { words: ["invalidsignatureexception"], message: /^Signature (?:expired|not yet current)/ },
      reason: "auth",
      detail: "clock",
    },
    { id: "request-expired", when: { words: ["requestexpired"] }, reason: "auth", detail: "clock" },
    { id: "expired", when: { words: ["expiredtokenexception"] }, reason: "auth", detail: "expired" },
    {
      id: "key",
      when: {
        words: [
          "accessdeniedexception",
          "unrecognizedclientexception",
          "invalidclienttokenid",
          "incompletesignature",
          "invalidsignatureexception",
          "missingauthenticationtokenexception",
          "notauthorized",
        ],
      },
      reason: "auth",
    },
    {
      id: "retired",
      when: { words: ["resourcenotfoundexception"], message: /^This model version has reached the end of its life/ },
      reason: "model_not_found",
      detail: "retired",
    },
    { id: "model", when: { words: ["resourcenotfoundexception", "ftuformnotfilled"] }, reason: "model_not_found" },
    { id: "model-failed", when: { words: ["modelerrorexception", "modelstreamerrorexception"] }, reason: "unknown", detail: "server" },
    { id: "server", when: { words: ["internalserverexception"] }, reason: "unknown", detail: "server" },
    {
      id: "model-said",
      when: {
        words: ["validationexception"],
        message: /^(?:The provided model identifier is invalid|Invocation of model ID \S+ with on-demand throughput isn)/,
      },
      reason: "model_not_found",
    },
    {
      id: "too-long",
      when: {
        words: ["validationexception"],
        message: /^(?:The model returned the following errors: )?(?:Input is too long for requested model|prompt is too long)/i,
      },
      reason: "context_length",
    },
    { id: "request", when: { words: ["validationexception"] }, reason: "format" },
  ],
};
