import { chmodSync, chownSync, lstatSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { changeFiles } from "../../src/host/change-files.ts";
import type { FileKeeping } from "../../src/kernel/host.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const config: FileKeeping = { kept: "config", backup: "previous", maxBytes: 100, command: "test" };
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write("NOT RUN: whose a file is afterwards: only the administrator can give files away\n");
const factsOf = (name: string): unknown => {
  const { uid, gid, mode } = statSync(path(name));
  return [uid, gid, (mode & 0o7777).toString(8)];
};

describe.runIf(isRoot)("written by the system's administrator", () => {
  test.each([
    ["config", "640"],
    ["secrets", "600"],
  ] as const)("a file kept as %s, and its backup, stay whose they were", async (kept, mode) => {
    writeFileSync(path("f"), "old");
    chownSync(path("f"), 4242, 4343);
    chmodSync(path("f"), 0o640);
    await changeFiles([path("f")], { ...config, kept }, () => new Map([[path("f"), "new"]]));
    expect([factsOf("f"), factsOf("f.bak")]).toEqual([
      [4242, 4343, mode],
      [4242, 4343, "600"],
    ]);
  });

  test("bits that a change of owner takes away are given again", async () => {
    writeFileSync(path("f"), "old");
    chownSync(path("f"), 4242, 4343);
    chmodSync(path("f"), 0o6750);
    await changeFiles([path("f")], config, () => new Map([[path("f"), "new"]]));
    expect(factsOf("f")).toEqual([4242, 4343, "6750"]);
  });
});

describe.runIf(process.platform === "linux" && isRoot)("written by a user", () => {
  const asNobody = async <T>(act: () => Promise<T>): Promise<T> => {
    process.setegid?.(65_534);
    process.seteuid?.(65_534);
    try {
      return await act();
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
  };
  const change = (): Promise<unknown> => asNobody(() => changeFiles([path("f")], config, () => new Map([[path("f"), "new"]]))).catch((error: unknown) => error);
  const plant = (uid: number, gid: number, mode: number): void => {
    chownSync(path(), 65_534, 65_534);
    writeFileSync(path("f"), "old");
    chownSync(path("f"), uid, gid);
    chmodSync(path("f"), mode);
  };

  test("a file of somebody else in a folder of theirs does not change hands", async () => {
    plant(4242, 65_534, 0o664);
    expect(await change()).toMatchObject({ code: "FILE_READ_ONLY", message: `${path("f")} belongs to user 4242; written by you it would be yours` });
    expect([factsOf("f"), readdirSync(path())]).toEqual([[4242, 65_534, "664"], ["f"]]);
  });

  test("a group that may do more than others do is not exchanged for another", async () => {
    plant(65_534, 4343, 0o640);
    expect(await change()).toMatchObject({ code: "FILE_READ_ONLY", message: `${path("f")} may be used by a group that you cannot give it` });
    expect([factsOf("f"), readdirSync(path())]).toEqual([[65_534, 4343, "640"], ["f"]]);
  });

  test("a group that may do what all may, or nothing, does not matter", async () => {
    for (const mode of [0o600, 0o644]) {
      plant(65_534, 4343, mode);
      expect(await change()).toEqual([path("f")]);
      expect(lstatSync(path("f")).mode & 0o777).toBe(mode);
    }
  });

  test("a folder of somebody else is named with its owner", async () => {
    plant(65_534, 65_534, 0o600);
    chownSync(path(), 4242, 0);
    chmodSync(path(), 0o755);
    expect(await change()).toMatchObject({
      code: "FILE_READ_ONLY",
      message: `${path("f")} may not be written: its folder belongs to user 4242 (EACCES)`,
      facts: { hint: `Run this as user 4242, or have ${path()} given to you.` },
    });
  });
});
