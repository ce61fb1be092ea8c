import { describe, expect, test } from "vitest";
import { ask } from "../../src/chat/request.ts";
import { toModelId } from "../../src/kernel/ids.ts";
import { addressOf } from "../../src/protocols/address.ts";
import { bedrockConverse } from "../../src/protocols/bedrock-converse/client.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { EncodeOptions } from "../../src/protocols/protocol.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import type { Provider } from "../../src/provider/provider.ts";
import { builtinProviders } from "../../src/providers/index.ts";
import { model, providerOf } from "./conversation.ts";

const chats = builtinProviders.filter(({ serves }) => serves === undefined);
const ACCOUNT = { resource: "mine", region: "eu-central-1", project: "p", location: "europe-west4", accountId: "acc", gatewayId: "gw" };

/** What stands behind the base URL of each format. */
const PATHS: Readonly<Record<ProtocolId, string>> = {
  "openai-chat": "/chat/completions",
  "openai-responses": "/responses",
  "anthropic-messages": "/v1/messages",
  "google-generate": "/models/some-model:generateContent",
  "bedrock-converse": "/model/some-model/converse",
};

function urlFor(provider: Provider, options?: EncodeOptions): unknown {
  const encoding = protocols[provider.protocol].encode(ask("Hi", { maxOutputTokens: 8 }), model, provider, options);
  return encoding.kind === "request" ? encoding.request.url : encoding;
}

describe.each(chats.filter(({ baseUrl }) => baseUrl !== undefined).map((provider) => [provider.id, provider] as const))("%s", (_, provider) => {
  test("is asked below its base URL, without a secret, in JSON", () => {
    const encoding = protocols[provider.protocol].encode(ask("Hi", { maxOutputTokens: 8 }), model, provider);
    const codex = provider.quirks.addressing === "codex-backend" ? "/codex" : "";
    expect(encoding).toMatchObject({ kind: "request", request: { method: "POST", url: `${provider.baseUrl}${codex}${PATHS[provider.protocol]}` } });
    if (encoding.kind !== "request") return;
    expect(Object.keys(encoding.request.headers).filter((name) => /auth|key|cookie|token/.test(name))).toEqual([]);
    const field = provider.quirks.maxTokensField;
    if (field !== undefined) expect(JSON.parse(encoding.request.body ?? "")).toMatchObject({ [field]: 8 });
  });
});

describe("a vendor whose address depends on the account", () => {
  const withoutBase = chats.filter(({ baseUrl, auth }) => baseUrl === undefined && auth.some(({ kind }) => kind !== "delegated"));

  test("is addressed by what is known of the account", () => {
    expect(Object.fromEntries(withoutBase.map((provider) => [provider.id, urlFor(provider, { account: ACCOUNT })]))).toEqual({
      "amazon-bedrock": "https://bedrock-runtime.eu-central-1.amazonaws.com/model/some-model/converse",
      "azure-openai": "https://mine.openai.azure.com/openai/deployments/some-model/chat/completions?api-version=2024-10-21",
      "cloudflare-ai-gateway": "https://gateway.ai.cloudflare.com/v1/acc/gw/anthropic/v1/messages",
      "cloudflare-workers-ai": "https://api.cloudflare.com/client/v4/accounts/acc/ai/v1/chat/completions",
      "google-vertex":
        "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google/models/some-model:generateContent",
    });
  });

  test("says what has to be known first", () => {
    const missing = (provider: Provider): unknown => {
      const address = addressOf(provider, { account: { accountId: "" } });
      return address.kind === "missing" ? address.missing : address.base;
    };
    expect(Object.fromEntries(withoutBase.map((provider) => [provider.id, missing(provider)]))).toEqual({
      "amazon-bedrock": ["region"],
      "azure-openai": ["resource"],
      "cloudflare-ai-gateway": ["accountId", "gatewayId"],
      "cloudflare-workers-ai": ["accountId"],
      // Without a project: express mode, with a key.
      "google-vertex": "https://aiplatform.googleapis.com/v1/publishers/google",
    });
  });

  test("is addressed by a base URL of the user's own before all else", () => {
    for (const provider of withoutBase)
      expect([provider.id, String(urlFor({ ...provider, baseUrl: "http://127.0.0.1:9/" })).startsWith("http://127.0.0.1:9/")]).toEqual([provider.id, true]);
  });
});

test("programs that answer by themselves have no address", () => {
  const programs = chats.filter(({ baseUrl, auth }) => baseUrl === undefined && auth.every(({ kind }) => kind === "delegated"));
  for (const provider of programs) expect(urlFor(provider)).toEqual({ kind: "unaddressed", missing: ["baseUrl"] });
});

test("nothing of an account, and no model's name, leads to another host or path", () => {
  const evil = { resource: "evil.example/x?", accountId: "..", gatewayId: "a/b#", region: "x.evil.example/", project: "../x", location: "us@evil.example" };
  const withoutBase = chats.filter(({ quirks, baseUrl }) => quirks.addressing !== undefined && baseUrl === undefined);
  expect(Object.fromEntries(withoutBase.map((provider) => [provider.id, urlFor(provider, { account: evil })]))).toEqual({
    "amazon-bedrock": { kind: "unaddressed", missing: ["region"] },
    "azure-openai": { kind: "unaddressed", missing: ["resource"] },
    "cloudflare-ai-gateway": "https://gateway.ai.cloudflare.com/v1/%252E%252E/a%2Fb%23/anthropic/v1/messages",
    "cloudflare-workers-ai": "https://api.cloudflare.com/client/v4/accounts/%252E%252E/ai/v1/chat/completions",
    "google-vertex": { kind: "unaddressed", missing: ["location"] },
  });
  const dots = bedrockConverse.encode(ask("Hi"), toModelId(".."), providerOf("bedrock-converse"));
  expect(dots.kind === "request" && new URL(dots.request.url).pathname).toBe("/v1/model/%252E%252E/converse");
});

test("slashes at the end of a base URL are not doubled", () => {
  expect(addressOf(providerOf("openai-chat", { baseUrl: "https://a.example/v1//" }))).toEqual({ kind: "address", base: "https://a.example/v1", query: {} });
});
