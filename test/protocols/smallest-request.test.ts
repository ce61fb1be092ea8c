import { describe, expect, test } from "vitest";
import { protocols } from "../../src/protocols/index.ts";
import { type AskedKind, smallestRequest } from "../../src/protocols/smallest-request.ts";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";
import { builtinProviders } from "../../src/providers/index.ts";
import { model, providerOf } from "./conversation.ts";

const ACCOUNT = { resource: "mine", region: "eu-central-1", accountId: "acc", gatewayId: "gw" };
const KINDS: readonly AskedKind[] = ["chat", "reasoning", "embedding", "rerank"];

test.each(PROTOCOL_IDS)("%s is asked in at most 600 bytes, and not streamed", (id) => {
  for (const provider of [providerOf(id), ...builtinProviders.filter(({ protocol }) => protocol === id)]) {
    for (const kind of KINDS) {
      const asked = smallestRequest(kind, { protocol: protocols[id], model, provider, options: { account: ACCOUNT }, outputTokens: 8 });
      if (asked.kind === "unsupported" || asked.encoding.kind === "unaddressed") continue;
      const body = asked.encoding.request.body ?? "";
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(600);
      // ChatGPT's own endpoint answers with streams only.
      if (provider.quirks.addressing !== "codex-backend") expect(body).not.toContain('"stream"');
    }
  }
});

describe("the limit of the answer", () => {
  const limit = (id: (typeof PROTOCOL_IDS)[number], kind: AskedKind, outputTokens: number): unknown => {
    const asked = smallestRequest(kind, { protocol: protocols[id], model, provider: providerOf(id), outputTokens });
    return asked.kind === "asked" ? [asked.outputTokens, asked.isRaised] : asked.kind;
  };

  test("is what was wished for, or what the format or a model that reasons needs at least", () => {
    expect(PROTOCOL_IDS.map((id) => [id, limit(id, "chat", 8), limit(id, "reasoning", 8)])).toEqual([
      ["openai-chat", [8, false], [256, true]],
      ["openai-responses", [16, true], [16, true]],
      ["anthropic-messages", [8, false], [8, false]],
      ["google-generate", [8, false], [8, false]],
      ["bedrock-converse", [8, false], [8, false]],
    ]);
    expect(limit("openai-responses", "chat", 32)).toEqual([32, false]);
    expect(limit("openai-chat", "reasoning", 1000)).toEqual([1000, false]);
  });

  test("does not concern what answers with numbers", () => {
    expect(PROTOCOL_IDS.map((id) => [id, limit(id, "embedding", 8), limit(id, "rerank", 8)])).toEqual([
      ["openai-chat", [undefined, false], [undefined, false]],
      ["openai-responses", [undefined, false], "unsupported"],
      ["anthropic-messages", "unsupported", "unsupported"],
      ["google-generate", [undefined, false], "unsupported"],
      ["bedrock-converse", "unsupported", "unsupported"],
    ]);
  });
});
