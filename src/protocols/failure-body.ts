import type { FailureReason, UpstreamFailure } from "../chat/failure.ts";

/** As OpenAI and Anthropic call what went wrong (platform.openai.com/docs/guides/error-codes, docs.anthropic.com/en/api/errors; 2026-11-21). */
const TYPES: Readonly<Record<FailureReason, { readonly openai: string; readonly anthropic: string }>> = {
  auth: { openai: "authentication_error", anthropic: "authentication_error" },
  permission: { openai: "permission_error", anthropic: "permission_error" },
  billing: { openai: "insufficient_quota", anthropic: "billing_error" },
  rate_limit: { openai: "rate_limit_error", anthropic: "rate_limit_error" },
  usage_limit: { openai: "rate_limit_error", anthropic: "rate_limit_error" },
  overloaded: { openai: "server_error", anthropic: "overloaded_error" },
  timeout: { openai: "server_error", anthropic: "timeout_error" },
  network: { openai: "server_error", anthropic: "api_error" },
  context_length: { openai: "invalid_request_error", anthropic: "invalid_request_error" },
  content_filter: { openai: "invalid_request_error", anthropic: "invalid_request_error" },
  format: { openai: "invalid_request_error", anthropic: "invalid_request_error" },
  model_not_found: { openai: "invalid_request_error", anthropic: "not_found_error" },
  unknown: { openai: "server_error", anthropic: "api_error" },
  cancelled: { openai: "server_error", anthropic: "api_error" },
};

/** An error as the clients of a format read it. The vendor's own sentence is who asked's to read. */
export function failureBody(dialect: "openai" | "anthropic", { reason, code, message }: UpstreamFailure): Readonly<Record<string, unknown>> {
  const type = TYPES[reason][dialect];
  const says = message ?? `the model could not answer: ${reason.replaceAll("_", " ")}`;
  if (dialect === "anthropic") return { type: "error", error: { type, message: says } };
  return { error: { message: says, type, param: null, code: code ?? reason } };
}
