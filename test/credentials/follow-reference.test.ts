import { describe, expect, test } from "vitest";
import { configuredAuth } from "../../src/credentials/configured-auth.ts";
import { healthOf } from "../../src/credentials/health.ts";
import { rotationOf } from "../../src/credentials/order.ts";
import { passedOverText } from "../../src/credentials/passed-over.ts";
import type { AuthProfile } from "../../src/credentials/profile.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { DAY, type FactsInput, HOME, keyOf, NOW, openFacts, storeOf } from "./open-facts.ts";

const refOf = (ref: unknown, more: Readonly<Record<string, unknown>> = {}): unknown => ({ type: "api_key", provider: "openai", ref, ...more });

/** What one entry with a reference becomes: its secret, or why it has none. */
function lookedUp(ref: string, machine: FactsInput = {}): unknown {
  const { credentials } = openFacts({ ...machine, store: storeOf({ "openai:work": refOf(ref) }) });
  const profile = credentials.profiles.find(({ id }) => id === "openai:work") as AuthProfile;
  return profile.unresolved ?? (profile.credential as { key: { reveal(): string } }).key.reveal();
}

const FILE = "/run/secrets/openai";

describe("a reference to a variable", () => {
  test("gives its value, whichever layer sets it", () => {
    expect(lookedUp("env:WORK_KEY", { env: { WORK_KEY: " sk-work\n" } })).toBe("sk-work");
    expect(lookedUp("env:WORK_KEY", { files: { [`${HOME}/.nemo/.env`]: "WORK_KEY=sk-dotenv\n" } })).toBe("sk-dotenv");
    expect(lookedUp("env:WORK_KEY", { config: { env: { vars: { WORK_KEY: "sk-config" } } } })).toBe("sk-config");
  });

  test.each([[{}], [{ WORK_KEY: "" }], [{ WORK_KEY: " " }]])("that is unset or blank leads nowhere", (env) => {
    expect(lookedUp("env:WORK_KEY", { env })).toBe("the variable is not set");
  });
});

describe("a reference to a file", () => {
  test("gives what is in it, without the line break at its end", () => {
    expect(lookedUp(`file:${FILE}`, { files: { [FILE]: "sk-file\n" } })).toBe("sk-file");
    expect(lookedUp("file:~/keys/openai", { files: { [`${HOME}/keys/openai`]: "sk-home\r\n" } })).toBe("sk-home");
  });

  test.each<[string, FactsInput["files"], string]>([
    ["that is not there", {}, "there is no such file"],
    ["that is empty", { [FILE]: "\n" }, "the file is empty"],
    ["of several lines", { [FILE]: "sk-a\nsk-b\n" }, "the file holds more than one line"],
    ["that is too large", { [FILE]: "x".repeat(64 * 1024 + 1) }, "the file is larger than 64 KB"],
    ["that is no text", { [FILE]: "\uFFFD" }, "the file is not UTF-8 text"],
    ["that may not be read", { [FILE]: { unreadable: "EACCES" } }, "the file cannot be read (EACCES)"],
    ["that is a folder", { [`${FILE}/x`]: "" }, "the file cannot be read (EISDIR)"],
    ["that others can read", { [FILE]: { text: "sk-open", mode: 0o644 } }, "the file can be read or written by other users of this machine (mode 644)"],
  ])("%s leads nowhere, and says so", (_, files, reason) => {
    expect(lookedUp(`file:${FILE}`, files === undefined ? {} : { files })).toBe(reason);
  });

  test("that others can read is read where the process says that the disk has no permissions", () => {
    const machine = { files: { [FILE]: { text: "sk-open", mode: 0o644 } }, env: { NEMO_ALLOW_INSECURE_PERMS: "1" } };
    expect(lookedUp(`file:${FILE}`, machine)).toBe("sk-open");
  });
});

describe("references among the accounts of a provider", () => {
  const machine = (env: Readonly<Record<string, string>> = {}): FactsInput => ({
    env,
    store: storeOf({
      "openai:env": refOf("env:WORK_KEY"),
      "openai:exec": refOf('exec:["op","read","x"]'),
      "openai:keyring": { type: "token", provider: "openai", ref: "keyring:signalbox/openai", expires: NOW + 2 * DAY },
      "openai:plain": keyOf("openai"),
    }),
  });
  const rotation = (input: FactsInput) => {
    const { credentials, config, registry } = openFacts(input);
    return rotationOf(toProviderId("openai"), credentials, configuredAuth(config, registry), NOW);
  };

  test("one that leads nowhere is passed over with its reason, and those that are looked up when they are needed are asked", () => {
    const { candidates, passedOver } = rotation(machine());
    expect(candidates.map(({ id }) => id)).toEqual(["openai:keyring", "openai:exec", "openai:plain"]);
    expect(passedOver.map((passed) => [passed.profileId, passed.reason, passedOverText(passed, NOW)])).toEqual([
      ["openai:env", "unresolved", "refers to env:WORK_KEY, but the variable is not set"],
    ]);
  });

  test("one that is resolved is asked like any other", () => {
    expect(rotation(machine({ WORK_KEY: "sk-work" })).candidates.map(({ id }) => id)).toContain("openai:env");
  });

  test("nobody is asked for their secrets, and there is no fingerprint of what was not looked up", () => {
    const { credentials, host } = openFacts(machine({ WORK_KEY: "sk-work" }));
    expect(host.ran).toEqual([]);
    expect(credentials.profiles.map((profile) => [profile.id, credentials.fingerprintOf(profile), healthOf(profile, NOW, DAY)])).toEqual([
      ["openai:env", expect.stringMatching(/^sk-…[0-9a-f]{6}$/), "static"],
      ["openai:exec", "not looked up", "static"],
      ["openai:keyring", "not looked up", "ok"],
      ["openai:plain", expect.stringMatching(/^sk-…[0-9a-f]{6}$/), "static"],
    ]);
  });

  test("a variable that the store refers to is not asked a second time for itself", () => {
    const { passedOver } = rotation({ store: storeOf({ "openai:env": refOf("env:OPENAI_API_KEY") }), env: { OPENAI_API_KEY: "sk-one-key" } });
    expect(passedOver).toMatchObject([{ profileId: "env:OPENAI_API_KEY", reason: "duplicate", sameAs: "openai:env" }]);
  });
});

describe("an entry of a store", () => {
  const problems = (entry: unknown) =>
    openFacts({ store: storeOf({ "openai:work": entry }) }).credentials.problems.map(({ severity, message }) => [severity, message]);

  test.each([
    [refOf("sk-not-a-reference"), 'has a "ref" that begins with none of env:, file:, exec: and keyring:'],
    [refOf(7), 'has a "ref" that is not text'],
    [{ type: "oauth", provider: "openai", ref: "env:X", access: "a", refresh: "r", expires: NOW }, 'has a "ref", which a login cannot have'],
  ])("with a reference that is none is broken, and says why", (entry, message) => {
    expect(problems(entry)).toEqual([["error", `the stored profile "openai:work" ${message}`]]);
  });

  test("with a secret and a reference goes by its secret, as older agents do, and says so", () => {
    const entry = refOf("env:WORK_KEY", { key: "sk-stored" });
    const { credentials } = openFacts({ store: storeOf({ "openai:work": entry }) });
    expect(credentials.profiles[0]?.reference).toBeUndefined();
    expect(problems(entry)).toEqual([["warning", 'the stored profile "openai:work" has both "key" and "ref"; the first counts']]);
  });
});
