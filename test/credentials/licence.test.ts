import { describe, expect, test } from "vitest";
import { isVendorToolOnly } from "../../src/credentials/authorize.ts";
import { configuredAuth } from "../../src/credentials/configured-auth.ts";
import { licenceOf } from "../../src/credentials/licence.ts";
import { rotationOf } from "../../src/credentials/order.ts";
import { passedOverText } from "../../src/credentials/passed-over.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { keyOf, NOW, openFacts, storeOf } from "./open-facts.ts";

const SETUP_TOKEN = { type: "token", provider: "anthropic", token: "sk-ant-oat01-0123456789" };
const login = (provider: string, licence?: string) => ({
  ...{ type: "oauth", provider, access: "access-01234", refresh: "refresh-01234", expires: NOW + 3_600_000 },
  ...(licence !== undefined && {
    signalbox: { method: "browser", licence, tokenUrl: "https://id.example/token", clientId: "mine", generation: 1, obtainedAtMs: NOW },
  }),
});

const STORE = storeOf({
  "anthropic:manual": SETUP_TOKEN,
  "anthropic:key": keyOf("anthropic"),
  "zai:own": login("zai", "own-client"),
  "zai:announced": login("zai", "vendor-announced"),
  "zai:tool": login("zai", "vendor-tool-only"),
  "google-gemini-cli:me": login("google-gemini-cli"),
  "zai:foreign": login("zai"),
});

const licences = (config: unknown = {}) => {
  const facts = openFacts({ store: STORE, config });
  return Object.fromEntries(
    facts.credentials.profiles.map((profile) => {
      const { use, saidBy, insteadOf } = licenceOf(profile, facts.config);
      return [profile.id, [use, saidBy, insteadOf ?? "", isVendorToolOnly(profile.credential) ? "sent to nobody" : ""].join(" ").trim()];
    }),
  );
};

describe("what a credential may be used for", () => {
  test("is told by its prefix, by the login that made it, or by its provider", () => {
    expect(licences()).toEqual({
      "anthropic:manual": "vendor-tool-only secret  sent to nobody",
      "anthropic:key": "own-client provider",
      "zai:own": "own-client login",
      "zai:announced": "vendor-announced login",
      "zai:tool": "vendor-tool-only login  sent to nobody",
      "google-gemini-cli:me": "vendor-tool-only provider  sent to nobody",
      "zai:foreign": "own-client provider",
    });
  });

  test("is a person's own word, where the config has it, in both directions", () => {
    const said = licences({
      signalbox: { licences: { "anthropic:manual": "own-client", "zai:tool": "vendor-announced", "anthropic:key": "vendor-tool-only" } },
    });
    expect([said["anthropic:manual"], said["zai:tool"], said["anthropic:key"]]).toEqual([
      "own-client config vendor-tool-only",
      "vendor-announced config vendor-tool-only",
      "vendor-tool-only config own-client sent to nobody",
    ]);
  });

  test("is one of the words that we know; another is an error with its place", () => {
    expect(() => licences({ signalbox: { licences: { "zai:own": "anything" } } })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});

test("an account for its vendor's own program alone is passed over, unless a person says otherwise", () => {
  const asked = (config: unknown) => {
    const { credentials, registry, config: loaded } = openFacts({ store: STORE, config });
    const { candidates, passedOver } = rotationOf(toProviderId("anthropic"), credentials, configuredAuth(loaded, registry), NOW);
    return [candidates.map(({ id }) => id), passedOver.map((one) => `${one.profileId} ${passedOverText(one, NOW)}`)];
  };
  expect(asked({})).toEqual([["anthropic:key"], ["anthropic:manual is allowed in its vendor's own program only"]]);
  expect(asked({ signalbox: { licences: { "anthropic:manual": "own-client" } } })).toEqual([["anthropic:manual", "anthropic:key"], []]);
});
