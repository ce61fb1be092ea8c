import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Brand, brands } from "../../src/brand.ts";
import { type IdentityProvider, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import { type Serving, serve } from "../../test/support/serve.ts";
import { runProgram } from "../program.ts";
import { node, onStage, root, type Stage } from "../stage.ts";

/** The first manifest of the page, as a reader would copy it. */
const page = readFileSync(join(root, "docs", "plugins.md"), "utf8");
const [example = "", login = "", usage = ""] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? "");
const KEY = "ac-0123456789abcdef0123456789abcdef";

let vendor: Serving;
let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider({ intervalSeconds: 1, email: "ada@acme.example" });
  vendor = await serve(({ path, headers }) => {
    if (headers["authorization"] !== `Bearer ${KEY}`) return { status: 402, json: { error: { code: "out_of_credit", message: "Nothing left" } } };
    if (path === "/v1/usage") return { status: 200, json: { data: { requests: { used: 25, limit: 100 }, resets_at: "2099-01-01T00:00:00Z", balance: 3.5 } } };
    if (path.endsWith("/models")) return { status: 200, json: { object: "list", data: [{ id: "acme-large" }, { id: "acme-new" }] } };
    return {
      status: 200,
      json: { id: "1", object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }] },
    };
  });
});
afterAll(async () => {
  await vendor.close();
  await idp.close();
});

test("the first manifest of docs/plugins.md has fewer than 20 lines", () => {
  expect(example.trim().split("\n").length).toBeLessThan(20);
});

async function run({ bin }: Brand, stage: Stage, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return runProgram([node, join(root, "bin", `${bin}.cjs`), ...words], { env: stage.env, cwd: join(stage.folder, "work"), stdin: "" });
}

async function installed(brand: Brand, stage: Stage, more: object = {}): Promise<void> {
  mkdirSync(join(stage.folder, "work", "acme"));
  const manifest = JSON.parse(example.replace("https://api.acme.example/v1", `${vendor.url}/v1`)) as { providers: [object] };
  Object.assign(manifest.providers[0], more);
  writeFileSync(join(stage.folder, "work", "acme", "signalbox.plugin.json"), JSON.stringify(manifest));
  expect(await run(brand, stage, "plugins", "install", "./acme", "--yes")).toMatchObject({ code: 0 });
}

describe.each(Object.values(brands))("written by following docs/plugins.md, for $bin", (brand) => {
  test("a vendor works: it is listed, probed, asked for its models, and its failures have names", async () => {
    await onStage(brand, async (stage) => {
      await installed(brand, stage);
      stage.env.set("ACME_API_KEY", KEY);
      const listed = JSON.parse((await run(brand, stage, "plugins", "list", "--json")).stdout) as {
        providers: { id: string; origin: string; state: string }[];
      };
      expect(listed.providers.find(({ id }) => id === "acme")).toMatchObject({ origin: "plugin", state: "set" });
      expect(listed.providers.length).toBeGreaterThan(90);
      expect(await run(brand, stage, "models", "set", "acme/acme-large")).toMatchObject({ code: 0 });
      const probed = JSON.parse((await run(brand, stage, "models", "status", "--probe", "--json")).stdout) as {
        auth: { probes: { results: { status: string; model: string }[] } };
      };
      expect(probed.auth.probes.results).toEqual([expect.objectContaining({ status: "ok", model: "acme/acme-large" })]);
      const live = JSON.parse((await run(brand, stage, "models", "list", "--live", "--provider", "acme", "--json")).stdout) as {
        models: { key: string; contextWindow: number | null }[];
      };
      expect(live.models.map(({ key, contextWindow }) => [key, contextWindow])).toEqual([
        ["acme/acme-large", 128_000],
        ["acme/acme-new", null],
      ]);
      stage.env.set("ACME_API_KEY", `${KEY}x`);
      const failed = JSON.parse((await run(brand, stage, "models", "status", "--probe", "--json")).stdout) as {
        auth: { probes: { results: { status: string }[] } };
      };
      expect(failed.auth.probes.results).toEqual([expect.objectContaining({ status: "billing" })]);
      expect(vendor.asked.every(({ headers }) => String(headers["authorization"]).startsWith(`Bearer ${KEY}`))).toBe(true);
    });
  });
});

test("with the page's login and usage: a device login gives an account that renews itself, and what is left of a key is told", async () => {
  await onStage(brands.nemo, async (stage) => {
    const logins = [JSON.parse(login.replaceAll("https://login.acme.example", idp.url))];
    await installed(brands.nemo, stage, { logins, usage: JSON.parse(usage) });
    const words = ["models", "auth", "login", "acme", "--method", "device"];
    expect(await run(brands.nemo, stage, ...words)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("Register an application on Acme's developer page."),
    });
    const started = JSON.parse((await run(brands.nemo, stage, ...words, "--client-id", "mine", "--start", "--json")).stdout) as {
      userCode: string;
      handle: string;
    };
    idp.approve(started.userCode);
    expect(await run(brands.nemo, stage, "models", "auth", "login", "--finish", started.handle)).toMatchObject({ code: 0 });
    const { accounts } = JSON.parse((await run(brands.nemo, stage, "models", "auth", "list", "--json")).stdout) as {
      accounts: { profileId: string; type: string }[];
    };
    expect(accounts.map(({ profileId, type }) => [profileId, type])).toEqual([[expect.stringMatching(/^acme:/), "oauth"]]);
    expect(await run(brands.nemo, stage, "models", "auth", "refresh", accounts[0]?.profileId ?? "", "--force")).toMatchObject({ code: 0 });
    expect(await run(brands.nemo, stage, "models", "auth", "logout", "--provider", "acme", "--yes")).toMatchObject({ code: 0 });
    stage.env.set("ACME_API_KEY", KEY);
    const left = await run(brands.nemo, stage, "models", "usage", "--provider", "acme");
    expect([left.code, left.stdout]).toEqual([0, expect.stringMatching(/day[\s\S]*3\.50?/)]);
  });
});
