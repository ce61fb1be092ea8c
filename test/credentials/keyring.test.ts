import { describe, expect, test } from "vitest";
import { type KeyringPlace, keyringOffered, readFromKeyring, removeFromKeyring, storeInKeyring } from "../../src/credentials/keyring.ts";
import type { AppError } from "../../src/kernel/errors.ts";
import type { ProcessResult, RunLimits } from "../../src/kernel/host.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { fakeHost } from "../support/fake-host.ts";

const PLACE: KeyringPlace = { service: "signalbox", account: 'openai:"my" work' };
const SECRET = 'sk-"quoted\\ and ünusual';

interface Call {
  readonly words: readonly string[];
  readonly input: RunLimits["input"];
}

/** A keychain of Linux or macOS that keeps what it is given, as their programs do; and all that it was asked. */
function keychain(platform: "linux" | "darwin", answer?: (call: Call) => ProcessResult | undefined) {
  const calls: Call[] = [];
  let kept: string | undefined;
  const linux = ({ words: [, verb], input }: Call): ProcessResult => {
    if (verb === "store") kept = input;
    const found = verb === "lookup" && kept !== undefined;
    if (verb === "clear") kept = undefined;
    return verb === "lookup" && !found ? { exitCode: 1, stdout: "", stderr: "" } : { exitCode: 0, stdout: found ? (kept ?? "") : "", stderr: "" };
  };
  const darwin = ({ words: [, verb], input }: Call): ProcessResult => {
    const hex = / -X ([0-9a-f]+)\n$/.exec(input ?? "")?.[1];
    if (verb === "-i" && hex !== undefined) kept = Buffer.from(hex, "hex").toString();
    if (verb !== "-i" && kept === undefined) return { exitCode: 44, stdout: "", stderr: "security: SecKeychainSearchCopyNext: not found." };
    const stdout = verb === "find-generic-password" ? `${kept}\n` : "";
    if (verb === "delete-generic-password") kept = undefined;
    return { exitCode: 0, stdout, stderr: "" };
  };
  const host = fakeHost({
    platform,
    run: (command, args, limits) => {
      const call = { words: [command, ...args], input: limits.input };
      calls.push(call);
      return answer?.(call) ?? (platform === "linux" ? linux(call) : darwin(call));
    },
  });
  return { host, calls };
}

const thrown = (act: () => unknown): [string, string] | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return [(error as AppError).code, (error as AppError).message];
  }
};

describe.each(["linux", "darwin"] as const)("the keychain of %s", (platform) => {
  test("gives back what it was given, and forgets it again", () => {
    const { host } = keychain(platform);
    expect(readFromKeyring({ host }, PLACE)).toEqual({ kind: "absent" });
    storeInKeyring({ host }, PLACE, new Secret(SECRET), "Signalbox: openai:work");
    const found = readFromKeyring({ host }, PLACE);
    expect(found.kind === "secret" && found.secret.reveal()).toBe(SECRET);
    expect([removeFromKeyring({ host }, PLACE), removeFromKeyring({ host }, PLACE)]).toEqual(["removed", "absent"]);
  });

  test("never sees the secret among the words of a command", () => {
    const { host, calls } = keychain(platform);
    storeInKeyring({ host }, PLACE, new Secret(SECRET), "Signalbox: openai:work");
    removeFromKeyring({ host }, PLACE);
    expect(calls.length).toBeGreaterThan(3);
    expect(calls.filter(({ words }) => words.some((word) => word.includes("quoted") || word.includes("unusual")))).toEqual([]);
  });

  test("is offered when it answers that it has nothing", () => {
    expect(keyringOffered(keychain(platform))).toMatchObject({ kind: "offered" });
  });

  test("is not offered when its program is not there", () => {
    const { host } = keychain(platform, () => ({ exitCode: undefined, stdout: "", failure: "ENOENT" }));
    expect(keyringOffered({ host })).toMatchObject({
      kind: "not offered",
      reason: expect.stringMatching(/is not installed$/),
      hint: expect.stringMatching(/\S/),
    });
  });

  test("is not offered when there is nothing behind it, with what it said", () => {
    const said = "Cannot autolaunch D-Bus without X11 $DISPLAY";
    const { host } = keychain(platform, () => ({ exitCode: 36, stdout: "", stderr: `${said}\n` }));
    expect(keyringOffered({ host })).toMatchObject({ kind: "not offered", reason: said });
  });

  test("that does not answer in time is not waited for", () => {
    const { host } = keychain(platform, () => ({ exitCode: undefined, stdout: "", failure: "ETIMEDOUT" }));
    expect(keyringOffered({ host })).toMatchObject({ reason: expect.stringMatching(/did not answer in time; is it locked\?$/) });
    expect(readFromKeyring({ host }, PLACE)).toMatchObject({ kind: "failed" });
  });

  test("that refuses a secret, or loses it, is an error", () => {
    const isStore = ({ input }: Call): boolean => input !== undefined;
    const refusing = keychain(platform, (call) => (isStore(call) ? { exitCode: 1, stdout: "", stderr: "locked" } : undefined));
    const losing = keychain(platform, (call) => (isStore(call) ? { exitCode: 0, stdout: "", stderr: "" } : undefined));
    const store = ({ host }: ReturnType<typeof keychain>) => thrown(() => storeInKeyring({ host }, PLACE, new Secret(SECRET), "x"));
    expect([store(refusing), store(losing)]).toEqual([
      ["KEYRING_FAILED", expect.stringMatching(/did not take the secret: locked$/)],
      ["KEYRING_FAILED", expect.stringMatching(/took the secret, but does not give it back$/)],
    ]);
  });

  test("takes no secret that its program would cut off", () => {
    const { host, calls } = keychain(platform);
    expect(thrown(() => storeInKeyring({ host }, PLACE, new Secret("x".repeat(9000)), "x"))).toEqual([
      "KEYRING_FAILED",
      expect.stringMatching(/^the secret is too long/),
    ]);
    expect(calls).toEqual([]);
  });
});

test("the commands for macOS keep quotes and backslashes of names together", () => {
  const { host, calls } = keychain("darwin");
  storeInKeyring({ host }, { service: "a b", account: 'c"d\\e' }, new Secret("AB"), "l");
  expect(calls[0]).toEqual({ words: ["/usr/bin/security", "-i"], input: 'add-generic-password -U -s "a b" -a "c\\"d\\\\e" -l "l" -X 4142\n' });
});

test("Windows has none", () => {
  const host = fakeHost({ platform: "win32" });
  expect(keyringOffered({ host })).toMatchObject({ kind: "not offered" });
  expect(readFromKeyring({ host }, PLACE)).toMatchObject({ kind: "failed" });
  expect(thrown(() => storeInKeyring({ host }, PLACE, new Secret("x"), "x"))?.[0]).toBe("KEYRING_FAILED");
  expect(host.ran).toEqual([]);
});
