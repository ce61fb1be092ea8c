import { describe, expect, test } from "vitest";
import { finishLogin } from "../../../src/credentials/login/finish-login.ts";
import { forgetPending, keepPending, keepReceived, newHandle, pendingLogin, sweepPending } from "../../../src/credentials/login/pending-file.ts";
import { isSameLogin } from "../../../src/credentials/secret-text.ts";
import { AppError } from "../../../src/kernel/errors.ts";
import { Secret } from "../../../src/kernel/secret.ts";
import { codeFlow, stageWith } from "./stage.ts";
import { finishing, folder, kept, place, start, tokens } from "./two-steps.ts";

describe("a handle", () => {
  test("never looks like a key, which nobody would be shown", () => {
    const tokens = ["xf_0123456789abcdefghijk", "x_0123456789abcdefghijkl"];
    const { machine } = stageWith({});
    expect(newHandle({ ...machine, randomToken: () => tokens.shift() ?? "" })).toBe("h_0123456789abcdefghijkl");
  });

  test.each(["", "nobody-started-that-one-0", "../../../etc/passwd", "a/b", "h".repeat(24)])("%j leads to nothing", (handle) => {
    expect(() => pendingLogin(place(stageWith({})), handle)).toThrow(expect.objectContaining({ code: "LOGIN_HANDLE_UNKNOWN" }));
  });

  test("of a finished login leads to nothing", async () => {
    const stage = stageWith(tokens);
    const { handle } = await start(stage, codeFlow);
    forgetPending(place(stage), handle);
    expect(() => pendingLogin(place(stage), handle)).toThrow(expect.objectContaining({ code: "LOGIN_HANDLE_UNKNOWN" }));
  });

  test("is too late after a quarter of an hour, and its secrets are gone then", async () => {
    const stage = stageWith(tokens);
    const { handle } = await start(stage, codeFlow);
    await stage.host.wait(900_000);
    expect(() => pendingLogin(place(stage), handle)).toThrow(expect.objectContaining({ code: "LOGIN_EXPIRED" }));
    expect(kept(stage)).toEqual([]);
  });

  test("of an earlier login that nobody finished goes with the next start; what is no login of ours stays", async () => {
    const stage = stageWith(tokens, { [`${folder}/notes.txt`]: "mine" });
    const first = await start(stage, codeFlow);
    await stage.host.wait(900_000);
    const second = await start(stage, codeFlow);
    expect(kept(stage)).toEqual([`${folder}/${second.handle}.json`]);
    expect(stage.removed).toEqual([`${folder}/${first.handle}.json`]);
  });

  test("that nobody was told, because its writer was killed, goes with the next start; one that is being written stays", () => {
    const name = (letter: string): string => `${folder}/.h${letter.repeat(23)}.json.123.4567.tmp`;
    const stage = stageWith({}, { [name("a")]: "{", [name("b")]: "{", [`${folder}/.notes.json.1.2.tmp`]: "mine" });
    const { host } = stage;
    const inspect = (path: string) => {
      const facts = host.inspect(path);
      return facts === undefined ? undefined : { ...facts, modifiedMs: host.nowMs() - (path === name("a") ? 60_000 : 59_000) };
    };
    sweepPending({ ...place(stage), host: { ...host, inspect } });
    expect(stage.removed).toEqual([name("a")]);
  });

  test.each(["", "{", "[]", '{"version":2}', '{"version":1,"handle":"x"}'])("of a damaged file (%j) leads to nothing", async (text) => {
    const handle = "h".repeat(24);
    const stage = stageWith({}, { [`${folder}/${handle}.json`]: text });
    expect(() => pendingLogin(place(stage), handle)).toThrow(expect.objectContaining({ code: "LOGIN_HANDLE_UNKNOWN" }));
  });
});

describe("what the vendor gave", () => {
  const received = async () => {
    const stage = stageWith(tokens);
    const { pending } = await start(stage, codeFlow);
    return { stage, pending, result: await finishLogin(finishing(stage), pending, "abc") };
  };

  test("is kept under the handle until it is stored, and finishes the login without asking anybody", async () => {
    const { stage, pending, result } = await received();
    expect(keepReceived(place(stage), pending, result)).toBe("kept");
    await stage.host.wait(23 * 60 * 60_000);
    sweepPending(place(stage));
    const again = await finishLogin(finishing(stage), pendingLogin(place(stage), pending.handle));
    expect([again, stage.times]).toEqual([{ ...result, grantedScopes: [] }, ["0 /token"]]);
    expect(again.kind === "credential" && result.kind === "credential" && isSameLogin(again.credential, result.credential)).toBe(true);
  });

  test("is on the disk to stay, as what is needed to begin anew need not be", async () => {
    const { stage, pending, result } = await received();
    const afters: unknown[] = [];
    const replaceFile: typeof stage.host.replaceFile = (_path, _text, after) => void afters.push(after ?? "flushed");
    const host = { ...stage.host, replaceFile };
    keepReceived({ ...place(stage), host }, pending, result);
    keepPending({ ...place(stage), host }, pending);
    expect(afters).toEqual(["flushed", "unflushed"]);
  });

  test("is lost where the disk takes nothing, and there is nothing to keep of a login that another program keeps", async () => {
    const { stage, pending, result } = await received();
    for (const code of ["FILE_WRITE_FAILED", "FILE_READ_ONLY"] as const) {
      const replaceFile = (): never => {
        throw new AppError(code, "the disk takes nothing", { hint: "Make room." });
      };
      expect(keepReceived({ ...place(stage), host: { ...stage.host, replaceFile } }, pending, result)).toBe("lost");
    }
    expect(keepReceived(place(stage), pending, { kind: "delegated", program: "az", isChecked: true })).toBe("lost");
  });

  test("and was damaged leads to nothing", async () => {
    const { stage, pending } = await received();
    const damaged = { ...pending, step: { kind: "received", entry: new Secret("{"), grantedScopes: [] } } as const;
    await expect(finishLogin(finishing(stage), damaged)).rejects.toMatchObject({ code: "LOGIN_HANDLE_UNKNOWN" });
  });
});
