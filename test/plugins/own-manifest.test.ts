import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, json, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { readLoginAnswer } from "../../src/credentials/login/program-answer.ts";
import { readProgramTokens } from "../../src/credentials/refresh/program-tokens.ts";
import { readAnyManifest } from "../../src/plugins/own-manifest.ts";
import { providerOf } from "../../src/plugins/provider-data.ts";
import { PROGRAM_READER } from "../../src/usage/ask-program-usage.ts";
import { readUsage } from "../../src/usage/read-usage.ts";
import { HOSTILE } from "../support/hostile.ts";

const FILE = "/x/signalbox.plugin.json";

function provider(more: object = {}): object {
  return { id: "acme", baseUrl: "https://api.acme.example/v1", ...more };
}

function read(manifest: unknown, file = FILE): string {
  const reading = readAnyManifest(JSON.stringify(manifest), file);
  return reading.kind === "broken" ? reading.message : reading.kind;
}

describe("which kind a manifest is of", () => {
  test("the neutral one is ours; a brand's own is ours when its providers are described", () => {
    expect(read({ id: "acme", providers: [provider()] })).toBe("own");
    expect(read({ id: "acme", configSchema: {}, providers: [provider()] }, "/x/nemo.plugin.json")).toBe("own");
    expect(read({ id: "acme", configSchema: {}, providers: ["acme"] }, "/x/nemo.plugin.json")).toBe("agent");
    expect(read({ id: "acme", providers: ["acme"] })).toMatch(/^manifest\.providers\[0\] must be an object/);
  });
});

describe("a fault is named with its field, and with what was probably meant", () => {
  test.each<[string, unknown, RegExp]>([
    ["no id", { providers: [provider()] }, /has no "id"/],
    ["an id that is a path", { id: "../evil", providers: [provider()] }, /^id must be/],
    ["no providers", { id: "a" }, /has no "providers"/],
    ["an empty list", { id: "a", providers: [] }, /^providers is empty/],
    ["an unknown key", { id: "a", providers: [provider({ baseURL: "x" })] }, /manifest\.providers\[0\]\.baseURL is not a known key\. Did you mean "baseUrl"/],
    ["no address", { id: "a", providers: [{ id: "acme" }] }, /has no "baseUrl"/],
    ["an address without TLS", { id: "a", providers: [provider({ baseUrl: "http://api.acme.example" })] }, /providers\[0\]\.baseUrl must begin with https/],
    ["an address in the private network", { id: "a", providers: [provider({ baseUrl: "http://192.168.1.2/v1" })] }, /must begin with https/],
    ["another scheme", { id: "a", providers: [provider({ baseUrl: "file:///etc/passwd" })] }, /is not a web address/],
    ["a password in an address", { id: "a", providers: [provider({ baseUrl: "https://u:p@api.acme.example" })] }, /must hold no password/],
    ["a protocol that is none", { id: "a", providers: [provider({ protocol: "openai" })] }, /protocol must be one of openai-chat/],
    ["a variable of another provider", { id: "a", providers: [provider({ env: ["OPENAI_API_KEY"] })] }, /env\[0\] must begin with ACME_/],
    ["a variable that is none", { id: "a", providers: [provider({ env: ["acme key"] })] }, /env\[0\] must be the name of a variable/],
    ["the same provider twice", { id: "a", providers: [provider(), provider()] }, /providers\[1\]\.id is there twice/],
    ["a model with a space", { id: "a", providers: [provider({ models: [{ id: "a b" }] })] }, /models\[0\]\.id must hold no spaces/],
    [
      "a negative price",
      { id: "a", providers: [provider({ models: [{ id: "m", usdPerMTok: { input: -1, output: 1 } }] })] },
      /input must be a number of at least 0/,
    ],
    ["an error without a sign", { id: "a", providers: [provider({ errors: [{ reason: "billing" }] })] }, /errors\[0\] needs a code, a status or a message/],
    ["an error of no known reason", { id: "a", providers: [provider({ errors: [{ code: "x", reason: "biling" }] })] }, /Did you mean "billing"/],
    [
      "a detail of another reason",
      { id: "a", providers: [provider({ errors: [{ code: "x", reason: "auth", detail: "balance" }] })] },
      /detail must be one of expired/,
    ],
    [
      "a login without endpoints",
      { id: "a", providers: [provider({ logins: [login({ tokenUrl: undefined })] })] },
      /logins\[0\] needs an issuer, or deviceUrl and tokenUrl/,
    ],
    [
      "a login without TLS",
      { id: "a", providers: [provider({ logins: [login({ tokenUrl: "http://acme.example/token" })] })] },
      /tokenUrl must begin with https/,
    ],
    ["a login without a client", { id: "a", providers: [provider({ logins: [login({ clientId: undefined })] })] }, /needs either clientId/],
    ["a login without a licence", { id: "a", providers: [provider({ logins: [login({ licence: undefined })] })] }, /has no "licence"/],
    [
      "a usage path that is none",
      { id: "a", providers: [provider({ usage: { path: "/u", windows: [{ label: "day", usedPercent: "a[" }] } })] },
      /usedPercent must be names/,
    ],
    ["usage at another host", { id: "a", providers: [provider({ usage: { path: "//evil.example/u", balances: [] } })] }, /usage\.path must be a path/],
    [
      "a program outside of the folder",
      { id: "a", providers: [provider()], program: { command: ["./../../bin/sh"], verbs: ["models"] } },
      /^program\.command must begin/,
    ],
    [
      "a program by an absolute path",
      { id: "a", providers: [provider()], program: { command: ["/bin/sh"], verbs: ["models"] } },
      /^program\.command must begin/,
    ],
    [
      "a verb that is none",
      { id: "a", providers: [provider()], program: { command: ["node"], verbs: ["steal"] } },
      /must be one of describe, models, usage, login, refresh/,
    ],
  ])("%s", (_title, manifest, message) => {
    expect(read(manifest)).toMatch(message);
  });

  test("with its line and column", () => {
    const text = '{\n  "id": "a",\n  "providers": [\n    { "id": "acme",\n      "baseUrl": "http://x.example" } ] }';
    expect(readAnyManifest(text, FILE)).toMatchObject({ kind: "broken", place: { file: FILE, line: 5, column: 18 } });
  });
});

