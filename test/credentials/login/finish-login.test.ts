import { describe, expect, test } from "vitest";
import { finishLogin } from "../../../src/credentials/login/finish-login.ts";
import { pendingLogin } from "../../../src/credentials/login/pending-file.ts";
import { AppError } from "../../../src/kernel/errors.ts";
import { codeFlow, DEVICE_ANSWER, deviceFlow, ISSUER, json, keyFlow, PENDING, stageWith, TOKEN_ANSWER } from "./stage.ts";
import { finishing, kept, place, start, tokens } from "./two-steps.ts";

/** A patience that ends while the vendor is asked, as `--timeout` makes it. */
function impatience() {
  const over = new AbortController();
  const overdue = (): never => {
    over.abort(new AppError("LOGIN_EXPIRED", "nobody finished the login", { hint: "Run it again." }));
    throw over.signal.reason;
  };
  return { over, signal: over.signal, overdue };
}

describe("the second step", () => {
  test("of a login by browser, with the address that the browser ended at", async () => {
    const stage = stageWith(tokens);
    const started = await start(stage, codeFlow);
    const state = new URL(started.url).searchParams.get("state");
    const input = finishing(stage);
    const result = await finishLogin(input, pendingLogin(place(stage), started.handle), `http://127.0.0.1:41001/callback?code=abc&state=${state}`);
    expect(result).toMatchObject({ kind: "credential", credential: { kind: "oauth" }, login: { clientId: "lab-client", tokenUrl: `${ISSUER}/token` } });
    const form = Object.fromEntries(new URLSearchParams(stage.host.asked[0]?.body));
    expect(form).toMatchObject({ grant_type: "authorization_code", code: "abc", redirect_uri: "http://127.0.0.1:41001/callback" });
    expect(stage.host.sha256(form["code_verifier"] ?? "").slice(0, 43)).toBe(new URL(started.url).searchParams.get("code_challenge"));
    expect(input.events.map(({ event }) => event)).toEqual(["received", "exchanged"]);
    expect(kept(stage)).toHaveLength(1);
  });

  test.each([
    ["another state", "http://127.0.0.1:41001/callback?code=abc&state=another", "LOGIN_STATE_MISMATCH"],
    ["another path", "http://127.0.0.1:41001/other?code=abc&state=another", "LOGIN_STATE_MISMATCH"],
    ["nothing", undefined, "INPUT_MISSING"],
    ["another address", "https://attacker.example/?code=abc", "INPUT_MISSING"],
  ])("with %s nothing is sent, and it can be tried again", async (_, pasted, code) => {
    const stage = stageWith(tokens);
    const { pending } = await start(stage, codeFlow);
    await expect(finishLogin(finishing(stage), pending, pasted)).rejects.toMatchObject({ code });
    expect(stage.times).toEqual([]);
    expect(kept(stage)).toHaveLength(1);
  });

  test("a refusal on the page ends it", async () => {
    const stage = stageWith(tokens);
    const { pending, url } = await start(stage, codeFlow);
    const pasted = `error=access_denied&state=${new URL(url).searchParams.get("state")}`;
    await expect(finishLogin(finishing(stage), pending, pasted)).rejects.toMatchObject({ code: "LOGIN_DENIED" });
    expect(stage.times).toEqual([]);
    expect(kept(stage)).toEqual([]);
  });

  test("a vendor in trouble leaves it to be tried again", async () => {
    const stage = stageWith({ "/token": [json(503, {}), json(200, TOKEN_ANSWER)] });
    const { pending } = await start(stage, codeFlow);
    await expect(finishLogin(finishing(stage), pending, "abc")).rejects.toMatchObject({ code: "LOGIN_FAILED" });
    expect(await finishLogin(finishing(stage), pending, "abc")).toMatchObject({ kind: "credential" });
  });

  test("of OpenRouter's login gives a key", async () => {
    const stage = stageWith({ "/auth/keys": [json(200, { key: "sk-or-v1-0123456789", user_id: "user_1" })] });
    const started = await start(stage, keyFlow, { client: undefined });
    const back = new URL(started.url).searchParams.get("callback_url");
    expect(await finishLogin(finishing(stage, { client: undefined }), started.pending, `${back}?code=abc`)).toMatchObject({
      credential: { kind: "api_key" },
      accountId: "user_1",
    });
    await expect(finishLogin(finishing(stage), started.pending, "http://127.0.0.1:41001/callback/other?code=abc")).rejects.toMatchObject({
      code: "LOGIN_STATE_MISMATCH",
    });
  });

  test("of a device login waits for the person", async () => {
    const stage = stageWith({ "/device": [json(200, DEVICE_ANSWER)], "/token": [PENDING, json(200, TOKEN_ANSWER)] });
    const { pending } = await start(stage, deviceFlow);
    expect(await finishLogin(finishing(stage), pending)).toMatchObject({ kind: "credential" });
    expect(stage.times).toEqual(["0 /device", "5 /token", "10 /token"]);
  });

  test("of a device login waits no longer than it is told, keeps the slower pace, and can be tried again", async () => {
    const server = [json(400, { error: "slow_down" }), PENDING, json(200, TOKEN_ANSWER)];
    const stage = stageWith({ "/device": [json(200, DEVICE_ANSWER)], "/token": server });
    const { handle, pending } = await start(stage, deviceFlow);
    await expect(finishLogin(finishing(stage, { patienceMs: 16_000 }), pending)).rejects.toMatchObject({ code: "LOGIN_PENDING" });
    expect(stage.times).toEqual(["0 /device", "5 /token", "15 /token"]);
    expect(await finishLogin(finishing(stage), pendingLogin(place(stage), handle))).toMatchObject({ kind: "credential" });
    expect(stage.times.at(-1)).toBe("26 /token");
  });

  test("of a device login at a vendor that answers too late can be tried again", async () => {
    const { over, signal, overdue } = impatience();
    const stage = stageWith({ "/device": [json(200, DEVICE_ANSWER)], "/token": [overdue, json(200, TOKEN_ANSWER)] });
    const { handle, pending } = await start(stage, deviceFlow);
    await expect(finishLogin(finishing(stage, { signal }), pending)).rejects.toMatchObject({
      code: "LOGIN_PENDING",
      hint: expect.stringContaining("same handle"),
    });
    expect([over.signal.aborted, kept(stage).length]).toEqual([true, 1]);
    expect(await finishLogin(finishing(stage), pendingLogin(place(stage), handle))).toMatchObject({ kind: "credential" });
  });

  test("that is too late for the login itself ends it", async () => {
    const { signal, overdue } = impatience();
    const late = () => {
      void stage.host.wait(10_000);
      return overdue();
    };
    const stage = stageWith({ "/device": [json(200, DEVICE_ANSWER)], "/token": [late] });
    const { pending } = await start(stage, deviceFlow);
    await stage.host.wait(590_000);
    await expect(finishLogin(finishing(stage, { signal }), pending)).rejects.toMatchObject({ code: "LOGIN_EXPIRED" });
    expect([kept(stage), stage.times]).toEqual([[], ["0 /device", "595 /token"]]);
  });

  test("that the vendor calls too late ends it, whatever the time is here", async () => {
    const stage = stageWith({ "/device": [json(200, DEVICE_ANSWER)], "/token": [json(400, { error: "expired_token" })] });
    const { pending } = await start(stage, deviceFlow);
    await expect(finishLogin(finishing(stage), pending)).rejects.toMatchObject({ code: "LOGIN_EXPIRED" });
    expect(kept(stage)).toEqual([]);
  });
});
