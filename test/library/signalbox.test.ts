import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HttpRequest } from "../../src/kernel/http.ts";
import { KEY, type Rig, startRig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(["good", "auth"]);
});
afterAll(() => rig.stop());

/** A vendor that answers in OpenAI's format, in memory; what it was asked is kept. */
function vendor() {
  const asked: HttpRequest[] = [];
  async function* bytes(text: string) {
    yield new TextEncoder().encode(text);
  }
  const whole = {
    id: "1",
    choices: [{ index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  };
  const http = async (request: HttpRequest) => {
    asked.push(request);
    return { status: 200, headers: { "content-type": "application/json" }, body: bytes(JSON.stringify(whole)) };
  };
  return { asked, http };
}

describe("where credentials come from", () => {
  test("a variable of the environment is enough", async () => {
    const { asked, http } = vendor();
    const box = await rig.open({ env: { HOME: rig.home, GROQ_API_KEY: KEY }, host: { http } });
    const answer = await box.chat({ model: "groq/llama-3.3-70b-versatile", prompt: "hi", strict: true });
    expect([answer.text, answer.servedBy]).toEqual(["Hi.", { model: "groq/llama-3.3-70b-versatile", profile: "env:GROQ_API_KEY" }]);
    expect([asked[0]?.url, asked[0]?.headers["authorization"]]).toEqual(["https://api.groq.com/openai/v1/chat/completions", `Bearer ${KEY}`]);
  });

  test("those that are given count in place of those that were found, in their order", async () => {
    const { asked, http } = vendor();
    const box = await rig.open({
      env: { HOME: rig.home, GROQ_API_KEY: "gsk-from-the-environment" },
      host: { http: async (request) => (asked.length === 0 ? { ...(await http(request)), status: 401 } : http(request)) },
      credentials: { "groq:work": `${KEY}-work`, "groq:home": `${KEY}-home`, xai: { token: `${KEY}-token` } },
    });
    const answer = await box.chat({ model: "groq/llama-3.3-70b-versatile", prompt: "hi", strict: true });
    expect([answer.attempts.map(({ profile }) => profile), answer.servedBy.profile]).toEqual([["groq:work"], "groq:home"]);
    expect((await box.token("xai:given")).header).toEqual({ name: "authorization", value: `Bearer ${KEY}-token` });
    const { accounts } = await box.status();
    expect(accounts.map(({ profileId }) => profileId)).toEqual(expect.arrayContaining(["groq:work", "groq:home", "xai:given"]));
    expect(accounts.map(({ profileId }) => profileId)).not.toContain("env:GROQ_API_KEY");
  });

  test("reports say of those that are given that they were given", async () => {
    const box = await rig.open({ host: { http: async (request) => ({ ...(await vendor().http(request)), status: 401 }) }, credentials: { groq: KEY } });
    const { accounts, auth } = await box.status();
    expect(accounts.filter(({ provider }) => provider === "groq").map(({ origin, file, variable, setIn }) => [origin, file, variable, setIn])).toEqual([
      ["given", null, null, null],
    ]);
    const overview = auth.providers.find(({ provider }) => provider === "groq");
    expect([overview?.effective.kind, overview?.env]).toEqual(["given", undefined]);
    const [row] = (await box.probe({ provider: "groq" })).results;
    expect([row?.source, row?.status, row?.hint]).toEqual(["given", "auth", "Check that it was not revoked, or give `openSignalbox` a new one."]);
  });

  test("one for a provider that nobody knows, and an empty one, are refused", async () => {
    await expect(rig.open({ credentials: { nowhere: KEY } })).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN" });
    for (const nothing of [" ", undefined, null, {}])
      await expect(rig.open({ credentials: { groq: nothing as never } })).rejects.toMatchObject({ code: "CREDENTIAL_SHAPE" });
  });

  test("a token that nobody waits for any more is not handed out", async () => {
    const box = await rig.open({ credentials: { xai: { token: `${KEY}-token` } } });
    const controller = new AbortController();
    const asked = box.token("xai:given", { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(asked).rejects.toThrow("gone");
  });

  test("a token that its vendor allows in its own program alone is handed to nobody", async () => {
    const box = await rig.open({ credentials: { "anthropic:setup": { token: `sk-ant-oat01-${"x".repeat(40)}` } } });
    await expect(box.token("anthropic:setup")).rejects.toMatchObject({ code: "VENDOR_TOOL_ONLY" });
    await expect(box.token("anthropic:nobody")).rejects.toMatchObject({ code: "PROFILE_UNKNOWN" });
    await expect(box.chat({ model: "anthropic/claude-opus-4-6", strict: true, prompt: "x" })).rejects.toMatchObject({
      code: "UPSTREAM_EXHAUSTED",
      attempts: [],
      passedOver: expect.arrayContaining([expect.objectContaining({ profile: "anthropic:setup", reason: "vendor_tool_only" })]),
    });
  });
});

describe("what is asked without a vendor", () => {
  test("a word is resolved to a model, its facts and who answers in its place", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m", "good-ant/m"]) });
    expect(await box.resolve()).toMatchObject({
      asked: "default",
      model: { ref: "good-chat/m", provider: "good-chat", id: "m", protocol: "openai-chat", contextTokens: 1000, usdPerMTok: { input: 1, output: 2 } },
      fallbacks: [{ ref: "good-ant/m", protocol: "anthropic-messages" }],
      strict: "no",
      agentId: "main",
    });
    expect(await box.resolve("good-ant/m@config:good-ant")).toMatchObject({ model: { profile: "config:good-ant" }, fallbacks: [], strict: "target" });
    await expect(box.resolve("agent:nobody")).rejects.toMatchObject({ code: "AGENT_UNKNOWN" });
  });

  test("models, as they are usable, in the chain, or known at all", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m", "good-ant/m"]), credentials: { groq: KEY } });
    const chain = await box.models({ scope: "chain" });
    expect(chain.map(({ ref, role, usable }) => [ref, role, usable])).toEqual([
      ["good-ant/m", "fallback", true],
      ["good-chat/m", "default", true],
    ]);
    const usable = await box.models({ tools: true, provider: "groq" });
    expect(usable.length).toBeGreaterThan(3);
    expect(usable.every((entry) => entry.usable && entry.tools === true && entry.provider === "groq")).toBe(true);
    expect((await box.models({ scope: "all" })).length).toBeGreaterThan(1000);
    expect(await box.models({ provider: "xai" })).toEqual([]);
    await expect(box.models({ provider: "nowhere" })).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN" });
  });

  test("models of which another program keeps the login are usable with an account alone", async () => {
    const usable = async (credentials: Record<string, string>): Promise<boolean[]> => {
      const box = await rig.open({ config: {}, credentials });
      const providers = ["amazon-bedrock", "azure-openai", "google-vertex"];
      return Promise.all(providers.map(async (provider) => (await box.models({ scope: "all", provider })).every((entry) => entry.usable)));
    };
    expect([await usable({}), await usable({ "amazon-bedrock": KEY })]).toEqual([
      [false, false, false],
      [true, false, false],
    ]);
  });

  test("status and explain are the reports of the command line", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m", "good-ant/m"]) });
    expect(await box.status()).toMatchObject({ resolvedDefault: "good-chat/m", fallbacks: ["good-ant/m"], problems: [] });
    expect((await box.explain()).first).toEqual({ ref: "good-chat/m", profileId: "config:good-chat" });
    expect((await box.explain("good-ant/m")).asked).toBe("good-ant/m");
  });

  test("a config that is wrong says where", async () => {
    await expect(rig.open({ config: { agents: { defaults: { model: 7 } } } })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

describe("what vendors are asked", () => {
  test("a probe says who works, and a signal ends it", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m", "auth-chat/m"]) });
    const { results } = await box.probe({ chain: true, timeoutMs: 2000 });
    expect(results.map(({ model, status }) => [model, status])).toEqual([
      ["good-chat/m", "ok"],
      ["auth-chat/m", "auth"],
    ]);
    const reason = new Error("enough");
    await expect(box.probe({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(box.probe({ profileIds: ["nobody"] })).rejects.toMatchObject({ code: "PROFILE_UNKNOWN" });
    for (const timeoutMs of [Number.NaN, 0, -1]) {
      await expect(box.probe({ timeoutMs })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
      await expect(box.usage({ timeoutMs })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    }
    for (const concurrency of [Number.NaN, 0, -1]) await expect(box.probe({ concurrency })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });

  test("usage has a row for each account, and asks nobody whom it has no way to ask", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m"]), stateDir: rig.home });
    const rows = await box.usage({ profileIds: ["config:good-chat"], timeoutMs: 2000 });
    expect(rows.map(({ profileId }) => profileId)).toEqual(["config:good-chat"]);
  });
});

test("two of them in one process know nothing of each other", async () => {
  const [one, other] = await Promise.all([
    rig.open({ config: rig.config(["auth-chat/m", "good-chat/m"]) }),
    rig.open({ config: rig.config(["auth-chat/m", "good-ant/m"]) }),
  ]);
  await one.chat({ prompt: "hi" });
  const again = await one.chat({ prompt: "hi" });
  expect(again.attempts).toEqual([]);
  expect(again.passedOver).toMatchObject([{ model: "auth-chat/m", reason: "cooling" }]);
  expect((await other.chat({ prompt: "hi" })).attempts).toMatchObject([{ model: "auth-chat/m", reason: "auth" }]);
  await one.close();
  expect((await other.chat({ prompt: "hi" })).servedBy.model).toBe("good-ant/m");
});
