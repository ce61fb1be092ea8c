import { describe, expect, test } from "vitest";
import { forgetPending, pendingLogin } from "../../../src/credentials/login/pending-file.ts";
import { codeFlow, stageWith } from "./stage.ts";
import { folder, kept, place, start, tokens } from "./two-steps.ts";

describe("a handle", () => {
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

  test.each(["", "{", "[]", '{"version":2}', '{"version":1,"handle":"x"}'])("of a damaged file (%j) leads to nothing", async (text) => {
    const handle = "h".repeat(24);
    const stage = stageWith({}, { [`${folder}/${handle}.json`]: text });
    expect(() => pendingLogin(place(stage), handle)).toThrow(expect.objectContaining({ code: "LOGIN_HANDLE_UNKNOWN" }));
  });
});
