import type { RuleFamily } from "../failure-rule.ts";

/** What servers and hosts behind OpenAI's formats say in their own words. Each sentence stands at the beginning, where no prompt is repeated. */
export const compatibleRules: RuleFamily = {
  name: "compatible",
  source: { url: "https://github.com/badlogic/pi-mono/blob/main/packages/ai/src/utils/overflow.ts", checkedOn: "2026-11-21" },
  codes: [
    { id: "llama-cpp-too-long", when: { words: ["exceed_context_size_error"] }, reason: "context_length" },
    { id: "loading", when: { status: [503], message: /^Loading model$/ }, reason: "overloaded", detail: "loading" },
    { id: "hub-loading", when: { status: [503], message: /^Model \S{1,200} is currently loading/ }, reason: "overloaded", detail: "loading" },
    { id: "ollama-window", when: { status: [429], message: /^you(?:'ve| have) reached your (?:hourly|daily|weekly) usage limit/ }, reason: "usage_limit" },
    { id: "litellm-budget", when: { words: ["budget_exceeded"] }, reason: "billing", detail: "spend_limit" },
  ],
  sentences: [
    {
      id: "too-long",
      when: {
        message:
          /^(?:This (?:model|endpoint)'s maximum context length is \d|Please reduce the length of the messages|Input is too long for |Input token length too long|Prompt exceeds max length|too many tokens:)/,
      },
      reason: "context_length",
    },
    {
      id: "too-long-counted",
      when: {
        message:
          /^(?:(?:the )?request (?:\(\d+ tokens\) )?exceeds the available context size|The input \(\d+ tokens\) is longer than the model's context length|Prompt contains \d+ tokens|The decoder prompt \(length \d+\) is longer than|The prompt is too long: \d|prompt token count of \d+ exceeds the limit of \d|(?:Invalid request: )?Your request exceeded model token limit)/,
      },
      reason: "context_length",
    },
    {
      id: "too-long-validated",
      when: {
        message:
          /^(?:Input validation error: `inputs` (?:tokens \+ `max_new_tokens` )?must (?:have less than|be <=) \d|invalid params, context window exceeds limit|<400> InternalError\.Algo\.InvalidParameter: Range of input length should be|The number of tokens to keep from the initial prompt is greater than the context length|Trying to keep the first \d+ tokens when context)/,
      },
      reason: "context_length",
    },
    {
      id: "model",
      when: {
        status: [404],
        message: /^(?:model ["']\S{1,200}["'] not found|The model `\S{1,200}` does not exist|Model not found|Model \S{1,200} not found)/,
      },
      reason: "model_not_found",
    },
    {
      id: "litellm-model",
      when: { message: /^(?:\{'error': ')?(?:\/chat\/completions|\/v1\/chat\/completions)?:? ?Invalid model name passed in model=/ },
      reason: "model_not_found",
    },
    { id: "lm-studio-address", when: { message: /^Unexpected endpoint or method\./ }, reason: "model_not_found", detail: "address" },
    { id: "key-said", when: { status: [400], message: /^Incorrect API key provided/ }, reason: "auth" },
  ],
};
