import { expect, test } from "vitest";
import { brands } from "../src/brand.ts";
import { openBroker } from "../src/broker.ts";
import { installationNames } from "../src/cli/installation-names.ts";
import { environmentOf } from "../src/kernel/withheld-variables.ts";
import { CONFIG, STORE } from "./cli/login-rig.ts";
import { fakeHost } from "./support/fake-host.ts";
import { packaged } from "./support/packaged.ts";

test("once the accounts are known, no program sees the variables of providers, of registrations, of the gateway, nor those that the config names", async () => {
  const secrets = {
    ANTHROPIC_API_KEY: "a",
    OPENAI_API_KEY: "b",
    NEMO_GOOGLE_CLIENT_SECRET: "c",
    NEMO_GATEWAY_TOKEN: "d",
    LAB_SECRET: "e",
    LAB_FROM_CONFIG: "quiet-harbour-lantern-mosaic-77",
    MY_HEADER: "quiet-harbour-lantern-mosaic-78",
    MY_LAB_KEY: "quiet-harbour-lantern-mosaic-79",
  };
  const config = {
    signalbox: { logins: { lab: { clientSecret: "env:LAB_SECRET" } } },
    models: {
      providers: {
        lab: { baseUrl: "http://127.0.0.1:9/v1", apiKey: "${LAB_FROM_CONFIG}", headers: { "x-key": "${MY_HEADER}" }, models: [{ id: "m", name: "m" }] },
      },
    },
  };
  const store = { version: 1, profiles: { "lab:own": { type: "api_key", provider: "lab", ref: "env:MY_LAB_KEY" } } };
  const files = { [CONFIG]: JSON.stringify(config), [STORE]: JSON.stringify(store) };
  const host = fakeHost({ packaged, env: { HOME: "/home/me", PATH: "/bin", ...secrets }, files });
  const broker = await openBroker({ host, names: installationNames(brands.nemo, {}, {}) });
  expect(broker.credentials().profiles.length).toBeGreaterThan(0);
  expect(environmentOf("xdg-open", host.env)).toEqual({ HOME: "/home/me", PATH: "/bin" });
});
