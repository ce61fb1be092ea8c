import { describe, expect, test } from "vitest";
import type { AuthProfile, SecretReference } from "../../src/credentials/profile.ts";
import { type ResolveOptions, resolveSecret } from "../../src/credentials/resolve-secret.ts";
import type { ResolvedSecret } from "../../src/credentials/secret-program.ts";
import type { ProcessResult, RunLimits } from "../../src/kernel/host.ts";
import { toProfileId, toProviderId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { withholdBelow } from "../../src/kernel/withheld-variables.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { HOUR, NOW } from "./open-facts.ts";

const OPTIONS: ResolveOptions = { homeDir: "/home/me", isInteractive: false, withheld: ["OPENAI_API_KEY"] };

const profileOf = (reference: SecretReference | undefined, key = "", more: Partial<AuthProfile> = {}): AuthProfile => ({
  id: toProfileId("openai:work"),
  provider: toProviderId("openai"),
  origin: { kind: "store", file: "/store", inherited: false },
  credential: { kind: "api_key", key: new Secret(key) },
  ...(reference !== undefined && { reference }),
  ...more,
});

const EXEC: SecretReference = { kind: "exec", command: ["op", "read", "op://vault/openai"] };

const shown = (answer: ResolvedSecret): unknown =>
  answer.kind === "unresolved"
    ? { reason: answer.reason, hint: answer.hint }
    : { secret: answer.secret.reveal(), ...(answer.expiresAtMs !== undefined && { expiresAtMs: answer.expiresAtMs }) };

/** What a program that ends in a certain way leads to. */
async function asked(result: Partial<ProcessResult>, reference: SecretReference = EXEC, machine: FakeMachine = {}) {
  const host = fakeHost({ ...machine, run: () => ({ exitCode: 0, stdout: "", ...result }) });
  return shown(await resolveSecret(host, profileOf(reference), OPTIONS));
}

describe("a secret that is there", () => {
  test("is given as it is, and nobody is asked", async () => {
    const host = fakeHost();
    expect(shown(await resolveSecret(host, profileOf(undefined, "sk-stored"), OPTIONS))).toEqual({ secret: "sk-stored" });
    const token = profileOf(undefined, "", { credential: { kind: "token", token: new Secret("t") } });
    const login = profileOf(undefined, "", { credential: { kind: "oauth", access: new Secret("a"), refresh: new Secret("r"), expiresAtMs: NOW } });
    expect([shown(await resolveSecret(host, token, OPTIONS)), shown(await resolveSecret(host, login, OPTIONS))]).toEqual([{ secret: "t" }, { secret: "a" }]);
    expect(host.ran).toEqual([]);
  });

  test("or not, is told with the reason", async () => {
    const unset = profileOf({ kind: "env", variable: "X" }, "", { unresolved: "the variable is not set", unresolvedHint: "Set X." });
    expect(shown(await resolveSecret(fakeHost(), unset, OPTIONS))).toEqual({ reason: "the variable is not set", hint: "Set X." });
    expect(shown(await resolveSecret(fakeHost(), profileOf(undefined), OPTIONS))).toMatchObject({ reason: "it holds no secret" });
  });
});

describe("a program that hands out a secret", () => {
  test("is run without a shell, with nothing on stdin, and without the keys of others", async () => {
    const calls: [string, readonly string[], RunLimits][] = [];
    const host = fakeHost({
      env: { HOME: "/home/me", PATH: "/bin", OPENAI_API_KEY: "sk-other", OP_SESSION: "s" },
      run: (...call) => {
        calls.push(call);
        return { exitCode: 0, stdout: "sk-from-op\n" };
      },
    });
    expect(shown(await resolveSecret(host, profileOf(EXEC), OPTIONS))).toEqual({ secret: "sk-from-op" });
    expect(calls).toEqual([
      [
        "op",
        ["read", "op://vault/openai"],
        {
          timeoutMs: 10_000,
          maxBytes: 64 * 1024,
          stderr: "capture",
          env: { HOME: "/home/me", PATH: "/bin", OP_SESSION: "s", SIGNALBOX_INTERACTIVE: "0" },
        },
      ],
    ]);
  });

  test("sees neither the gateway's token nor the secret of a registered client", async () => {
    withholdBelow("NEMO");
    const seen: unknown[] = [];
    const host = fakeHost({
      env: { HOME: "/home/me", NEMO_GATEWAY_TOKEN: "t", NEMO_GOOGLE_CLIENT_SECRET: "s" },
      run: (_command, _args, { env }) => ({ exitCode: 0, stdout: `t${seen.push(env)}` }),
    });
    await resolveSecret(host, profileOf(EXEC), OPTIONS);
    expect(seen).toEqual([{ HOME: "/home/me", SIGNALBOX_INTERACTIVE: "0" }]);
  });

  test("may take its time and talk when a person is watching", async () => {
    const limits: RunLimits[] = [];
    const host = fakeHost({
      run: (_command, _args, given) => {
        limits.push(given);
        return { exitCode: 0, stdout: "t" };
      },
    });
    await resolveSecret(host, profileOf(EXEC), { ...OPTIONS, isInteractive: true });
    expect(limits).toMatchObject([{ timeoutMs: 60_000, stderr: "pass", env: { SIGNALBOX_INTERACTIVE: "1" } }]);
  });

  test("may be named from the home folder on", async () => {
    const host = fakeHost({ run: () => ({ exitCode: 0, stdout: "t" }) });
    await resolveSecret(host, profileOf({ kind: "exec", command: ["~/bin/token", "~/x"] }), OPTIONS);
    expect(host.ran).toEqual(["/home/me/bin/token ~/x"]);
  });

  test.each<[string, string, unknown]>([
    ["a token", "sk-token\n", { secret: "sk-token" }],
    ["a token in JSON", '{"token":"sk-token"}', { secret: "sk-token" }],
    ["with its end in ISO 8601", '{"token":"sk-token","expiresAt":"2026-11-21T13:00:00Z"}', { secret: "sk-token", expiresAtMs: NOW + HOUR }],
    ["with its end in milliseconds", `{"token":"sk-token","expiresAt":${NOW + HOUR}}`, { secret: "sk-token", expiresAtMs: NOW + HOUR }],
    ["with its end in seconds", `{"token":"sk-token","expiresAt":${(NOW + HOUR) / 1000}}`, { secret: "sk-token", expiresAtMs: NOW + HOUR }],
    ["with an end that is none", '{"token":"sk-token","expiresAt":"soon"}', { secret: "sk-token" }],
    [
      "as kubectl's plugins print it",
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"sk-token","expirationTimestamp":"2026-11-21T13:00:00Z"}}',
      { secret: "sk-token", expiresAtMs: NOW + HOUR },
    ],
  ])("prints %s", async (_, stdout, answer) => {
    expect(await asked({ stdout })).toEqual(answer);
  });

  test.each<[string, Partial<ProcessResult>, string]>([
    ["prints nothing", { stdout: " \n" }, "op printed nothing on stdout"],
    ["prints several lines", { stdout: "Hello!\nsk-token\n" }, "op printed more than one line on stdout"],
    ["prints JSON without a token", { stdout: '{"secret":"x"}' }, 'op printed JSON without a "token"'],
    ["prints broken JSON", { stdout: '{"token":"x"' }, 'op printed JSON without a "token"'],
    ["gives a token that has ended", { stdout: `{"token":"x","expiresAt":${NOW - HOUR}}` }, "op gave a token that expired 1h ago"],
    ["fails", { exitCode: 3, stderr: "not\n  signed in \n" }, "op ended with exit code 3: not signed in"],
    ["fails without a word", { exitCode: 1 }, "op ended with exit code 1"],
    ["is not there", { exitCode: undefined, failure: "ENOENT" }, "there is no program op"],
    ["may not be run", { exitCode: undefined, failure: "EACCES" }, "op may not be run"],
    ["hangs", { exitCode: undefined, failure: "ETIMEDOUT" }, "op did not answer within 10 s"],
    ["talks without end", { exitCode: undefined, failure: "ENOBUFS" }, "op printed more than 64 KB"],
    ["is killed", { exitCode: undefined, failure: "ended by SIGSEGV" }, "op could not be run to its end (ended by SIGSEGV)"],
  ])("and %s leads to no secret, and says why and what to do", async (_, result, reason) => {
    expect(await asked(result)).toEqual({ reason, hint: expect.stringMatching(/\S/) });
  });

  test("whose complaint quotes a secret is quoted without it", async () => {
    const secret = new Secret("Zq8Yw3Rt6Vb1Nm4Kj7Hg9Fd2Sa5Lp0Xc").reveal();
    const stderr = `cannot use ${secret}, nor ${secret.slice(0, 20)}…, nor sk-ant-api03-Qx5Wt8Ny2Bc7Jk4M; ${"tell me more ".repeat(30)}`;
    const { reason } = (await asked({ exitCode: 1, stderr })) as { reason: string };
    expect(reason).toMatch(/^op ended with exit code 1: cannot use \[secret\], nor \[secret\]…, nor \[secret\]; (tell me more )+t?e?l?l?.*…$/);
    expect(reason.length).toBeLessThan(240);
  });
});

