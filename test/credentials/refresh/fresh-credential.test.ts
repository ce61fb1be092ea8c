import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/kernel/errors.ts";
import { NOW, STORE } from "../open-facts.ts";
import { type Answer, entryOf, failing, ID, MINUTE, type Rig, rigOf, said, timeout, tokens } from "./rig.ts";

const soon = (minutes: number, login = {}) => entryOf({ obtainedAtMs: NOW - (60 - minutes - 1) * MINUTE, ...login }, { expires: NOW + minutes * MINUTE });
const loginIn = (entry: Record<string, unknown> | undefined) => entry?.["signalbox"] as Record<string, unknown>;

describe("a login that is not due", () => {
  test("is given back as it is, and nobody is asked", async () => {
    const rig = rigOf({ entry: soon(50) });
    expect([said(await rig.fresh()), rig.host.asked.length, rig.host.written.size]).toEqual(["current access-4", 0, 0]);
  });

  test("that another program made is never renewed, nor written", async () => {
    const foreign = { type: "oauth", provider: "zai", access: "theirs", refresh: "their-refresh" };
    const good = rigOf({ entry: { ...foreign, expires: NOW + MINUTE } });
    expect(said(await good.fresh())).toBe("current theirs");
    const over = rigOf({ entry: { ...foreign, expires: NOW - 180 * MINUTE } });
    const fresh = await over.fresh();
    expect([said(fresh), over.host.asked.length, over.host.written.size]).toEqual(["unusable CREDENTIAL_EXPIRED", 0, 0]);
    expect(fresh.problem).toEqual({
      code: "CREDENTIAL_EXPIRED",
      message: `${ID} expired 3h ago, and belongs to the program that made it: only that one renews it`,
      hint: "Use that program once, or make a login of your own: `{cli} models auth login --provider zai`.",
    });
    expect(said(await over.after401())).toBe("unusable CREDENTIAL_REJECTED");
  });
});

