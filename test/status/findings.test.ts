import { describe, expect, test } from "vitest";
import { checkCode } from "../../src/status/check.ts";
import { HOUR, keyOf, loginOf, NOW, STORE, storeOf, tokenOf } from "../credentials/open-facts.ts";
import { statusOf } from "./status-of.ts";

const config = { agents: { defaults: { model: { primary: "openai/gpt-5.2" } } } };
const work = { type: "api_key", provider: "openai", ref: "env:WORK_KEY" };

describe("an account whose reference leads nowhere", () => {
  test("is a row with its reason, beside the others that answer", () => {
    const { accounts, chain, problems, auth } = statusOf({ config, store: storeOf({ "openai:work": work, "openai:home": keyOf("openai") }) });
    expect(
      accounts.map(({ profileId, position, reference, unresolved, fingerprint, health, passedOver }) => [
        profileId,
        position,
        reference,
        unresolved,
        fingerprint,
        health,
        passedOver?.detail,
      ]),
    ).toEqual([
      ["openai:home", 1, null, null, expect.stringMatching(/^sk-…/), "static", undefined],
      [
        "openai:work",
        null,
        "env:WORK_KEY",
        { reason: "the variable is not set", hint: "Set WORK_KEY, in the environment or in a .env file." },
        "missing",
        "missing",
        "refers to env:WORK_KEY, but the variable is not set",
      ],
    ]);
    expect([chain[0]?.readiness, auth.missingProvidersInUse]).toEqual(["ready", []]);
    expect(problems.map(({ severity, code, message, hint }) => [severity, code, message, hint])).toEqual([
      [
        "warning",
        "REFERENCE_UNRESOLVED",
        "openai:work refers to env:WORK_KEY, but the variable is not set",
        "Set WORK_KEY, in the environment or in a .env file.",
      ],
    ]);
  });

  test("and is the only one of a provider in use leaves that without a credential, with the same thing to do", () => {
    const report = statusOf({ config, store: storeOf({ "openai:work": work }) });
    expect(report.chain[0]).toMatchObject({ readiness: "missing", detail: "openai:work refers to env:WORK_KEY, but the variable is not set" });
    expect(report.problems[0]).toMatchObject({
      severity: "error",
      code: "CREDENTIAL_MISSING",
      message: "openai has no credential that may be used: openai:work refers to env:WORK_KEY, but the variable is not set; the default model needs one",
      hint: "Set WORK_KEY, in the environment or in a .env file.",
    });
    expect(checkCode(report, "in-use")).toBe(1);
  });

  test("of a provider that is not in use is worth a note", () => {
    const { problems } = statusOf({ store: storeOf({ "groq:work": { ...work, provider: "groq" } }) });
    expect(problems.filter(({ code }) => code === "REFERENCE_UNRESOLVED")).toMatchObject([{ severity: "note" }]);
  });
});

test("an account whose secret a program has counts as there, and nobody asks", () => {
  const { accounts, chain, problems } = statusOf({ config, store: storeOf({ "openai:op": { ...work, ref: "exec:op read op://vault/openai" } }) });
  expect(accounts).toMatchObject([
    { reference: 'exec:["op","read","op://vault/openai"]', unresolved: null, fingerprint: "not looked up", health: "static", position: 1 },
  ]);
  expect([chain[0]?.readiness, problems]).toEqual(["ready", []]);
});

describe("a store that was refused", () => {
  const files = { [STORE]: { text: JSON.stringify(storeOf({ "openai:a": keyOf("openai"), "zai:t": tokenOf("zai") })), mode: 0o644 } };

  test("is the first thing to mend, and what is in it is not known", () => {
    const { problems, accounts, auth } = statusOf({ config, files });
    expect([accounts, auth.storeExists]).toEqual([[], true]);
    expect(problems.map(({ severity, code, message }) => [severity, code, message])).toEqual([
      ["error", "STORE_PERMISSIONS", "the auth store can be read or written by other users of this machine (mode 644); it was not read"],
      ["error", "CREDENTIAL_MISSING", "openai has no credential that can be read; the default model needs one"],
    ]);
  });

  test("unless the process says that the disk has no permissions: then it is a warning", () => {
    const { problems, accounts } = statusOf({ config, files, env: { NEMO_ALLOW_INSECURE_PERMS: "1" } });
    expect([accounts.length, problems.map(({ severity, code }) => [severity, code])]).toEqual([2, [["warning", "STORE_PERMISSIONS"]]]);
  });
});

describe("a login of another program", () => {
  test("past its end is expired: only the program that made it renews it", () => {
    const report = statusOf({ config, store: storeOf({ "openai:me": loginOf("openai", NOW - HOUR) }) });
    expect(report.chain[0]).toMatchObject({ readiness: "expired", detail: "openai:me expired 1h ago" });
    expect(report.problems).toMatchObject([
      {
        severity: "warning",
        code: "CREDENTIAL_EXPIRED",
        message: "openai:me expired 1h ago",
        hint: "Only the program that made it renews it: use that once, or make a login of your own: `{cli} models auth login --provider openai`.",
      },
    ]);
    expect([checkCode(report, "in-use"), report.auth.oauth.profiles[0]?.status]).toEqual([0, "ok"]);
  });

  test("which still lives is ready", () => {
    const report = statusOf({ config, store: storeOf({ "openai:me": loginOf("openai", NOW + HOUR) }) });
    expect([report.chain[0]?.readiness, report.problems, checkCode(report, "in-use")]).toEqual(["ready", [], 0]);
  });

  test("which is for that program alone is never sent: its end is worth a note beside a key that is", () => {
    const entry = { type: "oauth", provider: "anthropic", access: "sk-ant-oat01-canary-0123456789", refresh: "r", expires: NOW - HOUR };
    const report = statusOf({ store: storeOf({ "anthropic:claude": entry, "anthropic:key": keyOf("anthropic") }) });
    expect(report.problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual(["note CREDENTIAL_EXPIRED"]);
    expect(checkCode(report, "in-use")).toBe(0);
  });
});
