import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { harmfulIn } from "../../test/support/hostile.ts";
import { type Lies, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import { runProgram } from "../program.ts";
import { node, onStage, root } from "../stage.ts";

const WORDS = "\u001b[2J\u001b]52;c;aGk=\u0007\u009b31m\u202e\u200b\r";

/** What an identity provider says, and whether a login comes of it all the same. */
const SAID: readonly (readonly [what: string, lies: Lies, code: number])[] = [
  ["the code", { device: { user_code: `AB${WORDS}CD` } }, 65],
  ["the page", { device: { verification_uri: `https://id.example/${WORDS}` } }, 65],
  ["a refusal", { token: { error: `server${WORDS}`, error_description: `no ${WORDS} no`, access_token: undefined } }, 69],
  ["the e-mail address", { userinfo: { email: `ada${WORDS}@example.com` } }, 0],
  ["the scopes", { token: { scope: `openid ${WORDS}` } }, 0],
];

test.each(SAID)("escapes in %s: the program prints no control byte", async (_, lies, code) => {
  const idp = await startIdentityProvider({ intervalSeconds: 1, lies });
  try {
    await onStage(brands.nemo, async ({ vars, env, folder }) => {
      const huggingface = { clientId: "mine", deviceUrl: `${idp.url}/device`, tokenUrl: `${idp.url}/token`, userinfoUrl: `${idp.url}/userinfo` };
      mkdirSync(vars.get("STATE") ?? "", { mode: 0o700 });
      writeFileSync(vars.get("CONFIG") ?? "", JSON.stringify({ signalbox: { logins: { huggingface } } }), { mode: 0o600 });
      const run = (...words: string[]) =>
        runProgram([node, join(root, "bin/nemo.cjs"), "models", "auth", ...words], { env, cwd: join(folder, "work"), stdin: "" });
      const started = await run("login", "huggingface", "--method", "device", "--start", "--json");
      const { handle, userCode } = JSON.parse(started.stdout) as { handle?: string; userCode?: string };
      if (userCode !== undefined) idp.approve(userCode);
      const ended = handle === undefined ? started : await run("login", "--finish", handle);
      const after = await run("list");
      const said = [started, ended, after].map(({ stdout, stderr }) => stdout + stderr).join("");
      expect([ended.code, harmfulIn(said).filter((byte) => byte !== 10)]).toEqual([code, []]);
    });
  } finally {
    await idp.close();
  }
});
