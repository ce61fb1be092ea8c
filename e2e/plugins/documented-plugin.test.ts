import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { type Serving, serve } from "../../test/support/serve.ts";
import { runProgram } from "../program.ts";
import { node, onStage, root, type Stage } from "../stage.ts";

/** The first manifest of the page, as a reader would copy it. */
const page = readFileSync(join(root, "docs", "plugins.md"), "utf8");
const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
const KEY = "ac-0123456789abcdef0123456789abcdef";

let vendor: Serving;
beforeAll(async () => {
  vendor = await serve(({ path, headers }) => {
    if (headers["authorization"] !== `Bearer ${KEY}`) return { status: 402, json: { error: { code: "out_of_credit", message: "Nothing left" } } };
    if (path.endsWith("/models")) return { status: 200, json: { object: "list", data: [{ id: "acme-large" }, { id: "acme-new" }] } };
    return {
      status: 200,
      json: { id: "1", object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }] },
    };
  });
});
afterAll(() => vendor.close());

test("the first manifest of docs/plugins.md has fewer than 20 lines", () => {
  expect(example.trim().split("\n").length).toBeLessThan(20);
});

describe.each(Object.values(brands))("written by following docs/plugins.md, for $bin", ({ bin }) => {
  async function run(stage: Stage, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return runProgram([node, join(root, "bin", `${bin}.cjs`), ...words], { env: stage.env, cwd: join(stage.folder, "work"), stdin: "" });
  }

  async function installed(stage: Stage): Promise<void> {
    mkdirSync(join(stage.folder, "work", "acme"));
    writeFileSync(join(stage.folder, "work", "acme", "signalbox.plugin.json"), example.replace("https://api.acme.example/v1", `${vendor.url}/v1`));
    expect(await run(stage, "plugins", "install", "./acme", "--yes")).toMatchObject({ code: 0 });
  }

  test("a vendor works: it is listed, probed, asked for its models, and its failures have names", async () => {
    await onStage(Object.values(brands).find((brand) => brand.bin === bin) ?? brands.nemo, async (stage) => {
      await installed(stage);
      stage.env.set("ACME_API_KEY", KEY);
      const listed = JSON.parse((await run(stage, "plugins", "list", "--json")).stdout) as { providers: { id: string; origin: string; state: string }[] };
      expect(listed.providers.find(({ id }) => id === "acme")).toMatchObject({ origin: "plugin", state: "set" });
      expect(listed.providers.length).toBeGreaterThan(90);
      expect(await run(stage, "models", "set", "acme/acme-large")).toMatchObject({ code: 0 });
      const probed = JSON.parse((await run(stage, "models", "status", "--probe", "--json")).stdout) as {
        auth: { probes: { results: { status: string; model: string }[] } };
      };
      expect(probed.auth.probes.results).toEqual([expect.objectContaining({ status: "ok", model: "acme/acme-large" })]);
      const live = JSON.parse((await run(stage, "models", "list", "--live", "--provider", "acme", "--json")).stdout) as {
        models: { key: string; contextWindow: number | null }[];
      };
      expect(live.models.map(({ key, contextWindow }) => [key, contextWindow])).toEqual([
        ["acme/acme-large", 128_000],
        ["acme/acme-new", null],
      ]);
      stage.env.set("ACME_API_KEY", `${KEY}x`);
      const failed = JSON.parse((await run(stage, "models", "status", "--probe", "--json")).stdout) as { auth: { probes: { results: { status: string }[] } } };
      expect(failed.auth.probes.results).toEqual([expect.objectContaining({ status: "billing" })]);
      expect(vendor.asked.every(({ headers }) => String(headers["authorization"]).startsWith(`Bearer ${KEY}`))).toBe(true);
    });
  });
});
