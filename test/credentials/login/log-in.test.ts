import { describe, expect, test } from "vitest";
import type { LoginInput } from "../../../src/credentials/login/contract.ts";
import { logIn } from "../../../src/credentials/login/log-in.ts";
import { Secret } from "../../../src/kernel/secret.ts";
import type { LoginFlow } from "../../../src/provider/login-method.ts";
import { codeFlow, inputFor, ISSUER, json, keyFlow, type Stage, stageWith, TOKEN_ANSWER } from "./stage.ts";

/** With a browser that comes back with `query`, or never; and what became of the listener. */
function returning(stage: Stage, flow: LoginFlow, query: Readonly<Record<string, string>> | undefined, more: Partial<LoginInput> = {}) {
  const closed: string[] = [];
  const listen: LoginInput["machine"]["listen"] = async (options) => {
    const listener = await stage.machine.listen(options);
    const hit = query === undefined ? listener.hit : Promise.resolve(new Map(Object.entries(query)));
    return { ...listener, hit, close: async () => void closed.push(listener.redirectUri) };
  };
  const patient = { ...stage.host, wait: (): Promise<never> => new Promise(() => undefined) };
  const input = inputFor(stage, flow, { host: query === undefined ? stage.host : patient, machine: { ...stage.machine, listen }, ...more });
  return { input, closed };
}

const tokens = { "/token": [json(200, TOKEN_ANSWER)] };

describe("where the browser comes back to", () => {
  test("any port of 127.0.0.1 and /callback, unless the registration prescribes it", async () => {
    for (const [redirect, listened] of [
      [undefined, { host: "127.0.0.1", path: "/callback" }],
      [
        { host: "localhost", port: 1455, path: "/auth/callback" },
        { host: "localhost", port: 1455, path: "/auth/callback" },
      ],
    ] as const) {
      const stage = stageWith(tokens);
      await logIn(returning(stage, { ...codeFlow, ...(redirect !== undefined && { redirect }) }, { code: "abc" }).input);
      expect(stage.listened).toEqual([{ ...listened, state: expect.stringMatching(/^t+\d$/) }]);
    }
  });

  test("a path that nobody guesses where the vendor has no state", async () => {
    const stage = stageWith({ "/auth/keys": [json(200, { key: "sk-or-v1-0123456789" })] });
    await logIn(returning(stage, keyFlow, { code: "abc" }).input);
    expect(stage.listened).toEqual([{ host: "127.0.0.1", path: expect.stringMatching(/^\/callback\/t+\d$/) }]);
  });
});

describe("however a login by browser ends", () => {
  test.each([
    ["with a code", { code: "abc" }, undefined],
    ["refused", { error: "access_denied" }, "LOGIN_DENIED"],
    ["by nobody in time", undefined, "LOGIN_EXPIRED"],
  ])("%s: nobody listens afterwards", async (_, query, code) => {
    const { input, closed } = returning(stageWith(tokens), codeFlow, query);
    const outcome = await logIn(input).then(
      () => undefined,
      (thrown: { readonly code: string }) => thrown.code,
    );
    expect(outcome).toBe(code);
    expect(closed).toEqual(["http://127.0.0.1:41001/callback"]);
  });

  test("a person is waited for as long as is told, and the page says until when", async () => {
    const { input } = returning(stageWith(tokens), codeFlow, undefined, { patienceMs: 90_000 });
    await expect(logIn(input)).rejects.toMatchObject({ code: "LOGIN_EXPIRED" });
    expect(input.events[0]).toMatchObject({ event: "page", expiresAtMs: Date.UTC(2026, 10, 21, 12, 1, 30) });
    expect(input.host.monotonicMs()).toBe(90_000);
  });

  test("a question that the person gives up ends it", async () => {
    const paste = (): Promise<never> => Promise.reject(new Error("given up"));
    const { input, closed } = returning(stageWith(tokens), codeFlow, undefined, { paste });
    await expect(logIn({ ...input, host: { ...input.host, wait: () => new Promise(() => undefined) } })).rejects.toThrow("given up");
    expect(closed).toHaveLength(1);
  });

  test("a paste that is a secret is taken as one", async () => {
    const paste = async (): Promise<Secret> => new Secret("the-code");
    const { input } = returning(stageWith(tokens), codeFlow, undefined, { paste });
    expect(await logIn({ ...input, host: { ...input.host, wait: () => new Promise(() => undefined) } })).toMatchObject({ kind: "credential" });
  });

  test("what cannot be used is asked for ten times at most", async () => {
    let asked = 0;
    const paste = async (): Promise<string> => `it does not work ${(asked += 1)}`;
    const { input } = returning(stageWith(tokens), codeFlow, undefined, { paste });
    await expect(logIn({ ...input, host: { ...input.host, wait: () => new Promise(() => undefined) } })).rejects.toMatchObject({ code: "LOGIN_FAILED" });
    expect([asked, input.events.filter(({ event }) => event === "paste_refused").length]).toEqual([10, 10]);
  });
});

describe("the page", () => {
  const visited = async (browser: LoginInput["browser"], machine: Partial<LoginInput["machine"]>) => {
    const stage = stageWith({});
    const shown: string[] = [];
    const openBrowser = async (url: string): Promise<boolean> => shown.push(url) > 0;
    const input = inputFor(stage, { kind: "api-key-page", page: `${ISSUER}/keys` }, { browser, machine: { ...stage.machine, openBrowser, ...machine } });
    const result = await logIn(input);
    return { result, shown, events: input.events.map(({ event }) => event) };
  };

  test("is shown where somebody can see it, and told in any case", async () => {
    const result = { kind: "key_page", url: `${ISSUER}/keys` };
    expect(await visited("open", { canShowBrowser: true })).toEqual({ result, shown: [`${ISSUER}/keys`], events: ["page", "browser_opened"] });
    expect(await visited("open", { canShowBrowser: false })).toEqual({ result, shown: [], events: ["page"] });
    expect(await visited("print", { canShowBrowser: true })).toEqual({ result, shown: [], events: ["page"] });
    expect(await visited("open", { canShowBrowser: true, openBrowser: async () => false })).toMatchObject({ events: ["page", "browser_not_opened"] });
  });

  test("of a key is one that can be trusted", async () => {
    const input = inputFor(stageWith({}), { kind: "api-key-page", page: "http://issuer.example/keys" });
    await expect(logIn(input)).rejects.toMatchObject({ code: "LOGIN_ISSUER_INVALID" });
    expect(input.events).toEqual([]);
  });
});

test("a login that was interrupted before it began does nothing", async () => {
  const stage = stageWith(tokens);
  await expect(logIn(inputFor(stage, codeFlow, { signal: AbortSignal.abort(new Error("Ctrl-C")) }))).rejects.toThrow("Ctrl-C");
  expect([stage.listened, stage.times]).toEqual([[], []]);
});
