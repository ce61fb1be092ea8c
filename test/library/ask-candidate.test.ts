import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
  rig = await startRig(["good", ...BEFORE, ...AFTER, ...HARMLESS]);
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