test("everything a provider may say arrives as data of the registry", () => {
  const manifest = {
    id: "acme",
    providers: [
      provider({
        label: "Acme",
        env: ["ACME_API_KEY"],
        keyPage: "https://acme.example/keys",
        keyPrefixes: ["ac-"],
        modelsPath: "/models",
        quirks: { maxTokensField: "max_tokens" },
        models: [{ id: "large", contextTokens: 1000, usdPerMTok: { input: 1, output: 2 } }],
        errors: [{ code: "NO_CREDIT", reason: "billing", detail: "balance" }],
        logins: [login({})],
        usage: { path: "/usage", windows: [{ label: "day", used: "data.used", limit: "data.limit" }] },
      }),
    ],
  };
  const reading = readAnyManifest(JSON.stringify(manifest), FILE);
  const [written] = reading.kind === "own" ? reading.manifest.providers : [];
  expect(written && providerOf(written, { id: "acme" })).toEqual({
    id: "acme",
    origin: { kind: "plugin", pluginId: "acme" },
    whole: {
      id: "acme",
      label: "Acme",
      protocol: "openai-chat",
      baseUrl: "https://api.acme.example/v1",
      auth: AUTH,
      docs: "",
      modelsPath: "/models",
      quirks: { maxTokensField: "max_tokens" },
      source: { url: "", checkedOn: "" },
      failures: [{ code: "no_credit", reason: "billing", detail: "balance" }],
      usage: { address: { below: "baseUrl", path: "/usage" }, windows: [{ label: "day", used: "data.used", limit: "data.limit" }], balances: [] },
    },
    baseUrl: "https://api.acme.example/v1",
    protocol: "openai-chat",
    label: "Acme",
    auth: AUTH,
    models: [{ provider: "acme", id: "large", name: "large", contextTokens: 1000, usdPerMTok: { input: 1, output: 2 } }],
    logins: [
      {
        id: "device",
        label: "device",
        licence: "own-client",
        flow: {
          kind: "device-code",
          deviceUrl: "https://login.acme.example/device",
          tokenUrl: "https://login.acme.example/token",
          client: { kind: "public", clientId: "everybody" },
          scopes: ["chat"],
        },
        source: { url: "", checkedOn: "" },
      },
    ],
    hosts: ["api.acme.example", "login.acme.example"],
  });
});

const AUTH = [
  { kind: "api_key", label: "API key", env: ["ACME_API_KEY"], prefixes: ["ac-"], page: "https://acme.example/keys" },
  { kind: "oauth", label: "Login (device)", env: [], flow: "device" },
];

function login(more: object): object {
  const addresses = { deviceUrl: "https://login.acme.example/device", tokenUrl: "https://login.acme.example/token" };
  return { id: "device", kind: "device-code", licence: "own-client", clientId: "everybody", scopes: ["chat"], ...addresses, ...more };
}

test("any JSON gets an answer, never a throw", () => {
  assert(property(json(), (text) => ["own", "broken"].includes(readAnyManifest(text, FILE).kind)));
  for (const text of HOSTILE) expect(read({ id: text, providers: [provider({ id: text, label: text })] })).toMatch(/^id must be|is blank|longer/);
});

function examplesIn(page: string): string[] {
  return [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) => text.replaceAll('"…"', '"dots-0123456789"'));
}

test("every example of docs/plugins.md is what it says it is", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "plugins.md"), "utf8");
  const [data = "", program = ""] = page.split("## Plugins with a program");
  const [manifest = "", written = "", usage = "", ...rest] = examplesIn(data);
  expect([manifest.includes('"providers"'), written.includes('"licence"'), usage.includes('"windows"'), rest]).toEqual([true, true, true, []]);
  expect(readAnyManifest(manifest, FILE).kind).toBe("own");
  expect(read({ id: "acme", providers: [provider({ logins: [JSON.parse(written)], usage: JSON.parse(usage) })] })).toBe("own");
  const [told, shown, next, login, renewed, ...others] = examplesIn(program).map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>);
  expect(readUsage(PROGRAM_READER, told, [], 0)).toMatchObject({
    plan: "Team",
    windows: [{ label: "day", usedPercent: 25, unit: "requests" }],
    balances: [{}],
  });
  const steps = [shown, login].map((answer) => readLoginAnswer(answer ?? {}, "acme", "it"));
  expect(steps).toMatchObject([
    { kind: "page", url: "https://login.acme.example/device", userCode: "ABCD-1234", intervalSeconds: 5, lifetimeSeconds: 900 },
    { kind: "credential", credential: { kind: "oauth" }, lifetimeSeconds: 3600, email: "ada@acme.example" },
  ]);
  expect(next).toMatchObject({ signalbox: 1, verb: "login", provider: "acme", step: "continue" });
  expect(readProgramTokens({ kind: "answered", answer: renewed ?? {} }, "acme")).toMatchObject({ kind: "tokens", tokens: { lifetimeSeconds: 3600 } });
  expect(others).toEqual([]);
});
