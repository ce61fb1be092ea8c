import { describe, expect, test } from "vitest";
import { logIn } from "../../../src/credentials/login/log-in.ts";
import { response } from "../../support/fake-host.ts";
import { broken, DEVICE_ANSWER, deviceFlow, inputFor, json, PENDING, stageWith, TOKEN_ANSWER } from "./stage.ts";

const device = (more: Readonly<Record<string, unknown>> = {}) => [json(200, { ...DEVICE_ANSWER, ...more })];
const tokens = json(200, TOKEN_ANSWER);

describe("how often a device login asks", () => {
  test("every interval, beginning one after the code was given", async () => {
    const stage = stageWith({ "/device": device({ interval: 3 }), "/token": [PENDING, PENDING, tokens] });
    expect(await logIn(inputFor(stage, deviceFlow))).toMatchObject({ kind: "credential" });
    expect(stage.times).toEqual(["0 /device", "3 /token", "6 /token", "9 /token"]);
  });

  test("every 5 seconds where the vendor names no interval, or none that makes sense", async () => {
    for (const interval of [undefined, 0, -3, "soon", Number.NaN, {}]) {
      const stage = stageWith({ "/device": device({ interval }), "/token": [PENDING, tokens] });
      await logIn(inputFor(stage, deviceFlow));
      expect(stage.times).toEqual(["0 /device", "5 /token", "10 /token"]);
    }
  });

  test("5 seconds less often for good with each slow_down, also one with status 200", async () => {
    const slowDown = json(400, { error: "slow_down" });
    const stage = stageWith({ "/device": device(), "/token": [PENDING, slowDown, PENDING, json(200, { error: "slow_down" }), PENDING, tokens] });
    const input = inputFor(stage, deviceFlow);
    await logIn(input);
    expect(stage.times).toEqual(["0 /device", "5 /token", "10 /token", "20 /token", "30 /token", "45 /token", "60 /token"]);
    expect(input.events.filter(({ event }) => event === "slow_down")).toEqual([
      { event: "slow_down", intervalSeconds: 10 },
      { event: "slow_down", intervalSeconds: 15 },
    ]);
  });

  test("as seldom as a slow_down asks itself", async () => {
    const stage = stageWith({ "/device": device(), "/token": [json(200, { error: "slow_down", interval: 30 }), tokens] });
    await logIn(inputFor(stage, deviceFlow));
    expect(stage.times).toEqual(["0 /device", "5 /token", "35 /token"]);
  });

  test("twice as long with each failure of the network or the server, up to a minute, and as before afterwards", async () => {
    const server = [broken("ECONNRESET"), json(500, {}), broken("ETIMEDOUT"), json(502, "bad gateway"), PENDING, tokens];
    const stage = stageWith({ "/device": device(), "/token": server });
    const input = inputFor(stage, deviceFlow);
    await logIn(input);
    expect(stage.times).toEqual(["0 /device", "5 /token", "15 /token", "35 /token", "75 /token", "135 /token", "140 /token"]);
    expect(input.events.filter(({ event }) => event === "retry")[0]).toEqual({ event: "retry", why: "broke off the connection", inSeconds: 10 });
  });

  test("not before Retry-After", async () => {
    const stage = stageWith({ "/device": device(), "/token": [json(429, {}, { "retry-after": "90" }), tokens] });
    await logIn(inputFor(stage, deviceFlow));
    expect(stage.times).toEqual(["0 /device", "5 /token", "95 /token"]);
  });

  test("not after the code has expired, by a clock that nobody sets", async () => {
    const stage = stageWith({ "/device": device({ expires_in: 12 }), "/token": [PENDING] });
    await expect(logIn(inputFor(stage, deviceFlow))).rejects.toMatchObject({ code: "LOGIN_EXPIRED" });
    expect(stage.times).toEqual(["0 /device", "5 /token", "10 /token"]);
    expect(stage.host.monotonicMs()).toBe(12_000);
  });

  test("never for longer than an hour, whatever the vendor says", async () => {
    const stage = stageWith({ "/device": device({ expires_in: 1e9, interval: 60 }), "/token": [PENDING] });
    await expect(logIn(inputFor(stage, deviceFlow))).rejects.toMatchObject({ code: "LOGIN_EXPIRED" });
    expect(stage.host.monotonicMs()).toBe(3_600_000);
  });
});

describe("how a device login ends", () => {
  test.each([
    ["access_denied", "LOGIN_DENIED"],
    ["expired_token", "LOGIN_EXPIRED"],
    ["invalid_client", "LOGIN_CLIENT_NEEDED"],
    ["invalid_grant", "LOGIN_FAILED"],
    ["something_else", "LOGIN_FAILED"],
  ])("%s is %s, asked once", async (error, code) => {
    const stage = stageWith({ "/device": device(), "/token": [json(400, { error })] });
    await expect(logIn(inputFor(stage, deviceFlow))).rejects.toMatchObject({ code });
    expect(stage.times).toEqual(["0 /device", "5 /token"]);
  });

  test("the lifetime counts from when the tokens were asked for, less a minute", async () => {
    const stage = stageWith({ "/device": device(), "/token": [tokens] });
    const result = await logIn(inputFor(stage, deviceFlow));
    const sentAtMs = Date.UTC(2026, 10, 21, 12) + 5000;
    expect(result).toMatchObject({
      credential: { kind: "oauth", expiresAtMs: sentAtMs + 3_540_000 },
      login: { obtainedAtMs: sentAtMs, lifetimeSeconds: 3600, scopes: ["openid"], generation: 1 },
    });
  });

  test("the page is told with its code and its end, and no secret", async () => {
    const stage = stageWith({ "/device": device({ verification_uri_complete: "https://issuer.example/activate?c=ABCD-EFGH" }), "/token": [tokens] });
    const input = inputFor(stage, deviceFlow);
    await logIn(input);
    expect(input.events).toEqual([
      {
        event: "page",
        url: "https://issuer.example/activate",
        userCode: "ABCD-EFGH",
        verificationUrlComplete: "https://issuer.example/activate?c=ABCD-EFGH",
        expiresAtMs: Date.UTC(2026, 10, 21, 12, 10),
      },
      { event: "waiting" },
      { event: "received" },
      { event: "exchanged" },
    ]);
    expect(JSON.stringify(input.events)).not.toContain("secret");
  });

  test("secrets travel in the body alone, and the client is named", async () => {
    const stage = stageWith({ "/device": device(), "/token": [tokens] });
    await logIn(inputFor(stage, deviceFlow));
    expect(stage.host.asked.map(({ method, url, body }) => ({ method, url, form: Object.fromEntries(new URLSearchParams(body)) }))).toEqual([
      { method: "POST", url: "https://issuer.example/device", form: { scope: "openid", client_id: "lab-client" } },
      {
        method: "POST",
        url: "https://issuer.example/token",
        form: { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code: "device-secret-0001", client_id: "lab-client" },
      },
    ]);
  });
});