describe("a login that is due", () => {
  test("is renewed by one request, and stored before it is used", async () => {
    const rig = rigOf({ answers: [tokens(5)] });
    expect(said(await rig.fresh())).toBe("renewed access-5");
    expect(rig.host.asked).toEqual([
      {
        method: "POST",
        url: "https://id.example/token",
        headers: expect.objectContaining({ "content-type": "application/x-www-form-urlencoded", accept: "application/json" }),
        body: "grant_type=refresh_token&refresh_token=refresh-4&client_id=my-app",
      },
    ]);
    expect(JSON.parse(rig.host.written.get(STORE) ?? "")).toEqual({
      version: 1,
      rev: 2,
      profiles: {
        [ID]: {
          ...entryOf({ obtainedAtMs: NOW, generation: 5, lastRefresh: { atMs: NOW, by: "test", outcome: "renewed" } }),
          ...{ access: "access-5", refresh: "refresh-5", expires: NOW + 59 * MINUTE },
        },
      },
      usageStats: { [ID]: { lastUsed: 5 } },
    });
  });

  test("asked for many times at once is renewed once", async () => {
    const rig = rigOf({ answers: [tokens(5)] });
    const other = rig.another();
    const all = await Promise.all([rig.fresh(), rig.fresh(), other.fresh(), other.fresh(), rig.fresh()]);
    expect(all.map(said)).toEqual(["renewed access-5", "renewed access-5", "adopted access-5", "adopted access-5", "renewed access-5"]);
    expect(rig.host.asked.length).toBe(1);
  });

  test("in a process that lives on is renewed behind the caller's back", async () => {
    const rig = rigOf({ entry: soon(3), answers: [tokens(5)], lives: "long" });
    expect(said(await rig.fresh())).toBe("current access-4");
    expect(said(await rig.fresh())).toBe("current access-4");
    await expect.poll(() => rig.stored()?.["access"]).toBe("access-5");
    expect(rig.host.asked.length).toBe(1);
  });

  test("is not looked up again by one who holds the old tokens", async () => {
    const rig = rigOf({ answers: [tokens(5), tokens(6)] });
    expect(said(await rig.fresh())).toBe("renewed access-5");
    rig.machine.did.length = 0;
    expect([said(await rig.fresh()), rig.machine.did]).toEqual(["current access-5", []]);
    await rig.host.wait(60 * MINUTE);
    expect([said(await rig.fresh()), said(await rig.fresh())]).toEqual(["renewed access-6", "current access-6"]);
    const anew = { ...rig.profile(), credential: { ...rig.profile().credential, expiresAtMs: NOW + 300 * MINUTE } };
    expect(said(await rig.fresh(anew))).toBe("current access-6");
  });

  test.each([
    ["the refresh token is unusable: the old one stays", { refresh_token: "bad \u0000 token" }, { refresh: "refresh-4", expires: NOW + 59 * MINUTE }],
    ["a refresh token is missing: the old one stays", { refresh_token: undefined }, { refresh: "refresh-4", expires: NOW + 59 * MINUTE }],
    ["the lifetime is text", { expires_in: "7200" }, { refresh: "refresh-5", expires: NOW + 119 * MINUTE }],
    ["the lifetime is missing: as before", { expires_in: undefined }, { refresh: "refresh-5", expires: NOW + 59 * MINUTE }],
    ["the lifetime is 0: as before", { expires_in: 0 }, { refresh: "refresh-5", expires: NOW + 59 * MINUTE }],
    ["the lifetime cannot be: as before", { expires_in: 1e12 }, { refresh: "refresh-5", expires: NOW + 59 * MINUTE }],
    ["the lifetime is a minute: half of it", { expires_in: 60 }, { refresh: "refresh-5", expires: NOW + 30_000 }],
    ["the kind is missing", { token_type: undefined }, { refresh: "refresh-5", expires: NOW + 59 * MINUTE }],
  ])("is kept when %s", async (_, odd, wanted) => {
    const rig = rigOf({ answers: [tokens(5, odd)] });
    expect(said(await rig.fresh())).toBe("renewed access-5");
    expect(rig.stored()).toMatchObject({ access: "access-5", ...wanted });
  });

  test("keeps other scopes, and how far the issuer's clock is ahead", async () => {
    const rig = rigOf({
      answers: [{ ...tokens(5, { scope: "chat images" }), headers: { date: new Date(NOW + 300_000).toUTCString() } }],
    });
    await rig.fresh();
    expect(loginIn(rig.stored())).toMatchObject({ scopes: ["chat", "images"], clockAheadMs: 300_000 });
  });

  test.each([
    ["of another kind", { token_type: "DPoP" }],
    ["that has expired already", { expires_in: -1 }],
    ["that ends in a second", { expires_in: 1 }],
    ["that is a page", { access_token: "<html>Error</html>" }],
    ["that cannot travel in a header", { access_token: "not a token \u4e2d" }],
  ])("keeps a refresh token that came with a token %s, which nobody gets", async (_, odd) => {
    const rig = rigOf({ answers: [tokens(5, odd)] });
    expect(said(await rig.fresh())).toBe("unusable REFRESH_FAILED");
    expect(rig.stored()).toMatchObject({ access: "access-4", refresh: "refresh-5", expires: NOW - MINUTE });
  });

  test("that brought no token to use keeps the old one while it lives, and the issuer is left alone for a while that grows", async () => {
    const without = tokens(5, { access_token: undefined });
    const rig = rigOf({ entry: soon(2), answers: [without, tokens(6, { access_token: undefined }), tokens(7)] });
    const fresh = await rig.fresh();
    expect([said(fresh), fresh.problem]).toEqual([
      "current access-4 REFRESH_FAILED",
      {
        code: "REFRESH_FAILED",
        message: `${ID} was not renewed: id.example answered without an access token that can be used`,
        hint: `The new refresh token was kept. It is not asked again for 1s. To try at once: \`{cli} models auth refresh ${ID} --force\`.`,
      },
    ]);
    expect(said(await rig.fresh(fresh.profile))).toBe("current access-4 REFRESH_FAILED");
    expect(said(await rig.another().fresh(fresh.profile))).toBe("current access-4 REFRESH_FAILED");
    expect([rig.host.asked.length, loginIn(rig.stored())["lastRefresh"]]).toEqual([1, expect.objectContaining({ failures: 1, retryAtMs: NOW + 500 })]);
    await rig.host.wait(500);
    await rig.fresh(fresh.profile);
    expect([rig.stored()?.["refresh"], loginIn(rig.stored())["lastRefresh"]]).toEqual([
      "refresh-6",
      expect.objectContaining({ failures: 2, retryAtMs: NOW + 1500 }),
    ]);
    await rig.host.wait(1000);
    expect([said(await rig.fresh(fresh.profile)), loginIn(rig.stored())["lastRefresh"]]).toEqual([
      "renewed access-7",
      { outcome: "renewed", atMs: NOW + 1500, by: "test" },
    ]);
  });

  test("that brought no token to use does not offer again what a vendor has rejected", async () => {
    const rig = rigOf({ entry: soon(30), answers: [tokens(5, { access_token: undefined })] });
    expect(said(await rig.after401())).toBe("unusable REFRESH_FAILED");
    expect(said(await rig.after401())).toMatch(/^unusable/);
    expect([rig.host.asked.length, rig.stored()?.["refresh"]]).toEqual([1, "refresh-5"]);
  });

  test.each([
    ["an error beside them", { json: { access_token: "access-5", refresh_token: "refresh-5", error: "temporarily_unavailable" } }],
    ["the word that the old one is spent", { json: { access_token: "access-5", refresh_token: "refresh-5", error: "invalid_grant" } }],
    ["another status of success", { status: 201, json: { access_token: "access-5", refresh_token: "refresh-5" } }],
  ])("keeps tokens that come with %s", async (_, answer) => {
    const rig = rigOf({ answers: [answer] });
    expect(said(await rig.fresh())).toBe("renewed access-5");
    expect(rig.stored()).toMatchObject({ access: "access-5", refresh: "refresh-5" });
  });

  test("of a client with a secret sends it, and says which variable is missing before anybody is asked", async () => {
    const entry = entryOf({ clientSecretVariable: "APP_SECRET", clientSecretIn: "header" });
    const with1 = rigOf({ entry, env: { APP_SECRET: "shh+shh" }, answers: [tokens(5)] });
    expect(said(await with1.fresh())).toBe("renewed access-5");
    expect(with1.host.asked[0]?.headers["authorization"]).toBe(`Basic ${btoa("my-app:shh%2Bshh")}`);
    const without = rigOf({ entry });
    expect((await without.fresh()).problem).toMatchObject({ code: "REFRESH_MISCONFIGURED", message: expect.stringContaining("APP_SECRET is not set") });
    expect([without.host.asked.length, without.host.written.size]).toEqual([0, 0]);
  });

  test("is not sent unencrypted", async () => {
    const rig = rigOf({ entry: entryOf({ tokenUrl: "http://id.example/token" }) });
    expect([said(await rig.fresh()), rig.host.asked.length]).toEqual(["unusable REFRESH_MISCONFIGURED", 0]);
  });
});

