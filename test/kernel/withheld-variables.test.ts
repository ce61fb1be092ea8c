import { describe, expect, test } from "vitest";
import { Secret } from "../../src/kernel/secret.ts";
import { environmentOf, withhold, withholdBelow } from "../../src/kernel/withheld-variables.ts";

const USUAL = { PATH: "/bin", HOME: "/home/me", DISPLAY: ":0", OP_SESSION: "my-own-session" };

describe("a program that is started", () => {
  test("sees no variable that is known to hold a secret", () => {
    withhold(["OPENAI_API_KEY", "LAB_SECRET"]);
    expect(environmentOf("xdg-open", { ...USUAL, OPENAI_API_KEY: "k", LAB_SECRET: "s" })).toEqual(USUAL);
  });

  test("sees no secret of the gateway and of registered clients, of any brand that runs here", () => {
    withholdBelow("NEMO");
    const settings = { NEMO_STATE_DIR: "/state", NEMO_GOOGLE_CLIENT_ID: "public", OTHER_GATEWAY_TOKEN: "t", OTHER_X_CLIENT_SECRET: "s" };
    const secrets = { NEMO_GATEWAY_TOKEN: "t", NEMO_GATEWAY_PASSWORD: "p", NEMO_GOOGLE_CLIENT_SECRET: "s" };
    expect(environmentOf("op", { ...USUAL, ...settings, ...secrets })).toEqual({ ...USUAL, ...settings });
  });

  test("sees no secret that was in hand, whatever its variable is called", () => {
    const key = new Secret("quiet-harbour-lantern-mosaic-77").reveal();
    expect(environmentOf("op", { ...USUAL, FROM_CONFIG: key, WITH_LINE_END: `${key}\n` })).toEqual(USUAL);
  });

  test.each([
    ["aws", { AWS_SECRET_ACCESS_KEY: "a", AWS_BEARER_TOKEN_BEDROCK: "b" }],
    ["az", { AZURE_OPENAI_API_KEY: "c" }],
  ])("sees what is its own: %s", (program, own) => {
    const foreign = { AWS_SECRET_ACCESS_KEY: "a", AWS_BEARER_TOKEN_BEDROCK: "b", AZURE_OPENAI_API_KEY: "c" };
    withhold(Object.keys(foreign));
    expect(environmentOf(program, { ...USUAL, ...foreign })).toEqual({ ...USUAL, ...own });
    expect(environmentOf("op", { ...USUAL, ...foreign })).toEqual(USUAL);
  });
});
