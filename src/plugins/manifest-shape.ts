import type { ObjectShape, Shape, ValueOf } from "../config/shape.ts";
import { FAILURE_REASONS } from "../chat/failure.ts";
import { PLUGIN_VERBS } from "../provider/plugin-provider.ts";
import { PROTOCOL_IDS } from "../provider/protocol-id.ts";

const text = { kind: "text" } as const;
const flag = { kind: "flag" } as const;
const texts = { kind: "list", item: text } as const;
const amount = { kind: "number", range: "zero or more" } as const;
const count = { kind: "number", range: "above zero", whole: true } as const;
const modalities = { kind: "list", item: { kind: "choice", options: ["text", "image", "audio", "video", "pdf"] } } as const satisfies Shape;

export const MODEL_SHAPE = {
  kind: "object",
  others: "refused",
  needs: ["id"],
  entries: {
    id: text,
    name: text,
    contextTokens: count,
    outputTokens: count,
    input: modalities,
    output: modalities,
    tools: flag,
    reasoning: flag,
    usdPerMTok: {
      kind: "object",
      others: "refused",
      needs: ["input", "output"],
      entries: { input: amount, output: amount, cacheRead: amount, cacheWrite: amount },
    },
    protocol: { kind: "choice", options: PROTOCOL_IDS },
    releasedOn: text,
    deprecated: flag,
  },
} as const satisfies ObjectShape;

const error = {
  kind: "object",
  others: "refused",
  needs: ["reason"],
  entries: { code: text, status: count, message: text, reason: { kind: "choice", options: FAILURE_REASONS }, detail: text },
} as const satisfies ObjectShape;

const login = {
  kind: "object",
  others: "refused",
  needs: ["id", "kind", "licence"],
  entries: {
    id: text,
    label: text,
    kind: { kind: "choice", options: ["authorization-code", "device-code"] },
    licence: { kind: "choice", options: ["own-client", "vendor-announced", "vendor-tool-only"] },
    standing: text,
    issuer: text,
    authorizeUrl: text,
    deviceUrl: text,
    tokenUrl: text,
    userinfoUrl: text,
    clientId: text,
    clientHowTo: text,
    clientPage: text,
    scopes: texts,
    redirect: {
      kind: "object",
      others: "refused",
      needs: ["host", "path"],
      entries: { host: { kind: "choice", options: ["127.0.0.1", "localhost"] }, port: count, path: text },
    },
  },
} as const satisfies ObjectShape;

const usage = {
  kind: "object",
  others: "refused",
  needs: ["path"],
  entries: {
    below: { kind: "choice", options: ["baseUrl", "origin"] },
    path: text,
    windows: {
      kind: "list",
      item: {
        kind: "object",
        others: "refused",
        needs: ["label"],
        entries: {
          ...{ label: text, in: text, each: text, labelAt: text, usedPercent: text, remainingPercent: text },
          ...{ used: text, limit: text, remaining: text, unit: text, resetsAt: text },
        },
      },
    },
    balances: {
      kind: "list",
      item: { kind: "object", others: "refused", needs: ["amount", "currency"], entries: { each: text, amount: text, currency: text } },
    },
  },
} as const satisfies ObjectShape;

const provider = {
  kind: "object",
  others: "refused",
  needs: ["id", "baseUrl"],
  entries: {
    id: text,
    label: text,
    baseUrl: text,
    protocol: { kind: "choice", options: PROTOCOL_IDS },
    docs: text,
    note: text,
    env: texts,
    keyPage: text,
    keyPrefixes: texts,
    keyless: flag,
    modelsPath: text,
    quirks: {
      kind: "object",
      others: "refused",
      entries: {
        maxTokensField: { kind: "choice", options: ["max_tokens", "max_completion_tokens"] },
        authHeader: { kind: "choice", options: ["bearer", "x-api-key", "api-key", "x-goog-api-key"] },
      },
    },
    models: { kind: "list", item: MODEL_SHAPE },
    errors: { kind: "list", item: error },
    logins: { kind: "list", item: login },
    usage,
  },
} as const satisfies ObjectShape;

/** A manifest of ours. What an older agent's manifest may hold besides is known by name, and not looked at. */
export const MANIFEST_SHAPE = {
  kind: "object",
  others: "refused",
  theirs: ["$schema", "configSchema", "kind", "channels", "skills", "uiHints"],
  needs: ["id", "providers"],
  entries: {
    id: text,
    name: text,
    version: text,
    description: text,
    providers: { kind: "list", item: provider },
    program: {
      kind: "object",
      others: "refused",
      needs: ["command", "verbs"],
      entries: { command: texts, verbs: { kind: "list", item: { kind: "choice", options: PLUGIN_VERBS } } },
    },
  },
} as const satisfies ObjectShape;

export type WrittenManifest = ValueOf<typeof MANIFEST_SHAPE>;
export type WrittenProvider = ValueOf<typeof provider>;
export type WrittenModel = ValueOf<typeof MODEL_SHAPE>;
export type WrittenLogin = ValueOf<typeof login>;
export type WrittenUsage = ValueOf<typeof usage>;
export type WrittenError = ValueOf<typeof error>;
