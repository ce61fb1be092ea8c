import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/errors.ts";
import { fakeRefreshing } from "../support/fake-refreshing.ts";
import { DEVICE, ENDPOINTS, login, type LoginStage, STORE, TOKENS } from "./login-rig.ts";

const config = { signalbox: { logins: { huggingface: { clientId: "my-app", ...ENDPOINTS } } } };
const vendor = { "/device": DEVICE, "/token": TOKENS, "/userinfo": { sub: "1" } };
const LATER = '{"version":2,"profiles":{}}';

/** What `--start` left, and the command that finishes it. */
async function started() {
  const begun = await login({ config, vendor }, "models auth login huggingface --method device --start --json");
  const { handle } = JSON.parse(begun.out) as { handle: string };
  const file = `/home/me/.nemo/signalbox/logins/${handle}.json`;
  const finish = (stage: LoginStage, ...words: string[]) => login({ config, vendor, ...stage }, ["models auth login --finish", handle, ...words].join(" "));
  return { file, files: { [file]: begun.read(file) ?? "" }, finish };
}

const breaksAt =
  (place: string) =>
  (at: string, written: Map<string, string>): void => {
    if (at === place) written.set(STORE, LATER);
  };

describe("--finish", () => {
  test("with a store that takes nothing asks the vendor nothing: it can be finished later", async () => {
    const { file, files, finish } = await started();
    for (const stage of [
      { files: { ...files, [STORE]: LATER } },
      { files, refreshing: fakeRefreshing({ full: new AppError("FILE_WRITE_FAILED", "full", { hint: "Make room." }) }) },
    ]) {
      const { exit, asked, removed } = await finish(stage);
      expect([exit === 0, asked, removed]).toEqual([false, [], []]);
    }
    const { exit, removed } = await finish({ files });
    expect([exit, removed]).toEqual([0, [file]]);
  });

  test("that could not store what the vendor gave keeps it for the next one, which asks nobody", async () => {
    const { file, files, finish } = await started();
    const failed = await finish({ files, meanwhile: breaksAt("/token") });
    expect([failed.exit, failed.removed, failed.err.replace(/\s+/g, " ")]).toEqual([
      65,
      [],
      expect.stringContaining("What the vendor gave is kept: then finish the login again with the same handle."),
    ]);
    expect(failed.err).not.toContain("canary");
    const again = await finish({ files: { [file]: failed.read(file) ?? "" } });
    expect([again.exit, again.asked, again.profiles?.["huggingface:default"]]).toMatchObject([0, [], { access: "canary-access", refresh: "canary-refresh" }]);
    expect(again.removed).toEqual([file]);
  });

  test("whose tokens are stored keeps them nowhere else, also when something after that fails", async () => {
    const { file, files, finish } = await started();
    const listed = { ...config, auth: { profiles: { "huggingface:x": { provider: "huggingface", mode: "api_key" } } } };
    const failed = await finish({
      config: listed,
      files,
      meanwhile: (at) => {
        if (at === "/home/me/.nemo/nemo.json") throw new AppError("FILE_READ_ONLY", "the config may not be written", { hint: "Have it given to you." });
      },
    });
    expect([failed.exit, failed.profiles?.["huggingface:default"]?.["access"], failed.removed, failed.read(file)]).toEqual([
      77,
      "canary-access",
      [file],
      undefined,
    ]);
  });

  test("breaks off no question that is under way when the patience ends: in this rig only a deadline of a minute never comes", async () => {
    const { files, finish } = await started();
    let questions = 0;
    const meanwhile = (at: string): void => {
      if (at === "/token" && (questions += 1) === 1) throw new Error("a deadline that is over breaks off here, and else it is asked again");
    };
    expect([(await finish({ files, meanwhile }, "--timeout 45s")).exit, questions]).toEqual([0, 2]);
  });
});
