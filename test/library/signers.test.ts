import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HttpRequest } from "../../src/kernel/http.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { openSigners } from "../../src/library/signers.ts";
import { type Rig, startRig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig([]);
});
afterAll(() => rig.stop());

async function* bytes(text: string) {
  yield new TextEncoder().encode(text);
}

/** Two vendors of Anthropic's format that sign what they think. The third takes nothing that is signed. */
async function openOver(asked: HttpRequest[]) {
  const provider = (name: string) => ({
    baseUrl: `https://${name}.example`,
    api: "anthropic-messages",
    apiKey: "sk-0123456789abcdef",
    models: [{ id: "m", name: "m" }],
  });
  return rig.open({
    config: { agents: { defaults: { model: "one/m" } }, models: { providers: { one: provider("one"), other: provider("other"), strict: provider("strict") } } },
    host: {
      http: async (request) => {
        asked.push(request);
        const maker = new URL(request.url).hostname.split(".")[0];
        const isRefused = maker === "strict" && request.body?.includes('"signature"') === true;
        const content = [
          { type: "thinking", thinking: "Hm.", signature: `signed by ${maker}` },
          { type: "text", text: "Yes." },
        ];
        const answer = {
          id: "1",
          type: "message",
          role: "assistant",
          model: "m",
          content,
          stop_reason: "end_turn",
          usage: { input_tokens: 1, output_tokens: 1 },
        };
        const error = { type: "error", error: { type: "invalid_request_error", message: "Invalid `signature` in `thinking` block" } };
        return { status: isRefused ? 400 : 200, headers: { "content-type": "application/json" }, body: bytes(JSON.stringify(isRefused ? error : answer)) };
      },
    },
  });
}

const thought = { type: "thinking", thinking: "Hm.", signature: "signed by one" };
const said = { type: "text", text: "Yes." };
const sentTo = (request: HttpRequest | undefined): unknown => JSON.parse(request?.body ?? "{}").messages?.[1]?.content;

describe("reasoning that a vendor signed", () => {
  test("goes back to it, and to nobody else of the same format", async () => {
    const asked: HttpRequest[] = [];
    const box = await openOver(asked);
    const first = await box.chat({ prompt: "Is it?", strict: true });
    const messages = [{ role: "user", content: "Is it?" }, first.message, { role: "user", content: "Sure?" }] as const;
    const same = await box.chat({ messages, strict: true });
    expect([sentTo(asked[1]), same.lost]).toEqual([[thought, said], []]);
    const other = await box.chat({ model: "other/m", messages, strict: true });
    expect([sentTo(asked[2]), other.lost]).toEqual([[said], [{ field: "messages[1].content[0]", how: "lost", why: "another provider signed it" }]]);
    await expect(box.chat({ model: "other/m", messages, strict: true, losses: "refused" })).rejects.toMatchObject({ code: "UPSTREAM_EXHAUSTED" });
  });

  test("is taken out once where a vendor refuses what it did not make", async () => {
    const asked: HttpRequest[] = [];
    const box = await openOver(asked);
    const signature = { dialect: "anthropic-messages", value: "from an earlier day" };
    const messages = [
      { role: "user", content: "Is it?" },
      { role: "assistant", content: [{ kind: "thinking", text: "Hm.", signature }, "Yes."] },
      { role: "user", content: "Sure?" },
    ] as const;
    const { text, lost, attempts } = await box.chat({ model: "strict/m", messages, strict: true });
    expect([text, attempts, asked.map(sentTo)]).toEqual(["Yes.", [], [[{ ...thought, signature: signature.value }, said], [said]]]);
    expect(lost).toEqual([{ field: "messages[1].content[0]", how: "lost", why: "the vendor did not accept what was signed" }]);
  });

  test("text and calls stay, without the signature", () => {
    const signers = openSigners();
    signers.learn(["s1"], toProviderId("one"));
    const signature = { dialect: "google-generate", value: "s1" };
    const call = { kind: "tool_call", id: "1", name: "f", arguments: "{}" } as const;
    const chat = { messages: [{ role: "assistant" as const, content: [{ ...call, signature }] }] };
    expect(signers.fitting(chat, toProviderId("one")).chat).toBe(chat);
    expect(signers.fitting(chat, toProviderId("other"))).toEqual({
      chat: { messages: [{ role: "assistant", content: [call] }] },
      losses: [{ field: "messages[0].content[0]", how: "changed", why: "another provider signed it" }],
    });
  });
});