describe("a clock that was set", () => {
  test.each([
    ["three days back", NOW + 3 * 1440 * MINUTE, 1],
    ["ten years back", NOW + 5_256_000 * MINUTE, 1],
    ["an hour back", NOW + 59 * MINUTE, 1],
    ["half a minute back", NOW + 30_000, 0],
  ])("%s since the login asks the issuer, who knows", async (_, obtainedAtMs, asked) => {
    const rig = rigOf({ entry: entryOf({ obtainedAtMs }, { expires: obtainedAtMs + 59 * MINUTE }), answers: [tokens(5)] });
    expect([said(await rig.fresh()), rig.host.asked.length]).toEqual([asked === 1 ? "renewed access-5" : "current access-4", asked]);
  });

  test.each([
    ["fifty minutes", 50 * MINUTE, "renewed access-5", 1],
    ["half a minute", 30_000, "unusable REFRESH_FAILED", 0],
  ])("back by %s since a renewal failed", async (_, aheadMs, wanted, asked) => {
    const lastRefresh = { atMs: NOW + aheadMs, by: "test", outcome: "failed", why: "did not answer in time", retryAtMs: NOW + aheadMs + 500 } as const;
    const rig = rigOf({ entry: entryOf({ lastRefresh }), answers: [tokens(5)] });
    expect([said(await rig.fresh()), rig.host.asked.length]).toEqual([wanted, asked]);
  });

  test("in this process's life counts for nothing: another clock ends the token", async () => {
    const rig = rigOf({ answers: [tokens(5), tokens(6)] });
    const renewed = await rig.fresh();
    Object.assign(rig.host, { nowMs: () => NOW });
    expect(said(await rig.fresh(renewed.profile))).toBe("current access-5");
    await rig.host.wait(60 * MINUTE);
    expect(said(await rig.fresh(renewed.profile))).toBe("renewed access-6");
  });
});

