import { describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/chat/event.ts";
import { streamEnds } from "../../src/gateway/dialect.ts";
import { tellCut } from "../../src/gateway/tell-failure.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";

const DIALECTS = Object.keys(serverProtocols) as ServedDialect[];
const head = { id: "1", model: "groq/llama", createdSeconds: 1_795_000_000, wantsUsage: true };

async function* inOnePiece(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

describe.each(DIALECTS)("a stream in %s", (dialect) => {
  test("ends, when its vendor fails on the way, in an error and without its good end", async () => {
    const begun = serverProtocols[dialect].createWriter(head).event({ kind: "text", block: 0, text: "Hel" });
    const error = streamEnds(dialect, "req_1", tellCut).error({ reason: "overloaded", message: "busy", rule: "test" });
    const text = begun + new TextDecoder().decode(error);
    expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed/);
    const events: ChatEvent[] = [];
    const response = { status: 200, headers: { "content-type": "text/event-stream" }, body: inOnePiece(text) };
    for await (const event of protocols[dialect].decode(response, { providerId: "openai" })) events.push(event);
    expect(events.find(({ kind }) => kind === "text")).toEqual({ kind: "text", block: 0, text: "Hel" });
    expect(events.at(-1)).toMatchObject({ kind: "failed", failure: { message: "the vendor is overloaded" } });
  });
});
