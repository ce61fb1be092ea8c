import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { type IndependentProvider, startIndependentProvider } from "../../test/support/independent-provider.mjs";
import { writeFiles } from "../files.ts";
import { runProgram } from "../program.ts";
import { onStage, type Stage } from "../stage.ts";

let idp: IndependentProvider;
beforeAll(async () => {
  idp = await startIndependentProvider();
});
afterAll(() => idp.close());

const LAB = '{ models: { providers: { lab: { baseUrl: "https://lab.example/v1", models: [{ id: "m", name: "M" }] } } } }';

/** Somebody on another machine: a display is named, and nobody here sees it. */
function program(stage: Stage) {
  const { vars, env } = stage;
  const ssh = new Map([...env, ["SSH_CONNECTION", "198.51.100.1 50000 198.51.100.2 22"], ["DISPLAY", ":0"]]);
  return async (words: readonly string[], stdin = "") => {
    const { code, stdout, stderr } = await runProgram([vars.get("BIN") ?? "", "models", "auth", "login", ...words], {
      env: ssh,
      cwd: vars.get("WORK") ?? "",
      stdin,
    });
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
}

const flags = (method: string): string[] => ["--issuer", idp.url, "--client-id", idp.clientId, "--scope", "openid,offline_access,email", "--method", method];

describe("over SSH, against a provider that others wrote", () => {
  test("by device code: the code is entered elsewhere, and the login is finished here", () =>
    onStage(brands.nemo, async (stage) => {
      writeFiles(stage, new Map([["$CONFIG", LAB]]));
      const nemo = program(stage);
      const begun = await nemo(["lab", ...flags("device"), "--start", "--json"]);
      expect(begun).toMatchObject({ needs: "none", userCode: expect.stringMatching(/^[A-Z0-9-]{4,}$/) });
      await idp.agree(String(begun["url"]), "ada", String(begun["userCode"]));
      expect(await nemo(["--finish", String(begun["handle"]), "--json"])).toMatchObject({
        outcome: "stored",
        stored: { account: { profileId: "lab:ada@example.com", refreshable: true, email: "ada@example.com" } },
      });
    }));

  test("by pasting the address that the browser ended at; logging in again replaces that account alone", () =>
    onStage(brands.nemo, async (stage) => {
      writeFiles(stage, new Map([["$CONFIG", LAB]]));
      const nemo = program(stage);
      const logIn = async (person: string): Promise<unknown> => {
        const begun = await nemo(["lab", ...flags("browser"), "--start", "--json"]);
        expect(begun).toMatchObject({ needs: "paste", userCode: null });
        const address = await idp.agree(String(begun["url"]), person);
        const { stored } = (await nemo(["--finish", String(begun["handle"]), "--json"], `${address}\n`)) as {
          stored: { outcome: string; account: { profileId: string } };
        };
        return [stored.outcome, stored.account.profileId];
      };
      expect([await logIn("ada"), await logIn("grace"), await logIn("ada")]).toEqual([
        ["added", "lab:ada@example.com"],
        ["added", "lab:grace@example.com"],
        ["replaced", "lab:ada@example.com"],
      ]);
    }));
});
