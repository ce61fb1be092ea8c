import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { LoginMethod } from "../../src/provider/login-method.ts";
import { builtinVendors } from "../../src/providers/index.ts";
import { builtinLogins } from "../../src/providers/logins/index.ts";

const all = [...builtinLogins].flatMap(([provider, methods]) => methods.map((method) => ({ provider, method })));

/** Every address in the data of a method. */
function addressesOf({ flow, source }: LoginMethod): string[] {
  const client = "client" in flow && flow.client.kind === "own" && flow.client.page !== undefined ? [flow.client.page] : [];
  const own = Object.entries(flow).flatMap(([key, value]) => (/url$|^issuer$|^page$/i.test(key) && typeof value === "string" ? [value] : []));
  return [...own, ...client, source.url];
}

describe("the list of logins", () => {
  test("has every file of src/providers/logins", () => {
    const files = readdirSync(new URL("../../src/providers/logins", import.meta.url)).filter((name) => name !== "index.ts");
    expect([...builtinLogins.keys()].map((id) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
  });

  test("is about providers that there are", () => {
    expect([...builtinLogins.keys()].filter((id) => builtinVendors.vendor(id) === undefined)).toEqual([]);
  });

  test("says for each way what may be done with what comes of it", () => {
    expect(all.map(({ provider, method: { id, licence, standing } }) => `${provider} ${id}: ${licence}${standing === undefined ? "" : ", amber"}`)).toEqual([
      "amazon-bedrock aws: delegate-binary",
      "anthropic api-key: own-client",
      "anthropic setup-token: vendor-tool-only, amber",
      "azure-openai az: delegate-binary",
      "azure-openai device: own-client",
      "azure-openai browser: own-client",
      "chutes browser: own-client",
      "codex-cli codex: delegate-binary",
      "github-copilot device: own-client, amber",
      "github-models token: own-client",
      "google browser: own-client",
      "google-vertex gcloud: delegate-binary",
      "huggingface device: own-client",
      "openai-codex browser: vendor-announced, amber",
      "openrouter browser: own-client",
      "xai device: own-client, amber",
    ]);
  });

  test("has no way for those whose vendor forbids or ended it", () => {
    expect(["google-antigravity", "google-gemini-cli", "qwen-portal"].filter((id) => builtinLogins.has(id))).toEqual([]);
  });
});

describe.each(all)("$provider by $method.id", ({ provider, method }) => {
  test("has an id of its own", () => {
    expect(builtinLogins.get(provider)?.filter(({ id }) => id === method.id)).toEqual([method]);
  });

  test("uses no client id of another product: where there is one, it is the person's", () => {
    if ("client" in method.flow) expect(method.flow.client).toMatchObject({ kind: "own", howTo: expect.stringMatching(/\.$/) });
    expect(JSON.stringify(method)).not.toMatch(/app_[A-Za-z0-9]{20}|Iv1\.|[0-9a-f]{8}-[0-9a-f]{4}-4|googleusercontent/);
  });

  test("goes to encrypted addresses alone, and says where and when its facts were read", () => {
    expect(addressesOf(method).filter((url) => !/^https:\/\/[\w.{}/-]+/.test(url))).toEqual([]);
    expect(method.source.checkedOn).toMatch(/^2026-\d\d-\d\d$/);
  });

  test("knows where to begin and where to end", () => {
    const { flow } = method;
    const ends = flow.kind === "authorization-code" ? [flow.authorizeUrl ?? flow.issuer, flow.tokenUrl ?? flow.issuer] : [];
    expect(flow.kind === "device-code" ? [flow.deviceUrl ?? flow.issuer, flow.tokenUrl ?? flow.issuer] : ends).not.toContain(undefined);
  });
});
