import fc from "fast-check";

/** Bodies as callers write them, in all spellings that a format allows. */
type Json = Record<string, unknown>;

const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,12}$/);
const base64 = fc.constantFrom("aGVsbG8=", "iVBORw0KGgo=");
const url = fc.constantFrom("https://example.com/a.png", "https://example.com/b.jpg");
const schema = fc.constantFrom<Json>(
  { type: "object", properties: {} },
  { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
);
const input = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(words, fc.integer(), fc.boolean()), { maxKeys: 3 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const stated = (value: object): Json => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
const settings = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([key, arbitrary]) => [key, optional(arbitrary)]))).map(stated);
const fraction = fc.constantFrom(0, 0.25, 0.5, 1);
const mark = optional(fc.constantFrom<Json>({ type: "ephemeral" }, { type: "ephemeral", ttl: "1h" })).map((found) =>
  found === undefined ? {} : { cache_control: found },
);

/** Turns in order: what a user says, then what the model says, with calls that are answered at once. */
function turns(user: fc.Arbitrary<Json>, model: fc.Arbitrary<readonly Json[]>): fc.Arbitrary<Json[]> {
  return fc.array(fc.tuple(user, model), { minLength: 1, maxLength: 3 }).map((all) => all.flatMap(([asked, said]) => [asked, ...said]));
}

// OpenAI Chat Completions

