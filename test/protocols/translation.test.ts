import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatRequest } from "../../src/chat/request.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import { boundField, encodeAs } from "../../src/protocols/translation.ts";
import { model, providerOf } from "./conversation.ts";
import { chatBodies, claudeBodies, responsesBodies } from "./generated-requests.ts";

const BODIES = { "openai-chat": chatBodies, "anthropic-messages": claudeBodies, "openai-responses": responsesBodies } as const;
const DIALECTS = Object.keys(BODIES) as ServedDialect[];
const PAIRS = DIALECTS.flatMap((from) => DIALECTS.filter((to) => to !== from).map((to) => [from, to] as const));

function read(dialect: ServedDialect, body: unknown): ChatRequest {
  const reading = serverProtocols[dialect].readRequest(body);
  if (reading.kind === "wrong") throw new Error(`${dialect}: ${reading.field} ${reading.why}`);
  return reading.chat;
}

function written(dialect: ServedDialect, chat: ChatRequest): { body: unknown; losses: readonly { field: string }[] } {
  const encoding = encodeAs(protocols[dialect], chat, model, providerOf(dialect));
  if (encoding.kind !== "request") throw new Error("no address");
  return { body: JSON.parse(encoding.request.body ?? ""), losses: encoding.losses };
}

/** What a request means, whatever the format puts together: one message a turn, and no settings that say what is usual anyway. */
function meaning({ messages, ...all }: ChatRequest): unknown {
  const settings = { ...all, maxOutputTokens: undefined, extras: undefined };
  const turns: { role: string; content: unknown[] }[] = [];
  for (const { role, content } of messages) {
    const as = role === "developer" ? "system" : role;
    const last = turns.at(-1);
    if (last?.role === as) last.content.push(...content);
    else turns.push({ role: as, content: [...content] });
  }
  return JSON.parse(JSON.stringify({ turns, ...settings }, withoutUsual));
}

/** What no word means too goes without one; arguments count as what they say. */
function withoutUsual(key: string, value: unknown): unknown {
  if (key === "strict" || key === "parallelToolCalls") return undefined;
  if (key === "toolChoice" && JSON.stringify(value) === '{"kind":"auto"}') return undefined;
  return key === "arguments" && typeof value === "string" ? JSON.parse(value || "{}") : value;
}

describe.each(PAIRS)("from %s to %s", (from, to) => {
  test("what is not named as lost or changed arrives, and comes back", () => {
    let whole = 0;
    fc.assert(
      fc.property(BODIES[from], (body) => {
        const chat = read(from, body);
        const there = written(to, chat);
        const arrived = read(to, there.body);
        if (there.losses.length > 0) return;
        whole++;
        expect(meaning(arrived)).toEqual(meaning(chat));
        const back = written(from, arrived);
        expect(back.losses).toEqual([]);
        expect(meaning(read(from, back.body))).toEqual(meaning(chat));
      }),
      { numRuns: 1500, seed: 20261121 },
    );
    expect(whole).toBeGreaterThan(10);
  });

  test("a setting that only the other format has is named", () => {
    const body = { ...fc.sample(BODIES[from], { numRuns: 1, seed: 3 })[0], some_new_setting: 1 };
    expect(written(to, read(from, body)).losses.map(({ field }) => field)).toContain("some_new_setting");
  });
});

test("what is kept at a vendor binds a request to that vendor's format", () => {
  const chat = read("openai-responses", { model: "m", input: "Go on.", previous_response_id: "resp_1" });
  expect(boundField(chat, "openai-chat")).toBe("previous_response_id");
  expect(boundField(chat, "openai-responses")).toBe(undefined);
});
