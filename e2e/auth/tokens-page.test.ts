import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import { brands } from "../../src/brand.ts";
import { runProgram } from "../program.ts";
import { node, onStage, root, type Stage } from "../stage.ts";

const page = readFileSync(join(root, "docs/tokens.md"), "utf8");
const blocksOf = (language: string): string[] => [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);

const KEY = "sk-proj-0123456789abcdefghij";
const CLAUDE_KEY = "sk-ant-api03-0123456789abcdefghij";
const PAIR = { AccessKeyId: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider();
});
afterAll(() => idp.close());

/** A login that is past its end, keys of three vendors, and the program by its name. */
function prepare(stage: Stage): { readonly family: string } {
  const family = idp.seed();
  const now = Date.now();
  const signalbox = {
    ...{ method: "device", licence: "own-client", tokenUrl: `${idp.url}/token`, clientId: "mine", scopes: ["openid"], generation: 1 },
    ...{ obtainedAtMs: now - 3_600_000, lifetimeSeconds: 3600 },
  };
  const profiles = {
    "lab:ada@example.com": { type: "oauth", provider: "lab", access: family.access, refresh: family.refresh, expires: now - 1, signalbox },
    "openai:work": { type: "api_key", provider: "openai", key: KEY },
    "anthropic:work": { type: "api_key", provider: "anthropic", key: CLAUDE_KEY },
    "anthropic:manual": { type: "token", provider: "anthropic", token: `sk-ant-oat01-${"0123456789".repeat(8)}` },
  };
  const put = (path: string, text: string, mode: number): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  put(join(stage.vars.get("AGENT") ?? "", "auth-profiles.json"), JSON.stringify({ version: 1, profiles }, null, 2), 0o600);
  const lab = { baseUrl: "http://127.0.0.1:9/v1", api: "openai-completions", models: [{ id: "m", name: "M" }] };
  put(stage.vars.get("CONFIG") ?? "", JSON.stringify({ models: { providers: { lab } } }), 0o600);
  const bin = join(stage.vars.get("OUT") ?? "", "bin");
  put(join(bin, "nemo"), `#!/bin/sh\nexec '${node}' '${join(root, "bin/nemo.cjs")}' "$@"\n`, 0o700);
  put(join(bin, "curl"), '#!/bin/sh\nfor word in "$@"; do case "$word" in *:*\\ *) echo "$word" ;; esac; done\n', 0o700);
  stage.env.set("PATH", `${bin}:${stage.env.get("PATH") ?? ""}`);
  stage.env.set("LAB_URL", "http://127.0.0.1:9");
  put(join(stage.folder, "work", "keys.json"), `${JSON.stringify(PAIR)}\n`, 0o600);
  return { family: family.family };
}

const shell = (stage: Stage, text: string) => runProgram(["sh", "-eu", "-c", text], { env: stage.env, cwd: join(stage.folder, "work"), stdin: "" });
const onPage = (act: (stage: Stage, facts: { readonly family: string }) => Promise<void>) => onStage(brands.nemo, (stage) => act(stage, prepare(stage)));

describe.skipIf(process.platform === "win32")("docs/tokens.md", () => {
  test("its scripts can be run from top to bottom", async () => {
    await onPage(async (stage, { family }) => {
      const said = [];
      for (const block of blocksOf("sh")) said.push(await shell(stage, block));
      expect(said.map(({ code, stderr }) => [code, stderr])).toEqual([
        [0, ""],
        [0, ""],
        [0, ""],
        [0, ""],
        [0, expect.stringContaining("")],
      ]);
      expect(said[0]?.stdout).toBe(`Authorization: Bearer ${idp.latest(family)?.access}\n`);
    });
  });

  test("Claude Code gets the key, and nothing but the key", async () => {
    await onPage(async (stage) => {
      const [settings = "{}"] = blocksOf("json");
      expect(await shell(stage, JSON.parse(settings).apiKeyHelper)).toEqual({ code: 0, stdout: `${CLAUDE_KEY}\n`, stderr: "" });
    });
  });

  test("an exec plugin prints an ExecCredential of the version that is asked for", async () => {
    await onPage(async (stage, { family }) => {
      const [yaml = ""] = blocksOf("yaml");
      const [, command = "", args = ""] = /command: (\S+)\n\s+args: \[(.*)\]/.exec(yaml) ?? [];
      const words = [command, ...args.split(",").map((word) => word.trim().replaceAll('"', ""))].map((word) => `'${word}'`).join(" ");
      const { stdout } = await shell(stage, words);
      expect(JSON.parse(stdout)).toEqual({
        apiVersion: "client.authentication.k8s.io/v1",
        kind: "ExecCredential",
        status: { token: idp.latest(family)?.access, expirationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) },
      });
      stage.env.set("KUBERNETES_EXEC_INFO", '{"apiVersion":"client.authentication.k8s.io/v1beta1"}');
      expect(JSON.parse((await shell(stage, words)).stdout).apiVersion).toBe("client.authentication.k8s.io/v1beta1");
    });
  });

  test("AWS gets its pair of keys", async () => {
    await onPage(async (stage) => {
      const storing = blocksOf("sh").find((block) => block.includes("keys.json")) ?? "false";
      expect(await shell(stage, storing)).toMatchObject({ code: 0 });
      const [, command = ""] = /credential_process = (.*)/.exec(blocksOf("ini")[0] ?? "") ?? [];
      expect(JSON.parse((await shell(stage, command)).stdout)).toEqual({ Version: 1, ...PAIR });
    });
  });

  test("what is refused, is refused in the words of the page", async () => {
    await onPage(async (stage) => {
      const [, asked = "", says = ""] = /^\$ (nemo .*)\n(error: .*)$/m.exec(page) ?? [];
      const { code, stdout, stderr } = await shell(stage, asked);
      expect([code, stdout, stderr.replace(/\n {7}/g, " ").split("\n")[0]]).toEqual([77, "", says]);
    });
  });
});