describe("what a program gave", () => {
  /** `aheadMs`: how much the clock that people set is ahead of the one that nobody sets. */
  const counting = (stdout: (call: number) => string) => {
    let [nowMs, monotonicMs, calls] = [NOW, 0, 0];
    const machine = fakeHost({ run: () => ({ exitCode: 0, stdout: stdout((calls += 1)) }) });
    const host = { ...machine, nowMs: () => nowMs, monotonicMs: () => monotonicMs };
    return async (atMs: number, aheadMs = 0): Promise<unknown> => {
      [nowMs, monotonicMs] = [atMs + aheadMs, atMs - NOW];
      return shown(await resolveSecret(host, profileOf(EXEC), OPTIONS));
    };
  };

  test("is kept until its end", async () => {
    const at = counting((call) => JSON.stringify({ token: `t${call}`, expiresAt: NOW + call * 600_000 }));
    expect([await at(NOW), await at(NOW + 599_999), await at(NOW + 600_000)]).toMatchObject([{ secret: "t1" }, { secret: "t1" }, { secret: "t2" }]);
  });

  test("is kept for an hour at most", async () => {
    const at = counting((call) => JSON.stringify({ token: `t${call}`, expiresAt: NOW + 1000 * HOUR }));
    expect([await at(NOW), await at(NOW + HOUR - 1), await at(NOW + HOUR)]).toMatchObject([{ secret: "t1" }, { secret: "t1" }, { secret: "t2" }]);
  });

  test("without an end is kept for five minutes", async () => {
    const at = counting((call) => `t${call}`);
    expect([await at(NOW), await at(NOW + 299_999), await at(NOW + 300_000)]).toEqual([{ secret: "t1" }, { secret: "t1" }, { secret: "t2" }]);
  });

  test("is kept no longer when the clock is put back meanwhile, and not beyond its end when that is put on", async () => {
    const plain = counting((call) => `t${call}`);
    const back = [await plain(NOW, 6 * HOUR), await plain(NOW + 299_999), await plain(NOW + 300_000)];
    expect(back).toEqual([{ secret: "t1" }, { secret: "t1" }, { secret: "t2" }]);
    const ending = counting((call) => JSON.stringify({ token: `t${call}`, expiresAt: NOW + call * HOUR }));
    expect([await ending(NOW), await ending(NOW + 1000, HOUR)]).toMatchObject([{ secret: "t1" }, { secret: "t2" }]);
  });

  test("is not kept when it is nothing", async () => {
    const at = counting((call) => (call === 1 ? "" : "t"));
    expect([await at(NOW), await at(NOW)]).toMatchObject([{ reason: "op printed nothing on stdout" }, { secret: "t" }]);
  });

  test("is nobody else's", async () => {
    const host = fakeHost({ run: (_command, args) => ({ exitCode: 0, stdout: args.join() }) });
    const one = await resolveSecret(host, profileOf({ kind: "exec", command: ["op", "a"] }), OPTIONS);
    const other = await resolveSecret(host, profileOf({ kind: "exec", command: ["op", "b"] }), OPTIONS);
    expect([shown(one), shown(other)]).toEqual([{ secret: "a" }, { secret: "b" }]);
  });
});

describe("a secret in the keychain", () => {
  const KEYRING: SecretReference = { kind: "keyring", service: "signalbox", account: "openai" };

  test("is asked for when it is needed", async () => {
    expect(await asked({ stdout: "sk-kept" }, KEYRING)).toEqual({ secret: "sk-kept" });
  });

  test("that is not there is told with its name", async () => {
    expect(await asked({ exitCode: 1, stderr: "" }, KEYRING)).toEqual({
      reason: "the keychain has nothing of that name",
      hint: expect.stringContaining("service signalbox, account openai"),
    });
  });

  test("that cannot be opened is told with what it said", async () => {
    expect(await asked({ exitCode: 1, stderr: "secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY\n" }, KEYRING)).toMatchObject({
      reason: "secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY",
    });
  });
});
