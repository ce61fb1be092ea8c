import { describe, expect, test } from "vitest";
import type { AuthProfile } from "../../src/credentials/profile.ts";
import { Secret } from "../../src/kernel/secret.ts";
import type { LiveTarget } from "../../src/probe/live-target.ts";
import { listSources } from "../../src/probe/scan-listing.ts";
import { defineProvider, type Provider } from "../../src/provider/provider.ts";
import { answering } from "../support/answering.ts";
import { type FakeHost, fakeHost } from "../support/fake-host.ts";
import { anthropicServer, type ModelServer, openRouterServer, VENDOR_KEY, vllmServer } from "../support/model-servers.ts";

const vendor = (more: Partial<Provider>): Provider =>
  defineProvider({
    ...{ id: "lab", label: "Lab", protocol: "openai-chat", baseUrl: "https://lab.example/api/v1", docs: "", quirks: {} },
    ...{ auth: [{ kind: "api_key", label: "Key", env: [] }], source: { url: "", checkedOn: "2026-11-21" } },
    ...more,
  });
const profile = (more: object = {}): AuthProfile =>
  ({
    id: "lab:me",
    provider: "lab",
    credential: { kind: "api_key", key: new Secret(VENDOR_KEY) },
    origin: { kind: "env", variable: "LAB" },
    ...more,
  }) as unknown as AuthProfile;
const target = (provider: Provider, more: Partial<LiveTarget> = {}): LiveTarget => ({ provider, isLocal: false, isGuess: false, ...more });

async function listed(targets: readonly LiveTarget[], servers: Readonly<Record<string, ModelServer>>) {
  const host: FakeHost = fakeHost({ http: answering(servers) });
  const secrets = { homeDir: "/home/me", isInteractive: false, withheld: [] };
  return { host, listings: await listSources({ host, stateDir: "/home/me/.nemo", secrets, asked: "new" }, targets, 1000) };
}

describe("a vendor's list", () => {
  test("is asked for with the account, and read with the fields that OpenRouter adds", async () => {
    const { listings, host } = await listed([target(vendor({}), { profile: profile() })], { "https://lab.example": openRouterServer });
    expect(listings).toMatchObject([
      {
        ...{ outcome: "listed", label: "Lab", skipped: 0 },
        offers: [
          {
            model: { id: "meta-llama/llama-3.3-70b-instruct:free" },
            details: {
              createdAtMs: 1_733_506_137_000,
              modality: "text->text",
              parameters: ["tools", "temperature"],
              usdPerToken: { prompt: 0, completion: 0 },
            },
          },
          { model: { id: "google/gemini-2.5-pro" }, details: { usdPerToken: { prompt: 0.00000125, completion: 0.00001 } } },
        ],
      },
    ]);
    expect([host.written.size, host.asked.length]).toEqual([0, 1]);
  });

  test("is read page by page, in the vendor's own way", async () => {
    const anthropic = vendor({ protocol: "anthropic-messages", baseUrl: "https://lab.example", quirks: { authHeader: "x-api-key" } });
    const { listings, host } = await listed([target(anthropic, { profile: profile() })], { "https://lab.example": anthropicServer });
    expect(listings).toMatchObject([{ outcome: "listed", offers: [{ model: { id: "claude-opus-4-6" } }, { model: { id: "claude-haiku-4-5-20251001" } }] }]);
    expect(host.asked).toHaveLength(2);
  });

  test.each<[string, LiveTarget, Readonly<Record<string, ModelServer>>, object]>([
    [
      "that refuses the key",
      target(vendor({}), { profile: profile({ credential: { kind: "api_key", key: new Secret("other-key") } }) }),
      { "https://lab.example": openRouterServer },
      { reason: "auth", why: "does not accept the credential (401)" },
    ],
    ["that nobody answers for", target(vendor({})), {}, { reason: "network", why: "refused the connection" }],
    ["that has no address", target(vendor({ baseUrl: undefined })), {}, { why: expect.stringContaining("has no list of models") }],
    [
      "for which the secret is missing",
      target(vendor({}), { profile: profile({ unresolved: "it leads nowhere" }) }),
      {},
      { reason: "auth", why: expect.stringContaining("it leads nowhere") },
    ],
  ])("%s is a failure with its reason", async (_, one, servers, failure) => {
    const { listings, host } = await listed([one], servers);
    expect(listings).toMatchObject([{ outcome: "failed", label: "Lab", ...failure }]);
    expect(host.asked.length).toBe("reason" in failure && failure.reason === "auth" && one.profile?.unresolved !== undefined ? 0 : host.asked.length);
  });
});

describe("servers of one's own", () => {
  const own = target(vendor({ id: "vllm", label: "vLLM", baseUrl: "http://127.0.0.1:8000/v1", local: true }), { isLocal: true, advice: "Do this." });

  test("are recognised, and what there is to say about them comes along", async () => {
    const { listings } = await listed([own], { "http://127.0.0.1:8000": vllmServer });
    expect(listings).toMatchObject([
      { outcome: "listed", label: "vLLM", advice: "Do this.", offers: [{ server: "vllm", model: { id: "Qwen/Qwen3-32B" }, details: {}, target: own }] },
    ]);
  });

  test("that lead to no provider cannot be scanned: they have no name", async () => {
    const guess = { ...own, provider: { ...own.provider, id: "llama-cpp" }, isGuess: true };
    const { listings } = await listed([guess], { "http://127.0.0.1:8000": vllmServer });
    expect(listings).toMatchObject([
      { outcome: "failed", why: expect.stringContaining("no provider leads there"), hint: expect.stringContaining("add-server") },
    ]);
  });
});