describe("a vendor that sends what nobody should see", () => {
  test.each([
    ["an escape in the code", { user_code: "\u001b[2JABCD" }],
    ["a title in the code", { user_code: "\u001b]0;owned\u0007" }],
    ["a line break in the code", { user_code: "AB\nCD" }],
    ["C1 controls in the code", { user_code: "AB\u009b31mCD" }],
    ["writing direction in the code", { user_code: "AB\u202eCD" }],
    ["what cannot be seen in the code", { user_code: "AB\u200bCD" }],
    ["a code of blanks", { user_code: "   " }],
    ["an endless code", { user_code: "A".repeat(65) }],
    ["a code that is a number", { user_code: 12345678 }],
    ["no code", { user_code: undefined }],
    ["an escape in the page", { verification_uri: "https://issuer.example/\u001b]52;c;aGk=\u0007" }],
    ["a line break in the page", { verification_uri: "https://issuer.example/\nhttps://attacker.example" }],
    ["a page without TLS", { verification_uri: "http://issuer.example/activate" }],
    ["a page that is a program", { verification_uri: "javascript:alert(1)" }],
    ["a page that is a file", { verification_uri: "file:///etc/passwd" }],
    ["a page that is a flag", { verification_uri: "--help" }],
    ["a page with a password", { verification_uri: "https://bank.example@attacker.example/" }],
    ["an endless page", { verification_uri: `https://issuer.example/${"a".repeat(3000)}` }],
    ["no page", { verification_uri: undefined }],
    ["an escape in the device code", { device_code: "\u001bc" }],
    ["no device code", { device_code: undefined }],
  ])("%s: nothing is shown, and nothing is asked any more", async (_, lie) => {
    const stage = stageWith({ "/device": device(lie), "/token": [tokens] });
    const input = inputFor(stage, deviceFlow);
    const thrown = await logIn(input).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "LOGIN_ANSWER_INVALID" });
    expect(String(thrown)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
    expect(input.events).toEqual([]);
    expect(stage.times).toEqual(["0 /device"]);
  });

  test("a page with the code filled in that cannot be trusted is left out", async () => {
    const stage = stageWith({ "/device": device({ verification_uri_complete: "javascript:alert(1)" }), "/token": [tokens] });
    const input = inputFor(stage, deviceFlow);
    await logIn(input);
    expect(input.events[0]).not.toHaveProperty("verificationUrlComplete");
  });

  test("names of other scripts in the page are shown as they are looked up", async () => {
    const stage = stageWith({ "/device": device({ verification_uri: "https://аррle.example/activate" }), "/token": [tokens] });
    const input = inputFor(stage, deviceFlow);
    await logIn(input);
    expect(input.events[0]).toMatchObject({ url: "https://xn--le-6kc8da.example/activate" });
  });

  test("what it says of a refusal is one harmless line, cut", async () => {
    const error = { error: "\u001b[31mserver", error_description: `no\u001b]0;x\u0007\u202e\u200b\r\n${"a".repeat(5000)}` };
    const stage = stageWith({ "/device": device(), "/token": [json(400, error)] });
    const thrown = await logIn(inputFor(stage, deviceFlow)).catch((caught: unknown) => caught);
    expect(thrown).toMatchObject({ code: "LOGIN_FAILED" });
    expect(String(thrown)).toMatch(/^[\u0020-\u007e\u2026]{1,400}$/);
  });

  test.each([
    ["a web page", () => response(200, "<!doctype html><title>hello</title>", { "content-type": "text/html" }), "LOGIN_ANSWER_INVALID"],
    ["half of JSON", () => response(200, '{"device_code":'), "LOGIN_ANSWER_INVALID"],
    ["70 kB", () => response(200, JSON.stringify({ ...DEVICE_ANSWER, more: "a".repeat(70_000) })), "LOGIN_ANSWER_INVALID"],
    ["another address", () => response(302, "", { location: "https://attacker.example" }), "LOGIN_ANSWER_INVALID"],
    ["a server error", json(500, {}), "LOGIN_FAILED"],
    ["no connection", broken("ECONNREFUSED"), "LOGIN_FAILED"],
  ])("%s in place of a device code", async (_, answer, code) => {
    const stage = stageWith({ "/device": [answer], "/token": [tokens] });
    await expect(logIn(inputFor(stage, deviceFlow))).rejects.toMatchObject({ code });
  });
});
