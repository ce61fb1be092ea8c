import { describe, expect, test } from "vitest";
import { codeFlow, DEVICE_ANSWER, deviceFlow, ISSUER, json, stageWith } from "./stage.ts";
import { folder, kept, start, tokens } from "./two-steps.ts";

describe("the first step", () => {
  test("of a login by browser: a page whose answer nobody waits for, and what is needed to finish", async () => {
    const stage = stageWith(tokens);
    const started = await start(stage, codeFlow);
    const query = new URL(started.url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({ redirect_uri: "http://127.0.0.1:41001/callback", response_type: "code", code_challenge_method: "S256" });
    expect(started).toMatchObject({ needs: "paste", expiresAtMs: Date.UTC(2026, 10, 21, 12, 15), pending: { notes: { profileId: "lab:me" } } });
    expect(started.handle).toMatch(/^h[\w-]{23}$/);
    expect(kept(stage)).toEqual([`${folder}/${started.handle}.json`]);
    expect(stage.times).toEqual([]);
  });

  test("a port that the registration prescribes is not listened on", async () => {
    const stage = stageWith(tokens);
    const { url } = await start(stage, { ...codeFlow, redirect: { host: "localhost", port: 1455, path: "/auth/callback" } });
    expect(new URL(url).searchParams.get("redirect_uri")).toBe("http://localhost:1455/auth/callback");
    expect(stage.listened).toEqual([]);
  });

  test("of a login by device code: the page and its code", async () => {
    const stage = stageWith({ "/device": [json(200, DEVICE_ANSWER)], ...tokens });
    const started = await start(stage, deviceFlow);
    expect(started).toMatchObject({ url: `${ISSUER}/activate`, userCode: "ABCD-EFGH", needs: "none", expiresAtMs: Date.UTC(2026, 10, 21, 12, 10) });
    expect(stage.times).toEqual(["0 /device"]);
  });

  test("the client's secret is not kept, and nothing kept shows in what is told", async () => {
    const stage = stageWith({ "/device": [json(200, DEVICE_ANSWER)] });
    const { Secret } = await import("../../../src/kernel/secret.ts");
    const client = { clientId: "lab-client", clientSecret: new Secret("registration-secret"), clientSecretVariable: "LAB_SECRET" };
    const started = await start(stage, deviceFlow, { client });
    const text = stage.host.written.get(`${folder}/${started.handle}.json`) ?? "";
    expect(text).toContain("device-secret-0001");
    expect(text).toContain("LAB_SECRET");
    expect(text).not.toContain("registration-secret");
    expect(JSON.stringify(started)).not.toContain("device-secret-0001");
  });

  test.each([
    [{ kind: "api-key-page", page: "https://issuer.example/keys" }, "https://issuer.example/keys"],
    [{ kind: "delegate", program: "az", loginArguments: ["login"], checkArguments: [] }, "`az login`"],
  ] as const)("there is none for %j", async (flow, hint) => {
    await expect(start(stageWith({}), flow)).rejects.toMatchObject({ code: "USAGE", facts: { hint: expect.stringContaining(hint) } });
  });
});
