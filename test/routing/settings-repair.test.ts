import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { ask, type ChatRequest } from "../../src/chat/request.ts";
import type { Tried } from "../../src/routing/run-types.ts";
import { withoutRefused, withoutSetting } from "../../src/routing/settings-repair.ts";
import type { Fitted } from "../../src/routing/signed-chat.ts";

const chat: ChatRequest = ask("hi", { sampling: { temperature: 0.2, topP: 0.9 }, stopSequences: ["###"] });
const refusal = (message: string): UpstreamFailure => ({ reason: "format", message, rule: "test" });
const lostBy = (message: string): string[] | undefined => withoutSetting({ chat, losses: [] }, refusal(message))?.losses.map(({ field }) => field);

describe("a setting that a model does not have", () => {
  test.each([
    ["Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", ["sampling.temperature"]],
    ["`temperature` is deprecated for this model.", ["sampling.temperature"]],
    ["Unsupported parameter: 'top_p' is not supported with this model.", ["sampling.topP"]],
    ["`temperature` and `top_p` cannot both be specified for this model. Please use only one.", ["sampling.topP"]],
    ["Unsupported parameter: 'stop' is not supported with this model.", ["stopSequences"]],
    ["Unsupported parameter: 'seed' is not supported with this model.", undefined],
    ["Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 9 instead.", undefined],
    ["messages: at least one message is required", undefined],
  ])("%s", (message, lost) => {
    expect(lostBy(message)).toEqual(lost);
  });

  test("is left out and nothing else", () => {
    const less = withoutSetting({ chat, losses: [] }, refusal("`temperature` is deprecated for this model."));
    expect(less?.chat).toEqual(ask("hi", { sampling: { topP: 0.9 }, stopSequences: ["###"] }));
  });

  test("is a matter of refused requests alone", () => {
    expect(withoutSetting({ chat, losses: [] }, { reason: "rate_limit", message: "temperature is not supported", rule: "test" })).toBe(undefined);
  });
});

describe("asking once more", () => {
  const model = (refuses: (chat: ChatRequest) => string | undefined) => {
    const asked: Fitted[] = [];
    const one = async (fitted: Fitted): Promise<Tried<readonly string[]>> => {
      asked.push(fitted);
      const message = refuses(fitted.chat);
      return message === undefined ? { kind: "opened", value: fitted.losses.map(({ field }) => field) } : { kind: "refused", failure: refusal(message) };
    };
    return { asked, ask: withoutRefused(one) };
  };

  test("leaves out one after the other, and names all", async () => {
    const { ask: askLess, asked } = model(({ sampling = {} }) => {
      if (sampling.temperature !== undefined) return "Unsupported value: 'temperature'";
      return sampling.topP === undefined ? undefined : "Unsupported parameter: 'top_p'";
    });
    expect(await askLess({ chat, losses: [] })).toEqual({ kind: "opened", value: ["sampling.temperature", "sampling.topP"] });
    expect(asked.length).toBe(3);
  });

  test("renames calls and their results alike for who wants nine letters", async () => {
    const calls: ChatRequest = {
      messages: [
        { role: "user", content: [{ kind: "text", text: "Look." }] },
        { role: "assistant", content: [{ kind: "tool_call", id: "toolu_01A9", name: "look", arguments: "{}" }] },
        { role: "tool", content: [{ kind: "tool_result", callId: "toolu_01A9", content: [{ kind: "text", text: "A cat." }] }] },
      ],
    };
    const { ask: askLess, asked } = model(({ messages }) =>
      JSON.stringify(messages).includes("toolu_") ? "Tool call id was toolu_01A9 but must be a-z, A-Z, 0-9, with a length of 9." : undefined,
    );
    expect(await askLess({ chat: calls, losses: [] })).toEqual({ kind: "opened", value: [] });
    const ids = JSON.stringify(asked.at(-1)?.chat).match(/(?<="(?:id|callId)":")[^"]+/g);
    expect(ids).toEqual([expect.stringMatching(/^[a-z0-9]{9}$/), ids?.[0]]);
  });

  test("tells the first refusal where it helps nothing", async () => {
    const { ask: askLess, asked } = model(({ sampling = {} }) =>
      sampling.temperature === undefined ? "The moon is not right." : "Unsupported: 'temperature'",
    );
    expect(await askLess({ chat, losses: [] })).toEqual({ kind: "refused", failure: refusal("Unsupported: 'temperature'") });
    expect(asked.length).toBe(2);
  });

  test("asks a model that takes everything once", async () => {
    const { ask: askLess, asked } = model(() => undefined);
    await askLess({ chat, losses: [] });
    expect(asked.length).toBe(1);
  });
});
