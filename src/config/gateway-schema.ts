import type { ObjectShape } from "./shape.ts";

const text = { kind: "text" } as const;
const whole = { kind: "number", range: "zero or more", whole: true } as const;
const count = { kind: "number", range: "above zero", whole: true } as const;
const milliseconds = count;
const LONGER = "Default 60000; 300000 for a model that reasons, 120000 for an answer in one piece.";

/** Ours are `streams`, `timeouts`, `limits`, `translation`, `reasoning` and `modelNames`. The agents' own gateway shares the section, and its tokens are none of our business. */
export const gateway = {
  kind: "object",
  others: "refused",
  theirs: [
    ...["allowRealIpFallback", "allowTailscale", "auth", "bind", "channelHealthCheckMinutes", "controlUi", "customBindHost", "enabled", "host", "http"],
    ...["mode", "nodes", "password", "port", "reload", "remote", "tailscale", "tls", "token", "tools", "trustedProxies"],
  ],
  entries: {
    streams: {
      kind: "object",
      others: "refused",
      entries: {
        onCut: {
          kind: "choice",
          about:
            "What follows when a streamed answer breaks off: an honest error (the default), or the next model goes on with the same words, where it is plain text; else the error.",
          options: ["error", "continue"],
        },
      },
    },
    timeouts: {
      kind: "object",
      about: "Milliseconds.",
      others: "refused",
      entries: {
        connectMs: { ...milliseconds, about: "Name, connection and TLS, of each attempt. Default 10000." },
        firstByteMs: { ...milliseconds, about: `From the request to the headers of the answer. ${LONGER}` },
        firstTokenMs: { ...milliseconds, about: `From the request to the first content. ${LONGER}` },
        idleMs: { ...milliseconds, about: "Between two pieces of an answer. Default 60000." },
        totalMs: { ...milliseconds, about: "A whole answer. Default 1800000." },
        attemptsMs: {
          ...milliseconds,
          about: "All attempts of one request together, up to the first content. Default 120000; never less than one attempt may take.",
        },
      },
    },
    limits: {
      kind: "object",
      others: "refused",
      entries: {
        concurrency: { ...count, about: "Requests that are answered at the same time. Default 32." },
        queue: { ...whole, about: "Requests that wait for their turn; more are refused. Default 64." },
        connections: { ...count, about: "Connections of clients. Default 256." },
        bodyBytes: { ...count, about: "The body of a request. Default 33554432." },
        streamBytes: { ...count, about: "One streamed answer. Default 268435456." },
        attempts: { ...count, about: "Attempts of one request. Default 6." },
        attemptsPerProvider: { ...count, about: "Attempts of one request at one provider. Default 3." },
      },
    },
    translation: {
      kind: "choice",
      about:
        "What becomes of a request that loses something in another wire format: it is sent and the loss named (the default), the next model is asked (refuse), or models of other formats are never asked (off).",
      options: ["name", "refuse", "off"],
    },
    reasoning: {
      kind: "choice",
      about:
        "What becomes of reasoning that another account, model or vendor signed, where a conversation changes over: it is left out and named (drop, the default), or goes on as plain text (text).",
      options: ["drop", "text"],
    },
    modelNames: {
      kind: "map",
      about: "What the bare model names of clients mean: a name, in which * stands for anything, to a model reference, an alias, `default` or `agent:<id>`.",
      value: text,
    },
  },
} as const satisfies ObjectShape;

/** How accounts and fallbacks are chosen. */
export const routing = {
  kind: "object",
  about: "How accounts and fallbacks are chosen.",
  others: "refused",
  entries: {
    neverPaid: { kind: "flag", about: "Fallbacks that cost money are never asked: only a model that was asked for, or the default. Default false." },
    dailyUsd: {
      kind: "map",
      about: "US dollars that may be spent a day (UTC), by provider/model or provider/*. At that sum the next model is asked.",
      value: { kind: "number", range: "zero or more" },
    },
    reservePercent: { kind: "number", range: "zero or more", about: "An account with no more than this left of a usage window comes last. Default 5." },
    contentPolicyFallbacks: {
      kind: "list",
      about: "Models that are asked where a vendor's filter stopped a request, fallbacks or others. Without them it stays stopped.",
      item: text,
    },
    formatFallbacks: {
      kind: "list",
      about: "Models that are asked where a vendor took a request for wrong, fallbacks or others. Without them the caller gets the error at once.",
      item: text,
    },
  },
} as const satisfies ObjectShape;
