import { describe, expect, test } from "vitest";
import { CONFIG, json, keep, LAB_STORE, STORE, storeText } from "./keeping.ts";

const MACHINE = { files: { [STORE]: storeText(["openai:work", "groq:x"]) } };

describe("models auth order clear", () => {
  test("takes the order out, and says who is asked now", async () => {
    const files = { [STORE]: storeText(["openai:work", "openai:home"], { order: { openai: ["openai:home"], groq: ["groq:x"] } }) };
    const { exit, out, written } = await keep({ files }, "models auth order clear --provider openai");
    expect(exit).toBe(0);
    expect(out).toContain("Order override:  (none)\nDecided by:      nobody: logins, tokens, keys; the longest unused first\n");
    expect(JSON.parse(written(STORE) ?? "").order).toEqual({ groq: ["groq:x"] });
  });

  test("where there was none, it says so and writes nothing", async () => {
    const { exit, out, files } = await keep(MACHINE, "models auth order clear --provider groq");
    expect([exit, out.split("\n")[0], files]).toEqual([0, "There was no order to take back; nothing was written.", []]);
    expect(JSON.parse((await keep(MACHINE, "models auth order clear --provider groq --json")).out)).toMatchObject({ outcome: "unchanged", order: null });
  });

  test("the main agent's order counts again for an agent that reads through to it", async () => {
    const config = json({ agents: { list: [{ id: "main" }, { id: "lab" }] } });
    const files = {
      [CONFIG]: config,
      [STORE]: storeText(["openai:work", "openai:home"], { order: { openai: ["openai:home"] } }),
      [LAB_STORE]: storeText([], { order: { openai: ["openai:work"] } }),
    };
    const { out, files: written } = await keep({ files }, "models auth order clear --provider openai --agent lab --json");
    expect([written, JSON.parse(out).order, JSON.parse(out).outcome]).toEqual([[LAB_STORE], ["openai:home"], "written"]);
  });
});
