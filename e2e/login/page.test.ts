import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { type IdentityProvider, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import { node, onStage, root, type Stage } from "../stage.ts";

const page = readFileSync(join(root, "docs/logins.md"), "utf8");
const blocksOf = (language: string): string[] => [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text);

let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider({ intervalSeconds: 1, email: "ada@example.com" });
});
afterAll(() => idp.close());

/** The program by its name, `az` with somebody logged in, a browser that agrees to everything, and vendors on this machine. */
function prepare({ vars, env }: Stage): void {
  const put = (path: string, text: string, mode: number): void => {
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  const bin = join(vars.get("OUT") ?? "", "bin");
  mkdirSync(bin);
  put(join(bin, "nemo"), `#!/bin/sh\nexec '${node}' '${join(root, "bin/nemo.cjs")}' "$@"\n`, 0o700);
  put(join(bin, "az"), "#!/bin/sh\n", 0o700);
  put(join(bin, "browser"), `#!/bin/sh\nexec '${node}' '${join(root, "e2e/login/browse.mjs")}' "$1"\n`, 0o700);
  env.set("PATH", `${bin}:${env.get("PATH") ?? ""}`);
  env.set("BROWSER", join(bin, "browser"));
  const logins = {
    openrouter: { authorizeUrl: `${idp.url}/auth`, tokenUrl: `${idp.url}/auth/keys` },
    chutes: { issuer: idp.url, clientId: "mine", redirectUri: "http://127.0.0.1/oauth-callback" },
    huggingface: { deviceUrl: `${idp.url}/device`, tokenUrl: `${idp.url}/token`, userinfoUrl: `${idp.url}/userinfo` },
  };
  mkdirSync(vars.get("STATE") ?? "", { mode: 0o700 });
  put(vars.get("CONFIG") ?? "", JSON.stringify({ signalbox: { logins } }), 0o600);
}

/** Runs a block as a shell does, line by line; a code that it shows is entered at the vendor's page. */
async function follow({ env, folder }: Stage, text: string): Promise<{ code: number; said: string; stdout: string }> {
  const child = spawn("sh", ["-eu", "-c", text], { env: Object.fromEntries(env), cwd: join(folder, "work"), stdio: ["ignore", "pipe", "pipe"] });
  let [said, stdout] = ["", ""];
  const entered = new Set<string>();
  child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      said += piece.toString();
      for (const [, code = ""] of said.matchAll(/code there: {2}(\S+)\n/g)) if (!entered.has(code)) idp.approve(entered.add(code) && code);
    });
  const [code] = (await once(child, "close")) as [number];
  return { code, said, stdout };
}

const endOf = (url: string): Promise<string> => new Promise((done) => get(url, ({ headers: { location = "" } }) => done(location)));

describe.skipIf(process.platform === "win32")("docs/logins.md", () => {
  test("can be followed from top to bottom", async () => {
    await onStage(brands.nemo, async (stage) => {
      prepare(stage);
      const [browser = "", start = "", finish = "", accounts = "", own = "", issuer = "", delegate = ""] = blocksOf("sh");
      const [, sample = ""] = /^```\n(OpenRouter[\s\S]*?)^```$/m.exec(page) ?? [];
      const first = await follow(stage, browser);
      expect(first.code).toBe(0);
      // What differs from person to person is left out.
      const same = sample.split("\n").filter((line) => line !== "" && !/^https:|^Saved|^→/.test(line));
      expect(same.filter((line) => !first.said.includes(line))).toEqual([]);
      expect(first.said).toMatch(/^Saved openrouter:default \(api_key, sk-or-v1-…[0-9a-f]{6}\) in$/m);

      const started = JSON.parse((await follow(stage, start)).stdout) as { url: string; handle: string };
      expect(Object.keys(started)).toEqual(expect.arrayContaining(Object.keys(JSON.parse(blocksOf("json")[0] ?? "{}"))));
      writeFileSync(join(stage.folder, "work", "answer.txt"), await endOf(started.url));
      expect(await follow(stage, finish.replace("hZ3k…", started.handle))).toMatchObject({ code: 0 });

      for (const account of ["", "--profile-id chutes:work"]) expect((await follow(stage, `nemo models auth login chutes ${account}`)).code).toBe(0);
      expect(await follow(stage, accounts.replace("logout chutes:work", "logout chutes:work --yes"))).toMatchObject({ code: 0 });
      expect(await follow(stage, own)).toMatchObject({ code: 0, said: expect.stringContaining("Saved huggingface:ada@example.com") });
      expect(await follow(stage, issuer.replace("https://id.example.com", idp.url))).toMatchObject({
        code: 0,
        said: expect.stringContaining("Saved lab:ada@example.com"),
      });
      expect(await follow(stage, delegate)).toMatchObject({ code: 0, said: expect.stringContaining("az is logged in") });
      const listed = JSON.parse((await follow(stage, "nemo models auth list --json")).stdout) as { accounts: { profileId: string }[] };
      // OpenRouter tells no address: its second login is a second account.
      const expected = ["chutes:ada@example.com", "huggingface:ada@example.com", "lab:ada@example.com", "openrouter:2", "openrouter:default"];
      expect(listed.accounts.map(({ profileId }) => profileId).toSorted()).toEqual(expected);
    });
  });
});
