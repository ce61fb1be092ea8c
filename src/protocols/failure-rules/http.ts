import type { RuleFamily } from "../failure-rule.ts";

/** What HTTP and the networks in front of the vendors say. Asked last in each stage. */
export const httpRules: RuleFamily = {
  name: "http",
  source: { url: "https://www.rfc-editor.org/rfc/rfc9110.html#name-status-codes", checkedOn: "2026-11-21" },
  statuses: [
    { id: "redirect", when: { status: ["3xx"] }, reason: "network", detail: "redirect" },
    { id: "page", when: { status: ["2xx", 403, 500, 502], body: "html" }, reason: "network", detail: "html" },
    { id: "401", when: { status: [401] }, reason: "auth" },
    { id: "402", when: { status: [402] }, reason: "billing" },
    { id: "407", when: { status: [407] }, reason: "network", detail: "proxy" },
    { id: "timeout", when: { status: [408, 504, 524] }, reason: "timeout", detail: "vendor" },
    { id: "429", when: { status: [429] }, reason: "rate_limit" },
    { id: "451", when: { status: [451] }, reason: "auth", detail: "region" },
    { id: "busy", when: { status: [502, 503, 529] }, reason: "overloaded" },
    { id: "521", when: { status: [521] }, reason: "network", detail: "refused" },
    { id: "unreachable", when: { status: [522, 523] }, reason: "network", detail: "unreachable" },
    { id: "tls", when: { status: [525, 526] }, reason: "network", detail: "tls" },
  ],
  rest: [
    { id: "413", when: { status: [413] }, reason: "context_length", detail: "bytes" },
    { id: "403", when: { status: [403] }, reason: "permission" },
    { id: "404", when: { status: [404, 405] }, reason: "model_not_found", detail: "address" },
    { id: "410", when: { status: [410] }, reason: "model_not_found", detail: "retired" },
    { id: "409", when: { status: [409] }, reason: "unknown" },
    { id: "4xx", when: { status: ["4xx"] }, reason: "format" },
    { id: "5xx", when: { status: ["5xx"] }, reason: "unknown", detail: "server" },
    { id: "nothing", when: { status: ["2xx"], body: "none" }, reason: "unknown", detail: "empty" },
    { id: "no-json", when: { status: ["2xx"], body: "text" }, reason: "unknown", detail: "unreadable" },
  ],
};