const chatUserPart = fc.oneof(
  words.map((text) => ({ type: "text", text })),
  fc.record({ type: fc.constant("image_url"), image_url: fc.record({ url, detail: optional(fc.constantFrom("low", "high")) }).map(stated) }),
  base64.map((data) => ({ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } })),
  base64.map((data) => ({ type: "input_audio", input_audio: { data, format: "wav" } })),
  base64.map((data) => ({ type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${data}` } })),
);
const chatCalls = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1 }).map((n) => `call_${n}`), name, input }), {
  minLength: 1,
  maxLength: 2,
  selector: ({ id }) => id,
});
const chatSaid = fc.oneof(
  words.map((content): Json[] => [{ role: "assistant", content }]),
  words.map((refusal): Json[] => [{ role: "assistant", content: [{ type: "refusal", refusal }] }]),
  fc.tuple(words, words).map(([content, later]): Json[] => [
    { role: "assistant", content },
    { role: "system", content: later },
  ]),
  fc.tuple(optional(words), chatCalls, fc.array(words, { minLength: 2, maxLength: 2 })).map(([content = null, calls, results]): Json[] => [
    {
      role: "assistant",
      content,
      tool_calls: calls.map(({ id, name: tool, input: given }) => ({ id, type: "function", function: { name: tool, arguments: JSON.stringify(given) } })),
    },
    ...calls.map(({ id }, i) => ({ role: "tool", tool_call_id: id, content: results[i] ?? "" })),
  ]),
);

export const chatBodies: fc.Arbitrary<Json> = fc
  .tuple(
    optional(
      fc.record({
        role: fc.constantFrom("system", "developer"),
        content: fc.oneof(
          words,
          words.map((text) => [{ type: "text", text }]),
        ),
      }),
    ),
    turns(
      fc
        .tuple(fc.oneof(words, fc.array(chatUserPart, { minLength: 1, maxLength: 3 })), seldom(name))
        .map(([content, called]): Json => stated({ role: "user", content, name: called })),
      chatSaid,
    ),
    settings({
      temperature: fraction,
      top_p: fraction,
      seed: fc.integer({ min: 0, max: 99 }),
      frequency_penalty: fraction,
      max_completion_tokens: fc.integer({ min: 1, max: 999 }),
      stop: fc.oneof(words, fc.array(words, { minLength: 1, maxLength: 3 })),
      reasoning_effort: fc.constantFrom("none", "minimal", "low", "xhigh"),
      response_format: fc.oneof(
        fc.constant({ type: "json_object" }),
        schema.map((found) => ({ type: "json_schema", json_schema: { name: "x", schema: found, strict: true } })),
      ),
      user: words,
      parallel_tool_calls: fc.boolean(),
      tools: fc
        .array(fc.record({ name, parameters: schema, description: words }), { minLength: 1, maxLength: 2 })
        .map((all) => all.map((tool) => ({ type: "function", function: tool }))),
      tool_choice: fc.oneof(
        fc.constantFrom("auto", "none", "required"),
        name.map((tool) => ({ type: "function", function: { name: tool } })),
      ),
      stream: fc.constant(true),
      // What the one language has no word for.
      logprobs: fc.constant(true),
      metadata: fc.constant({ a: "b" }),
    }),
  )
  .map(([system, messages, more]) => ({
    model: "m",
    messages: [...(system === undefined ? [] : [system]), ...messages],
    // Without tools both are refused there.
    ...("tool_choice" in more || "parallel_tool_calls" in more
      ? { tools: [{ type: "function", function: { name: "x", parameters: { type: "object" } } }] }
      : {}),
    ...more,
  }));

// Anthropic Messages

const imageSource = fc.oneof(
  url.map((found) => ({ type: "url", url: found })),
  base64.map((data) => ({ type: "base64", media_type: "image/png", data })),
);
const claudeText = fc.tuple(words, mark).map(([text, cache]): Json => ({ type: "text", text, ...cache }));
const claudeUserPart = fc.oneof(
  claudeText,
  fc.tuple(imageSource, mark).map(([source, cache]): Json => ({ type: "image", source, ...cache })),
  base64.map((data): Json => ({ type: "document", source: { type: "base64", media_type: "application/pdf", data }, title: "a.pdf" })),
  base64.map((data): Json => ({ type: "document", source: { type: "base64", media_type: "application/pdf", data } })),
  url.map((found): Json => ({ type: "document", source: { type: "url", url: found } })),
  fc.tuple(words, mark).map(([data, cache]): Json => ({ type: "document", source: { type: "text", media_type: "text/plain", data }, ...cache })),
);
const claudeUser = fc.oneof(words, fc.array(claudeUserPart, { minLength: 1, maxLength: 3 })).map((content): Json => ({ role: "user", content }));
const claudeCalls = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1 }).map((n) => `toolu_${n}`), name, input }), {
  minLength: 1,
  maxLength: 2,
  selector: ({ id }) => id,
});
const claudeThought = fc.oneof(
  words.map((thinking): Json => ({ type: "thinking", thinking, signature: "c2ln" })),
  fc.constant<Json>({ type: "redacted_thinking", data: "c2VjcmV0" }),
);
const claudeResult = fc.record({ text: words, more: optional(words), fails: fc.boolean(), image: optional(imageSource), page: optional(words) });
const claudeSaid = fc.oneof(
  words.map((content): Json[] => [{ role: "assistant", content }]),
  fc
    .tuple(optional(claudeThought), optional(claudeText), claudeCalls, fc.array(claudeResult, { minLength: 2, maxLength: 2 }), optional(words))
    .map(([thought, text, calls, results, after]): Json[] => [
      { role: "assistant", content: [thought, text, ...calls.map((call) => ({ type: "tool_use", ...call }))].filter((part) => part !== undefined) },
      {
        role: "user",
        content: [
          ...calls.map(({ id }, i) => {
            const { text: said = "x", more, fails = false, image, page } = results[i] ?? {};
            const content = [
              { type: "text", text: said },
              ...(image === undefined ? [] : [{ type: "image", source: image }]),
              ...(page === undefined ? [] : [{ type: "document", source: { type: "text", media_type: "text/plain", data: page } }]),
              ...(more === undefined ? [] : [{ type: "text", text: more }]),
            ];
            return { type: "tool_result", tool_use_id: id, content, ...(fails ? { is_error: true } : {}) };
          }),
          ...(after === undefined ? [] : [{ type: "text", text: after }]),
        ],
      },
      { role: "assistant", content: "Done." },
    ]),
);

function isReasoning({ thinking }: Json): boolean {
  return thinking !== undefined && (thinking as Json)["type"] !== "disabled";
}

function output(config: Json, effort: unknown): Json {
  const all = stated({ ...config, effort });
  return Object.keys(all).length === 0 ? {} : { output_config: all };
}

export const claudeBodies: fc.Arbitrary<Json> = fc
  .tuple(
    optional(fc.oneof(words, fc.array(claudeText, { minLength: 1, maxLength: 2 }))),
    turns(claudeUser, claudeSaid),
    settings({
      temperature: fraction,
      top_p: fraction,
      top_k: fc.integer({ min: 1, max: 99 }),
      // White space alone is refused there.
      stop_sequences: fc.array(
        words.filter((text) => text.trim() !== ""),
        { minLength: 1, maxLength: 3 },
      ),
      metadata: words.map((user_id) => ({ user_id })),
      thinking: fc.constantFrom<Json>({ type: "disabled" }, { type: "enabled", budget_tokens: 2048 }, { type: "adaptive" }),
      tools: fc
        .array(fc.tuple(name, schema, words, mark), { minLength: 1, maxLength: 2 })
        .map((all) => all.map(([tool, input_schema, description, cache]) => ({ name: tool, input_schema, description, ...cache }))),
      stream: fc.constant(true),
      service_tier: fc.constant("auto"),
    }),
    fc.constantFrom<Json | undefined>(
      undefined,
      { type: "auto" },
      { type: "any", disable_parallel_tool_use: true },
      { type: "tool", name: "x" },
      { type: "none" },
    ),
    settings({ effort: fc.constantFrom("low", "max"), format: schema.map((found) => ({ type: "json_schema", schema: found })) }),
  )
  .map(([system, messages, more, tool_choice, { effort, ...config }]) => ({
    model: "m",
    max_tokens: 4096,
    ...(system === undefined ? {} : { system }),
    messages,
    ...more,
    ...output(config, isReasoning(more) ? effort : undefined),
    // A choice without tools is refused there.
    ...(tool_choice === undefined || !("tools" in more) ? {} : { tool_choice }),
  }));

// OpenAI Responses

const inputPart = fc.oneof(
  words.map((text) => ({ type: "input_text", text })),
  fc.record({ type: fc.constant("input_image"), image_url: url, detail: fc.constantFrom("auto", "low") }),
  base64.map((data) => ({ type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${data}` })),
  url.map((found) => ({ type: "input_file", file_url: found })),
);
const responsesUser = fc
  .tuple(fc.oneof(words, fc.array(inputPart, { minLength: 1, maxLength: 3 })), fc.boolean())
  .map(([content, typed]): Json => ({ ...(typed ? { type: "message" } : {}), role: "user", content }));
