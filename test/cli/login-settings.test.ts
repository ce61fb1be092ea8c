import { describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { openBroker } from "../../src/broker.ts";
import { installationNames } from "../../src/cli/installation-names.ts";
import { clientFor, loginSettings, settingPath, settledMethod } from "../../src/cli/login-settings.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { LoginMethod } from "../../src/provider/login-method.ts";
import { builtinLogins } from "../../src/providers/logins/index.ts";
import { fakeHost } from "../support/fake-host.ts";
import { packaged } from "../support/packaged.ts";
import { CONFIG } from "./login-rig.ts";

const NO_WISH = { scopes: [] };

async function brokerWith(logins: object, env: Record<string, string> = {}) {
  const host = fakeHost({ packaged, env, files: { [CONFIG]: JSON.stringify({ signalbox: { logins } }) } });
  return openBroker({ host, names: installationNames(brands.nemo, {}, {}) });
}

const methodOf = (provider: string, id: string): LoginMethod => {
  const method = builtinLogins.get(provider)?.find((known) => known.id === id);
  if (method === undefined) throw new Error(`no ${provider} ${id}`);
  return method;
};

const settled = async (provider: string, id: string, logins: object = {}, wish: object = {}) => {
  const broker = await brokerWith(logins);
  return settledMethod(methodOf(provider, id), loginSettings(broker, broker.registry().idOf(provider), { ...NO_WISH, ...wish })).flow;
};

describe("the client id", () => {
  const idOf = async (wish: object, env: Record<string, string>, logins: object) => {
    const broker = await brokerWith(logins, env);
    const { clientId, clientIdFrom } = loginSettings(broker, broker.registry().idOf("huggingface"), { ...NO_WISH, ...wish });
    return [clientId, clientIdFrom];
  };
  const [flag, env, config] = [{ clientId: "a" }, { NEMO_HUGGINGFACE_CLIENT_ID: "b" }, { huggingface: { clientId: "c" } }];

  test("is the flag's, else the variable's, else the config's", async () => {
    expect(await idOf(flag, env, config)).toEqual(["a", "flag"]);
    expect(await idOf({}, env, config)).toEqual(["b", "variable"]);
    expect(await idOf({}, {}, config)).toEqual(["c", "config"]);
    expect(await idOf({}, {}, {})).toEqual([undefined, undefined]);
  });

  test("is found under any name of the provider", async () => {
    const broker = await brokerWith({ azure: { clientId: "mine", tenant: "contoso.example" } });
    expect(loginSettings(broker, broker.registry().idOf("azure-openai"), NO_WISH)).toMatchObject({ clientId: "mine", tenant: "contoso.example" });
  });
});

describe("the endpoints", () => {
  test("hold the tenant and the host", async () => {
    expect(await settled("azure-openai", "device", { "azure-openai": { tenant: "a/b" } })).toMatchObject({
      deviceUrl: "https://login.microsoftonline.com/a%2Fb/oauth2/v2.0/devicecode",
    });
    expect(await settled("azure-openai", "browser")).toMatchObject({ authorizeUrl: "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize" });
    expect(await settled("github-copilot", "device", {}, { host: "github.example.com" })).toMatchObject({
      deviceUrl: "https://github.example.com/login/device/code",
      tokenUrl: "https://github.example.com/login/oauth/access_token",
    });
  });

  test("are the config's where it names them", async () => {
    const own = { authorizeUrl: "http://127.0.0.1:1/auth", tokenUrl: "http://127.0.0.1:1/keys" };
    expect(await settled("openrouter", "browser", { openrouter: own })).toEqual({
      kind: "openrouter-pkce",
      authorizeUrl: own.authorizeUrl,
      keysUrl: own.tokenUrl,
    });
  });

  test("are an issuer's in place of the vendor's own", async () => {
    const flow = await settled("huggingface", "device", { huggingface: { tokenUrl: "https://b.example/token" } }, { issuer: "https://a.example" });
    expect(flow).toMatchObject({ issuer: "https://a.example", tokenUrl: "https://b.example/token" });
    expect(flow).not.toHaveProperty("deviceUrl");
  });

  test("go with the scopes and the redirect of the person's own registration", async () => {
    const own = { scopes: ["a", "b"], redirectUri: "http://localhost:8085/back" };
    expect(await settled("chutes", "browser", { chutes: own })).toMatchObject({
      scopes: ["a", "b"],
      redirect: { host: "localhost", port: 8085, path: "/back" },
    });
    expect(await settled("chutes", "browser", { chutes: own }, { scopes: ["c"] })).toMatchObject({ scopes: ["c"] });
  });

  test.each(["https://example.com/back", "http://192.168.0.1/back", "http://127.0.0.1/back?x", "nothing"])("%s is no redirect", async (redirectUri) => {
    await expect(settled("chutes", "browser", { chutes: { redirectUri } })).rejects.toBeInstanceOf(AppError);
  });
});

describe("the client's secret", () => {
  const clientOf = async (logins: object, env: Record<string, string>) => {
    const broker = await brokerWith(logins, env);
    const provider = broker.registry().idOf("google");
    return clientFor(broker, provider, methodOf("google", "browser"), loginSettings(broker, provider, { ...NO_WISH, clientId: "mine" }));
  };

  test("comes from a variable, whose name is kept", async () => {
    const client = await clientOf({}, { NEMO_GOOGLE_CLIENT_SECRET: "canary" });
    expect([client?.clientId, client?.clientSecret?.reveal(), client?.clientSecretVariable]).toEqual(["mine", "canary", "NEMO_GOOGLE_CLIENT_SECRET"]);
    const named = await clientOf({ google: { clientSecret: "env:MY_SECRET" } }, { MY_SECRET: "other" });
    expect([named?.clientSecret?.reveal(), named?.clientSecretVariable]).toEqual(["other", "MY_SECRET"]);
  });

  test("is asked for where the registration has one", async () => {
    await expect(clientOf({}, {})).rejects.toMatchObject({ code: "LOGIN_CLIENT_NEEDED", hint: expect.stringContaining("NEMO_GOOGLE_CLIENT_SECRET") });
  });

  test("does not stand in the config", async () => {
    const refused = clientOf({ google: { clientSecret: "GOCSPX-canary" } }, {});
    await expect(refused).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.not.stringContaining("canary") });
  });
});

test("the command that keeps a setting can be pasted into a shell", () => {
  expect([settingPath("chutes", "clientId"), settingPath("my lab", "clientId")]).toEqual([
    "signalbox.logins.chutes.clientId",
    `'signalbox.logins["my lab"].clientId'`,
  ]);
});
