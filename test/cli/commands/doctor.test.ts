import { describe, expect, test } from "vitest";
import type { DoctorReport } from "../../../src/cli/commands/doctor.ts";
import { CONFIG, HOME, keyOf, STORE, storeOf } from "../../credentials/open-facts.ts";
import { runAtHome, runOn } from "../../status/run-command.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const codes = (out: string): string[] => (JSON.parse(out) as DoctorReport).problems.map(({ severity, code }) => `${severity} ${code}`);

const GOOD = {
  files: { [CONFIG]: json({ agents: { defaults: { model: { primary: "openai/gpt-5.2" } } } }), [STORE]: json(storeOf({ "openai:default": keyOf("openai") })) },
};

describe("doctor", () => {
  test("finds nothing where nothing is wrong, and says what it looked at", async () => {
    const { exit, out } = await runOn(GOOD, "doctor");
    expect(exit).toBe(0);
    expect(out.split("\n").filter((line) => !line.includes("catalogue"))).toEqual([
      "✓ Nothing is wrong.",
      "",
      "Looked at",
      "  ✓ config       ~/.nemo/nemo.json",
      "  ✓ environment  0 credentials in variables",
      "  ✓ auth stores  1 stored account; agent: main",
      "  ✓ models.json  0 providers",
      "  ✓ plugins      0 found",
      "  ✓ models       1 in the chain",
      "  ✓ credentials  of the providers in use",
      "",
    ]);
  });

  test("a config that cannot be used is a finding for each of its faults, and nothing else is looked at", async () => {
    const { exit, out } = await runOn({ files: { [CONFIG]: json({ agents: { defaults: { modle: {} } }, auth: { ordr: {} } }) } }, "doctor --json");
    expect(exit).toBe(1);
    expect(codes(out)).toEqual(["error CONFIG_INVALID", "error CONFIG_INVALID"]);
    const report = JSON.parse(out) as DoctorReport;
    expect(report.problems.map(({ file, line }) => [file, line])).toEqual([
      [CONFIG, 4],
      [CONFIG, 8],
    ]);
    expect(report.areas.map(({ state }) => state)).toEqual(["errors", ...Array.from({ length: 7 }, () => "unknown")]);
  });

  test("a config with an error of syntax is one finding, not a crash", async () => {
    const { exit, out, err } = await runOn({ files: { [CONFIG]: "{ agents: " } }, "doctor");
    expect([exit, err]).toEqual([1, ""]);
    expect(out).toMatch(/^✗ 1 error\n/);
    expect(out).toContain("at ~/.nemo/nemo.json:1:");
  });

  test("looks at the stores and the models.json of every agent, each once", async () => {
    const work = `${HOME}/.nemo/agents/work/agent`;
    const files = {
      ...GOOD.files,
      [CONFIG]: json({ agents: { defaults: { model: { primary: "openai/gpt-5.2" } }, list: [{ id: "main" }, { id: "work" }, { id: "play" }] } }),
      [STORE]: { text: GOOD.files[STORE] ?? "", mode: 0o644 },
      [`${work}/auth-profiles.json`]: "[]",
      [`${work}/models.json`]: "{",
    };
    const { exit, out } = await runOn({ files }, "doctor --json");
    expect(exit).toBe(1);
    expect(codes(out)).toEqual(["error STORE_PERMISSIONS", "error CREDENTIAL_MISSING", "error STORE_SHAPE", "error MODELS_JSON_BROKEN"]);
  });

  test("warns of a file that holds a key and that others may read", async () => {
    const files = { ...GOOD.files, [`${HOME}/.nemo/.env`]: { text: "GROQ_API_KEY=gsk", mode: 0o644 } };
    const { exit, out } = await runOn({ files }, "doctor");
    expect(exit).toBe(0);
    expect(out).toContain("chmod 600 ~/.nemo/.env");
    expect(out).toMatch(/^! 1 warning\n/);
  });

  test("warns of a config that others may write, once where it holds a key", async () => {
    const config = (apiKey?: string) => ({
      ...GOOD.files,
      [CONFIG]: {
        text: json({ agents: { defaults: { model: { primary: "openai/gpt-5.2" } } }, ...(apiKey && { models: { providers: { groq: { apiKey } } } }) }),
        mode: 0o666,
      },
    });
    const hints = async (apiKey?: string) =>
      (JSON.parse((await runOn({ files: config(apiKey) }, "doctor --json")).out) as DoctorReport).problems.map(({ hint }) => hint);
    expect(await hints()).toEqual(["Run: chmod go-w ~/.nemo/nemo.json"]);
    expect(await hints("gsk-key-of-groq")).toEqual(["Run: chmod 600 ~/.nemo/nemo.json"]);
  });

  test("warns of a model that no list has", async () => {
    const { exit, out } = await runOn(
      { ...GOOD, files: { ...GOOD.files, [CONFIG]: json({ agents: { defaults: { model: { primary: "openai/gpt-99" } } } }) } },
      "doctor --json",
    );
    expect([exit, codes(out)]).toEqual([0, ["warning MODEL_UNKNOWN"]]);
  });

  test("notes the folder of an earlier version, and logins that are left to other programs", async () => {
    expect(codes((await runAtHome("neuroion-legacy", "doctor --json", "neuroion")).out)).toEqual(["note STORE_SHAPE"]);
    const { exit, out } = await runOn({ ...GOOD, files: { ...GOOD.files, [`${HOME}/.qwen/oauth_creds.json`]: "{}" } }, "doctor");
    expect(exit).toBe(0);
    expect(out).toMatch(/^✓ Nothing is wrong; 1 note\.\n/);
    expect(out).toContain("Qwen Code has a login of its own; it is not used for qwen-portal");
  });

  test("names everything that is broken in one run", async () => {
    const { exit, out } = await runAtHome("broken", "doctor --json", "nemo");
    expect(exit).toBe(1);
    expect(codes(out)).toEqual([
      "error PROVIDER_ENTRY_BROKEN",
      "error MODELS_JSON_BROKEN",
      "error STORE_SYNTAX",
      "error REF_BROKEN",
      "error CREDENTIAL_MISSING",
      "warning ENV_FILE_BROKEN",
    ]);
    expect((JSON.parse(out) as DoctorReport).counts).toEqual({ errors: 5, warnings: 1, notes: 0 });
  });
});