describe("a disk that takes nothing", () => {
  const full = new AppError("FILE_WRITE_FAILED", "the store could not be written (ENOSPC)", { hint: "Make room." });

  test("before the request: nobody is asked", async () => {
    const rig = rigOf({ trouble: { full } });
    const fresh = await rig.fresh();
    expect(fresh.problem).toEqual({
      code: "FILE_WRITE_FAILED",
      message: `${ID} was not renewed, and nobody was asked: the store could not be written (ENOSPC)`,
      hint: "Make room.",
    });
    expect([rig.host.asked.length, rig.host.written.size]).toEqual([0, 0]);
    const stillGood = rigOf({ entry: soon(2), trouble: { full } });
    expect(said(await stillGood.fresh())).toBe("current access-4 FILE_WRITE_FAILED");
  });

  test("after it: the tokens are used, rescued, and put in their place by the next one", async () => {
    const rig = rigOf({ answers: [tokens(5), tokens(6)] });
    const change = rig.host.changeFiles;
    let intents = 0;
    const sick = Object.assign(rig.host, {
      changeFiles: (...args: Parameters<typeof change>) => (intents++ === 0 ? change(...args) : Promise.reject(full)),
    });
    expect(said(await rig.fresh())).toBe("renewed access-5 TOKENS_UNSAVED");
    expect(rig.warned).toEqual([expect.stringMatching(/could not be stored: .*ENOSPC\); they are kept in \/run\/user\/1000\/signalbox-1\.json\. Make room/)]);
    expect([rig.stored()?.["access"], intents, rig.machine.rescues.size]).toEqual(["access-4", 7, 1]);
    expect(said(await rig.fresh())).toBe("current access-5");
    sick.changeFiles = change;
    const next = rig.another();
    expect(said(await next.fresh())).toBe("adopted access-5");
    expect([next.stored(), rig.machine.rescues.size, rig.host.asked.length]).toEqual([
      expect.objectContaining({ access: "access-5", refresh: "refresh-5" }),
      0,
      1,
    ]);
  });

  test("what was rescued is found behind what was left of an older login", async () => {
    const rig = rigOf({ answers: [tokens(5)] });
    const change = rig.host.changeFiles;
    let writes = 0;
    Object.assign(rig.host, { changeFiles: (...args: Parameters<typeof change>) => (writes++ === 0 ? change(...args) : Promise.reject(full)) });
    await rig.fresh();
    const copies = [...rig.machine.rescues.values()].map((text) => ({ file: "/tmp/signalbox-1000/signalbox-1.json", text }));
    const old = { file: "/run/user/1000/signalbox-1.json", text: JSON.stringify({ version: 1, profile: ID, replaces: "3 …000000", entry: entryOf() }) };
    Object.assign(rig.machine, { rescued: () => [old, ...copies] });
    rig.host.changeFiles = change;
    expect([said(await rig.another().fresh()), rig.stored()?.["refresh"]]).toEqual(["adopted access-5", "refresh-5"]);
  });

  test("what was rescued does not replace a newer login", async () => {
    const rig = rigOf({ answers: [tokens(5), tokens(6)] });
    rig.machine.rescue({ store: STORE, id: ID }, JSON.stringify({ version: 1, profile: ID, replaces: "3 …000000", entry: entryOf({}, { access: "old" }) }));
    expect(said(await rig.fresh())).toBe("renewed access-5");
  });
});

