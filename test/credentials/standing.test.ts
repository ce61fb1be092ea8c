import { describe, expect, test } from "vitest";
import type { Standing } from "../../src/credentials/standing.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { type FactsInput, HOME, openFacts } from "./open-facts.ts";

const standing = (provider: string, machine: FactsInput = {}): Standing | undefined => openFacts(machine).credentials.standingOf(toProviderId(provider));
const lab = { id: toProviderId("lab"), origin: { kind: "config", place: undefined }, models: [] } as const;

describe("providers that need a credential of ours", () => {
  test("have no standing", () => {
    expect(standing("openai")).toBeUndefined();
    expect(standing("nobody-knows-it")).toBeUndefined();
  });

  test("a server far away that the config defines is one of them, with a key or without", () => {
    expect(standing("lab", { custom: [{ ...lab, baseUrl: "https://lab.example/v1" }] })).toBeUndefined();
  });

  test("so is a server of one's own whose entry has a key", () => {
    expect(standing("lab", { custom: [{ ...lab, baseUrl: "http://localhost:1/v1", apiKey: new Secret("k") }] })).toBeUndefined();
  });
});

describe("servers of one's own that ask for no key", () => {
  test.each<[string, FactsInput]>([
    ["ollama", {}],
    ["lab", { custom: [{ ...lab, baseUrl: "http://127.0.0.1:8000/v1" }] }],
    ["lab", { custom: [{ ...lab, baseUrl: "http://192.168.1.7:8000/v1" }] }],
    ["openai", { custom: [{ ...lab, id: toProviderId("openai"), baseUrl: "http://localhost:8000/v1" }] }],
  ])("%s needs none", (provider, machine) => {
    expect(standing(provider, machine)).toMatchObject({ kind: "not needed", found: true });
  });
});

describe("the AWS chain answers for Bedrock, whether it leaves signs or not", () => {
  test.each<[string, FactsInput]>([
    ["AWS_BEARER_TOKEN_BEDROCK is set", { env: { AWS_BEARER_TOKEN_BEDROCK: "t" } }],
    ["AWS_ACCESS_KEY_ID is set", { env: { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "s" } }],
    ["AWS_PROFILE is set", { env: { AWS_PROFILE: "work" } }],
    ["AWS_WEB_IDENTITY_TOKEN_FILE is set", { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/f" } }],
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set", { env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/u" } }],
    [`${HOME}/.aws/credentials is there`, { files: { [`${HOME}/.aws/credentials`]: "[default]" } }],
    [`${HOME}/.aws/config is there`, { files: { [`${HOME}/.aws/config`]: "" } }],
    ["/other is there", { env: { AWS_SHARED_CREDENTIALS_FILE: "/other" }, files: { "/other": "" } }],
  ])("%s", (sign, machine) => {
    expect(standing("amazon-bedrock", machine)).toEqual({ kind: "delegated", detail: `AWS login: ${sign}.`, found: true });
  });

  test("half of a key pair is no sign, and no sign is said to be none", () => {
    expect(standing("amazon-bedrock", { env: { AWS_ACCESS_KEY_ID: "a" } })).toMatchObject({ kind: "delegated", found: false });
  });

  test("a provider of one's own may lean on it", () => {
    expect(standing("lab", { custom: [{ ...lab, baseUrl: "https://lab.example", authMode: "aws-sdk" }] })).toMatchObject({ kind: "delegated", found: false });
  });
});

describe("Google Cloud's login answers for Vertex", () => {
  const adc = { [`${HOME}/.config/gcloud/application_default_credentials.json`]: "{}" };
  const where = { GOOGLE_CLOUD_PROJECT: "p", GOOGLE_CLOUD_LOCATION: "l" };

  test("with credentials, a project and a location", () => {
    expect(standing("google-vertex", { files: adc, env: where })).toMatchObject({ kind: "delegated", found: true });
    expect(standing("google-vertex", { files: { "/sa.json": "{}" }, env: { ...where, GOOGLE_APPLICATION_CREDENTIALS: "/sa.json" } })).toMatchObject({
      found: true,
    });
  });

  test("and says what is lacking", () => {
    expect(standing("google-vertex", { files: adc })?.detail).toMatch(/but GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION are not set\.$/);
    expect(standing("google-vertex", { env: where })).toMatchObject({ found: false, detail: expect.stringContaining("No application default credentials") });
  });

  test("on Windows its folder is below APPDATA", () => {
    const files = { "/roaming/gcloud/application_default_credentials.json": "{}" };
    expect(standing("google-vertex", { files, env: { ...where, APPDATA: "/roaming" }, platform: "win32" })).toMatchObject({ found: true });
  });
});

test("Azure's login answers for Azure, by its alias too", () => {
  expect(openFacts({ files: { [`${HOME}/.azure/msal_token_cache.json`]: "{}" } }).credentials.standingOf(toProviderId("azure-openai"))).toMatchObject({
    kind: "delegated",
    found: true,
  });
  expect(standing("azure-openai", { env: { AZURE_CLIENT_ID: "i", AZURE_TENANT_ID: "t" } })).toMatchObject({ found: true });
  expect(standing("azure-openai")).toMatchObject({ kind: "delegated", found: false });
});

describe("programs answer with their own login", () => {
  test("claude and codex, which installations have without naming them", () => {
    expect(standing("claude-cli", { files: { [`${HOME}/.claude/.credentials.json`]: "{}" } })).toMatchObject({ kind: "delegated", found: true });
    expect(standing("codex-cli", { env: { CODEX_HOME: "/cx" }, files: { "/cx/auth.json": "{}" } })).toMatchObject({ kind: "delegated", found: true });
    expect(standing("claude-cli")).toMatchObject({ kind: "delegated", found: false });
  });

  test("and those that the config names", () => {
    expect(standing("my-cli", { config: { agents: { defaults: { cliBackends: { "My-CLI": {} } } } } })).toMatchObject({ kind: "delegated", found: true });
  });
});

test("what is found says names, never what is in a variable or a file", () => {
  const env = {
    AWS_BEARER_TOKEN_BEDROCK: "canary",
    GOOGLE_APPLICATION_CREDENTIALS: "/sa.json",
    GOOGLE_CLOUD_PROJECT: "canary",
    GOOGLE_CLOUD_LOCATION: "canary",
  };
  const { credentials } = openFacts({ env, files: { "/sa.json": "canary" } });
  expect(["amazon-bedrock", "google-vertex"].map((id) => credentials.standingOf(toProviderId(id))?.detail).join()).not.toContain("canary");
});
