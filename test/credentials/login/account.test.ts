import { describe, expect, test } from "vitest";
import { accountOfToken, askAccount } from "../../../src/credentials/login/account.ts";
import { Secret } from "../../../src/kernel/secret.ts";
import { broken, ISSUER, json, stageWith } from "./stage.ts";

const idToken = (claims: unknown): string => ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");

describe("the account of an id token", () => {
  test("is its e-mail and its subject, or what stands where the vendor puts it", () => {
    expect(accountOfToken(idToken({ email: "zoë@example.com", sub: "u1" }), undefined)).toEqual({ email: "zoë@example.com", accountId: "u1" });
    const claims = { sub: "u1", "https://vendor.example/auth": { account: "acc-7" } };
    expect(accountOfToken(idToken(claims), ["https://vendor.example/auth", "account"])).toEqual({ accountId: "acc-7" });
    expect(accountOfToken(idToken(claims), ["constructor", "name"])).toEqual({});
  });

  test.each([
    ["no token", undefined],
    ["no text", 7],
    ["no parts", "abc"],
    ["no base64", "a.%%%.c"],
    ["no JSON", "a.YWJj.c"],
    ["a list", idToken(["a@b.example"])],
  ])("%s says nothing", (_, token) => expect(accountOfToken(token, undefined)).toEqual({}));

  test.each(["not an address", "a@b\u001b[2J", "a\n@b.example", "a@b\u202e.example", "@", `${"a".repeat(300)}@b.example`, 7, { a: 1 }])(
    "%j is no e-mail to name an account by",
    (email) => expect(accountOfToken(idToken({ email }), undefined)).toEqual({}),
  );

  test.each(["with blank", "\u001b[2J", "x".repeat(129), "", { a: 1 }])("%j is no id to name an account by", (sub) =>
    expect(accountOfToken(idToken({ sub }), undefined)).toEqual({}),
  );
});

describe("asking whose a token is", () => {
  const credential = { kind: "token", token: new Secret("access-secret-0001") } as const;
  const signal = new AbortController().signal;

  test("sends it in a header, and takes what the vendor has for a name", async () => {
    const stage = stageWith({ "/user": [json(200, { id: 42, login: "ada", email: null })] });
    expect(await askAccount(stage.host, `${ISSUER}/user`, credential, signal)).toEqual({ accountId: "42" });
    expect(stage.host.asked[0]).toMatchObject({ method: "GET", url: `${ISSUER}/user`, headers: { authorization: "Bearer access-secret-0001" } });
  });

  test("is no obstacle when it fails, and never goes unencrypted", async () => {
    expect(await askAccount(stageWith({ "/user": [broken("ECONNREFUSED")] }).host, `${ISSUER}/user`, credential, signal)).toEqual({});
    expect(await askAccount(stageWith({ "/user": [json(401, {})] }).host, `${ISSUER}/user`, credential, signal)).toEqual({});
    const plain = stageWith({ "/user": [json(200, { sub: "u" })] });
    expect(await askAccount(plain.host, "http://issuer.example/user", credential, signal)).toEqual({});
    expect(plain.times).toEqual([]);
  });
});