describe("an issuer that refuses", () => {
  const refusal: Answer = { status: 400, json: { error: "invalid_grant", error_description: "\u001b[31mrevoked" } };

  test("the token: a new login is needed, and the tokens stay", async () => {
    const rig = rigOf({ answers: [refusal] });
    const fresh = await rig.fresh();
    expect(fresh.problem).toEqual({
      code: "NEEDS_LOGIN",
      message: `${ID} needs a new login: id.example no longer accepts the refresh token (invalid_grant)`,
      hint: `Log in again: \`{cli} models auth login --provider zai --profile-id ${ID}\`.`,
    });
    expect(rig.stored()).toMatchObject({ access: "access-4", refresh: "refresh-4" });
    expect([loginIn(rig.stored())["intent"], loginIn(rig.stored())["needsLogin"]]).toEqual([
      undefined,
      { sinceMs: NOW + 175, why: "id.example no longer accepts the refresh token (invalid_grant)" },
    ]);
    expect(said(await rig.another().fresh())).toBe("unusable NEEDS_LOGIN");
    expect(rig.host.asked.length).toBe(1);
  });

  test("the token, while somebody else has renewed it: theirs is taken, and nothing deleted", async () => {
    const rig = rigOf({
      answers: [
        (own) => {
          own.write(entryOf({ generation: 5 }, { access: "access-5", refresh: "refresh-5", expires: NOW + 50 * MINUTE }));
          return refusal;
        },
      ],
    });
    expect(said(await rig.fresh())).toBe("adopted access-5");
    expect(loginIn(rig.stored())["needsLogin"]).toBeUndefined();
  });

  test("the token after a renewal that was interrupted: it is tried once, and said so", async () => {
    const rig = rigOf({ entry: entryOf({ intent: { generation: 4, atMs: NOW - 3 * MINUTE, by: "gateway" } }), answers: [refusal] });
    expect((await rig.fresh()).problem?.message).toBe(
      `${ID} needs a new login: an earlier renewal (gateway, 3m before) was interrupted and its answer lost, and the refresh token is now refused`,
    );
    expect(loginIn(rig.stored())["lastRefresh"]).toMatchObject({ outcome: "interrupted" });
    expect(said(await rig.another().fresh())).toBe("unusable NEEDS_LOGIN");
  });

  test("the client: that is no fault of the login", async () => {
    const rig = rigOf({ entry: soon(2), answers: [{ status: 401, json: { error: "invalid_client" } }] });
    expect(said(await rig.fresh())).toBe("current access-4 REFRESH_FAILED");
    expect([said(await rig.fresh()), rig.host.asked.length]).toEqual(["current access-4 REFRESH_FAILED", 1]);
    expect(loginIn(rig.stored())).toMatchObject({ lastRefresh: { outcome: "failed", why: "does not know the client (invalid_client)" } });
  });
});