const seen = (text = ""): Json[] => [
  { type: "input_text", text },
  { type: "input_image", detail: "auto", image_url: "https://example.com/a.png" },
];
const responsesSaid = fc.oneof(
  words.map((text): Json[] => [{ type: "message", role: "assistant", content: [{ type: "output_text", text }] }]),
  fc
    .tuple(optional(words), chatCalls, fc.array(words, { minLength: 2, maxLength: 2 }), fc.boolean())
    .map(([thought, calls, results, shows]): Json[] => [
      ...(thought === undefined ? [] : [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: thought }], encrypted_content: "c2ln" }]),
      ...calls.map(({ id, name: tool, input: given }) => ({ type: "function_call", call_id: id, name: tool, arguments: JSON.stringify(given) })),
      ...calls.map(({ id }, i) => ({ type: "function_call_output", call_id: id, output: shows ? seen(results[i]) : (results[i] ?? "") })),
    ]),
);

export const responsesBodies: fc.Arbitrary<Json> = fc
  .tuple(
    fc.oneof(words, turns(responsesUser, responsesSaid)),
    settings({
      instructions: words,
      temperature: fraction,
      top_p: fraction,
      max_output_tokens: fc.integer({ min: 16, max: 999 }),
      reasoning: fc.constantFrom<Json>({ effort: "none" }, { effort: "low" }, { effort: "high", summary: "auto" }),
      text: fc.oneof(
        fc.constant({ format: { type: "json_object" } }),
        schema.map((found) => ({ format: { type: "json_schema", name: "x", schema: found, strict: true } })),
      ),
      user: words,
      parallel_tool_calls: fc.boolean(),
      tools: fc
        .array(fc.record({ name, parameters: schema, description: words, strict: fc.boolean() }), { minLength: 1, maxLength: 2 })
        .map((all) => all.map((tool) => ({ type: "function", ...tool }))),
      tool_choice: fc.oneof(
        fc.constantFrom("auto", "none", "required"),
        name.map((tool) => ({ type: "function", name: tool })),
      ),
      stream: fc.constant(true),
      metadata: fc.constant({ a: "b" }),
    }),
  )
  .map(([given, more]) => ({
    model: "m",
    input: given,
    // A choice without tools is refused there.
    ...("tool_choice" in more ? { tools: [{ type: "function", name: "x", parameters: { type: "object" }, strict: false }] } : {}),
    ...more,
  }));
