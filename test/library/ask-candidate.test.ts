import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeHost } from "../../src/host/node.ts";
import type { HttpRequest } from "../../src/kernel/http.ts";
import type { StopSignal } from "../../src/kernel/stop-signal.ts";
import type { StreamEvent } from "../../src/library/conversation.ts";
import { type Rig, startRig } from "./rig.ts";

/** Every fault of the gateway's own tests, with a fallback of another format. */
const BEFORE = [
  ...["auth", "billing", "limited", "storm", "hostile_limit", "down", "error500", "error502", "overloaded", "redirect", "html", "html200", "error200"],
  ...[
    "empty200",
    "reset",
    "close",
    "silent",
    "headers_then_silent",
    "preamble_then_silent",
    "preamble_then_cut",
    "preamble_then_end",
    "preamble_then_error",
    "not_http",
  ],
];
const AFTER = ["content_then_cut", "content_then_end", "content_then_error", "content_then_silent"];
const HARMLESS = ["garbage_between", "no_done", "no_blank_line", "crlf", "cr", "torn", "gzip", "http10", "whole_for_stream", "stream_for_whole"];
const SAID = "Hello wörld";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(["good", "format", ...BEFORE, ...AFTER, ...HARMLESS]);
});
afterAll(() => rig.stop());

function chainOf(behaviour: string): object {
  return rig.config([`${behaviour.replaceAll("_", "-")}-chat/m`, "good-ant/m"]);
}

async function streamed(behaviour: string): Promise<{ text: string; end: StreamEvent | undefined; servedBy: string }> {
  const box = await rig.open({ config: chainOf(behaviour) });
  let [text, servedBy, end]: [string, string, StreamEvent | undefined] = ["", "", undefined];
  for await (const event of box.stream({ prompt: "hi" })) {
    if (event.kind === "opened") servedBy = event.servedBy.model;
    if (event.kind === "text") text += event.text;
    end = event;
  }
  return { text, end, servedBy };
}

describe.each([...BEFORE, ...AFTER])("%s", (behaviour) => {
  test("an answer in one piece comes whole from the fallback", async () => {
    const box = await rig.open({ config: chainOf(behaviour) });
    const { text, servedBy, attempts } = await box.chat({ prompt: "hi" });
    expect([text, servedBy.model, attempts.length > 0]).toEqual([SAID, "good-ant/m", true]);
    expect(rig.vendors.get(behaviour)?.count(behaviour)).toBeGreaterThan(0);
  });
});

describe("a stream", () => {
  test.each(BEFORE)("before the first content %s is not seen", async (behaviour) => {
    const { text, end, servedBy } = await streamed(behaviour);
    expect([text, end?.kind, servedBy]).toEqual([SAID, "done", "good-ant/m"]);
  });

  test.each(AFTER)("after it %s is told", async (behaviour) => {
    const { end, servedBy } = await streamed(behaviour);
    expect([end?.kind, servedBy]).toEqual(["failed", `${behaviour.replaceAll("_", "-")}-chat/m`]);
  });

  test.each(HARMLESS)("%s harms nothing", async (behaviour) => {
    const { text, end, servedBy } = await streamed(behaviour);
    expect([text, end?.kind, servedBy]).toEqual([SAID, "done", `${behaviour.replaceAll("_", "-")}-chat/m`]);
  });
});

test("a refusal of what we wrote in a vendor's format is no verdict on the request: the next model is asked", async () => {
  const box = await rig.open({ config: chainOf("format") });
  const { text, servedBy, attempts } = await box.chat({ prompt: "hi" });
  expect([text, servedBy.model, attempts.map(({ model, reason, detail }) => [model, reason, detail])]).toEqual([
    SAID,
    "good-ant/m",
    [["format-chat/m", "format", "translated"]],
  ]);
});

async function* bytes(text: string) {
  yield new TextEncoder().encode(text);
}

test("an answer in one piece is not waited for while its vendor writes nothing but signs of life", async () => {
  const { http } = nodeHost("nowhere");
  const box = await rig.open({
    config: rig.config(["silent-chat/m", "good-ant/m"], { gateway: { timeouts: { firstTokenMs: 200 } } }),
    host: {
      http: async (request, signal, deadlines) => {
        if (!request.url.includes("/silent/")) return http(request, signal, deadlines);
        return { status: 200, headers: { "content-type": "application/json" }, body: signsOfLife(signal) };
      },
    },
  });
  const { servedBy, attempts } = await box.chat({ prompt: "hi" });
  expect([servedBy.model, attempts]).toMatchObject(["good-ant/m", [{ model: "silent-chat/m", reason: "timeout" }]]);
});

test("a stream that is silent for as long as all may take together leaves time to who takes over", async () => {
  const gateway = { timeouts: { firstTokenMs: 600, attemptsMs: 600 } };
  const box = await rig.open({ config: rig.config(["silent-chat/m", "good-ant/m"], { gateway }) });
  let served: string | undefined;
  for await (const event of box.stream({ prompt: "hi" })) if (event.kind === "opened") served = event.servedBy.model;
  expect(served).toBe("good-ant/m");
});

test("an answer in one piece is waited for, though another one could take over", async () => {
  const waits: number[] = [];
  const host = nodeHost("nowhere");
  const box = await rig.open({
    config: rig.config(["silent-chat/m", "good-ant/m"], { gateway: { timeouts: { firstTokenMs: 600, attemptsMs: 600 } } }),
    host: { wait: (ms, signal) => (waits.push(ms), host.wait(ms, signal)), monotonicMs: () => 0 },
  });
  await box.chat({ prompt: "hi" }, { signal: AbortSignal.timeout(5000) });
  expect(waits[0]).toBe(600);
});

test("who is the last has all the time that there is, however many accounts of its model there are", async () => {
  const waits: number[] = [];
  const host = nodeHost("nowhere");
  const box = await rig.open({
    config: rig.config(["silent-chat/m"], { gateway: { timeouts: { firstTokenMs: 600, attemptsMs: 600 } } }),
    credentials: { "silent-chat:a": "sk-0123456789abcdef-a", "silent-chat:b": "sk-0123456789abcdef-b" },
    host: { wait: (ms, signal) => (waits.push(ms), host.wait(ms, signal)), monotonicMs: () => 0 },
  });
  await expect(box.chat({ prompt: "hi" }, { signal: AbortSignal.timeout(5000) })).rejects.toMatchObject({ code: "UPSTREAM_EXHAUSTED" });
  expect(waits).toContain(600);
  expect(waits).not.toContain(300);
});

async function* signsOfLife(signal: StopSignal) {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    yield new TextEncoder().encode(" ");
  }
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
    expect([sentTo(asked[2]), other.lost]).toEqual([[said], [{ field: "messages[1].content[0]", how: "lost", why: "another route signed it" }]]);
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
    expect(attempts).toMatchObject([{ model: "strict/m", reason: "format", without: ["messages[1].content[0]"] }]);
    expect([text, asked.map(sentTo)]).toEqual(["Yes.", [[{ ...thought, signature: signature.value }, said], [said]]]);
    expect(lost).toEqual([{ field: "messages[1].content[0]", how: "lost", why: "the vendor did not accept what was signed" }]);
  });
});
