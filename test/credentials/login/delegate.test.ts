import { describe, expect, test } from "vitest";
import { checkDelegate } from "../../../src/credentials/login/delegate.ts";
import { withhold } from "../../../src/kernel/withheld-variables.ts";
import { type FakeMachine, fakeHost } from "../../support/fake-host.ts";

const flow = { kind: "delegate", program: "az", loginArguments: ["login"], checkArguments: ["account", "show"] } as const;

describe("a login that another program keeps", () => {
  test("is there when the program says so; what it prints is not looked at", () => {
    const host = fakeHost({ run: () => ({ exitCode: 0, stdout: "secret" }) });
    expect(checkDelegate(host, flow)).toEqual({ kind: "delegated", program: "az", isChecked: true });
    expect(host.ran).toEqual(["az account show"]);
  });

  test("is asked for without the secrets of others, but with what is the program's own", () => {
    withhold(["OPENAI_API_KEY", "AZURE_API_KEY"]);
    const seen: unknown[] = [];
    const env = { HOME: "/home/me", OPENAI_API_KEY: "canary", AZURE_API_KEY: "own" };
    const run: FakeMachine["run"] = (_program, _words, limits) => {
      seen.push(limits.env);
      return { exitCode: 0, stdout: "" };
    };
    checkDelegate(fakeHost({ env, run }), flow);
    expect(seen).toEqual([{ HOME: "/home/me", AZURE_API_KEY: "own" }]);
  });

  test("is not asked for where the program has no way to say so", () => {
    const host = fakeHost();
    expect(checkDelegate(host, { ...flow, checkArguments: [] })).toEqual({ kind: "delegated", program: "az", isChecked: false });
    expect(host.ran).toEqual([]);
  });

  test.each([
    ["nobody is logged in", { exitCode: 1, stdout: "" }, "nobody is logged in to az"],
    ["it is not installed", { exitCode: undefined, stdout: "", failure: "ENOENT" }, "the program az is not installed, or not in PATH"],
    ["it hangs", { exitCode: undefined, stdout: "", failure: "ETIMEDOUT" }, "the program az did not answer (ETIMEDOUT)"],
  ])("says what to run when %s", (_, result, message) => {
    const act = (): unknown => checkDelegate(fakeHost({ run: () => result }), flow);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ code: "LOGIN_FAILED", facts: { hint: expect.stringContaining("`az login`") } }));
  });
});