describe("trouble on the way", () => {
  test("before anything was sent is tried again twice", async () => {
    const rig = rigOf({ answers: [failing("ECONNREFUSED"), failing("ENOTFOUND"), tokens(5)] });
    expect([said(await rig.fresh()), rig.host.asked.length]).toEqual(["renewed access-5", 3]);
    const behindDeadProxy = (): Error => Object.assign(failing("407"), { name: "ProxyError" });
    for (const trouble of [() => timeout("connect"), behindDeadProxy]) {
      const down = rigOf({ entry: soon(2), answers: Array.from({ length: 3 }, trouble) });
      expect(said(await down.fresh())).toBe("current access-4 REFRESH_FAILED");
      expect(loginIn(down.stored())["intent"]).toBeUndefined();
    }
  });

  test.each([
    ["nothing in time", timeout("first_byte"), "did not answer in time"],
    ["a broken connection", failing("ECONNRESET"), "broke off (ECONNRESET)"],
    ["a gateway's error", { status: 502, json: {} }, "is in trouble itself (502)"],
    ["a broken server's word", { status: 500, json: { error: "invalid_grant" } }, "is in trouble itself (500)"],
    ["a page in a token's place", { json: { access_token: "<html>Error</html>" } }, "answered without an access token that can be used"],
    ["no JSON", { text: "<html>" }, "answered with something other than JSON"],
    ["no end", { text: `"${"x".repeat(70_000)}"` }, "answered with more than 64 kB"],
  ] as const)("after it was sent, with %s for an answer, is noted: the token may be spent", async (_, answer, why) => {
    const rig = rigOf({ answers: [answer, tokens(6)] });
    const fresh = await rig.fresh();
    expect([said(fresh), fresh.problem?.hint]).toEqual([
      "unusable REFRESH_FAILED",
      `Its refresh token may be spent; the next renewal shows whether a new login is needed. It is not asked again for 1s. To try at once: \`{cli} models auth refresh ${ID} --force\`.`,
    ]);
    expect(loginIn(rig.stored())).toMatchObject({
      intent: { generation: 4, atMs: NOW, by: "test" },
      lastRefresh: { outcome: "failed", why, failures: 1, retryAtMs: NOW + 500 },
    });
    expect([said(await rig.another().fresh()), rig.host.asked.length]).toEqual(["unusable REFRESH_FAILED", 1]);
    await rig.host.wait(600);
    expect([said(await rig.another().fresh()), loginIn(rig.stored())["intent"]]).toEqual(["renewed access-6", undefined]);
  });

  test("of a server that breaks down is not its word about the token or the client", async () => {
    for (const error of ["invalid_grant", "invalid_client"]) {
      const rig = rigOf({ answers: [{ status: 503, json: { error } }, tokens(5)] });
      expect((await rig.fresh()).problem?.message).toBe(`${ID} was not renewed: id.example is in trouble itself (503)`);
      await rig.host.wait(1000);
      expect(said(await rig.fresh())).toBe("renewed access-5");
    }
  });

  test("of a server that says when is left until then; a person may insist", async () => {
    const rig = rigOf({ entry: soon(2), answers: [{ status: 429, json: {}, headers: { "retry-after": "90" } }, tokens(5)] });
    expect((await rig.fresh()).problem?.hint).toBe(
      `Its login is as it was. It is not asked again for 2m. To try at once: \`{cli} models auth refresh ${ID} --force\`.`,
    );
    expect(loginIn(rig.stored())).toMatchObject({ lastRefresh: { retryAtMs: NOW + 90_000 } });
    expect([said(await rig.another().fresh()), rig.host.asked.length]).toEqual(["current access-4 REFRESH_FAILED", 1]);
    expect(said(await rig.forced())).toBe("renewed access-5");
  });

  test("again and again is waited for longer, a minute at most", async () => {
    const pauses: number[] = [];
    const rig = rigOf({ answers: Array.from({ length: 9 }, () => ({ status: 503, json: {} })) });
    for (let i = 0; i < 9; i++) {
      const nowMs = rig.host.nowMs();
      await rig.forced();
      pauses.push((loginIn(rig.stored())["lastRefresh"] as { retryAtMs: number }).retryAtMs - nowMs);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });
});

describe("what happens during a renewal", () => {
  test("a logout: nothing is brought back", async () => {
    const rig = rigOf({
      answers: [
        (own) => {
          own.write(undefined);
          return tokens(5);
        },
      ],
    });
    expect([said(await rig.fresh()), rig.stored()]).toEqual(["unusable PROFILE_UNKNOWN", undefined]);
  });

  test("a login: it counts for more than the answer", async () => {
    const anew = entryOf({ generation: 1 }, { access: "access-new", refresh: "refresh-new", expires: NOW + 50 * MINUTE });
    const rig = rigOf({
      answers: [
        (own) => {
          own.write(anew);
          return tokens(5);
        },
      ],
    });
    expect([said(await rig.fresh()), rig.stored()]).toEqual(["adopted access-new", anew]);
  });

  const renamed = (answer: Answer) => (own: Rig) => {
    own.rename("zai:eve");
    return answer;
  };

  test("another id: the account keeps its new tokens under that one", async () => {
    const rig = rigOf({ answers: [renamed(tokens(5)), tokens(6)] });
    const fresh = await rig.fresh();
    expect([said(fresh), fresh.profile.id]).toEqual(["renewed access-5", "zai:eve"]);
    expect(rig.all()).toEqual({ "zai:eve": expect.objectContaining({ access: "access-5", refresh: "refresh-5" }) });
    expect([loginIn(rig.all()["zai:eve"])["intent"], rig.machine.rescues.size]).toEqual([undefined, 0]);
    await rig.host.wait(60 * MINUTE);
    expect([said(await rig.fresh()), rig.all()["zai:eve"]?.["refresh"]]).toEqual(["renewed access-6", "refresh-6"]);
  });

  test("another id: what the issuer refused is noted under that one", async () => {
    const rig = rigOf({ answers: [renamed({ status: 400, json: { error: "invalid_grant" } })] });
    expect(said(await rig.fresh())).toBe("unusable NEEDS_LOGIN");
    expect(rig.all()).toEqual({ "zai:eve": expect.objectContaining({ refresh: "refresh-4" }) });
    expect(loginIn(rig.all()["zai:eve"])).toMatchObject({ needsLogin: { sinceMs: NOW + 25 } });
  });
});

describe("after a vendor's 401", () => {
  test("tokens that were stored since are taken over", async () => {
    const rig = rigOf({ entry: soon(40) });
    rig.write(entryOf({ generation: 5 }, { access: "access-5", refresh: "refresh-5", expires: NOW + 50 * MINUTE }));
    expect([said(await rig.after401()), rig.host.asked.length]).toEqual(["adopted access-5", 0]);
  });

  test("a login is renewed once, and not again within half a minute", async () => {
    const rig = rigOf({ entry: soon(40), answers: [tokens(5), tokens(6)] });
    const first = await rig.after401();
    expect(said(first)).toBe("renewed access-5");
    await rig.host.wait(10_000);
    const second = await rig.after401(first.profile);
    expect(second.problem?.message).toBe(`the vendor rejected ${ID}, and it was renewed 10s ago`);
    await rig.host.wait(25_000);
    expect([said(await rig.after401(first.profile)), rig.host.asked.length]).toEqual(["renewed access-6", 2]);
  });
});
