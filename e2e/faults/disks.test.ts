import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { firstThatWorks, workshop } from "./rig.ts";

const shop = workshop();
const keeping = { kept: "secrets", backup: "previous", maxBytes: 1_000_000, command: "test", lockTimeoutMs: 1000 };
const isLinux = process.platform === "linux";
const isRoot = process.getuid?.() === 0;

/** The words that give a shell mounts of its own. */
const ownMounts = isLinux
  ? firstThatWorks("a full disk and a read-only one", [
      ["unshare", "-rm"],
      ["unshare", "-m"],
    ])
  : undefined;

/** A shell that runs `script` in it, with the worker as its arguments. */
const shell = (script: string): string[] => [...(ownMounts ?? []), "sh", "-e", "-c", script, "sh"];

function folderNamed(name: string): string {
  const folder = join(shop.folder, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

test.skipIf(ownMounts === undefined)("on a disk that is full the old content stays, whole; with room again it is written", async () => {
  const folder = folderNamed("full");
  const file = join(folder, "store.json");
  const fill = `head -c 1000000 /dev/zero > filler 2>/dev/null || true`;
  const script = `mount -t tmpfs -o size=64k none '${folder}'; cd '${folder}'; printf '{"n":1,"pad":"%020000d"}' 0 > store.json; chmod 600 store.json; ${fill}
    "$@" || true; cat store.json | head -c 8; echo; ls -A; rm filler; "$@"; head -c 8 store.json; echo; ls -A`;
  const lines = await shop.run({ does: "update", times: 1, files: [file], keeping }, shell(script));
  expect(lines).toEqual([
    "START",
    `FAIL FILE_WRITE_FAILED 74 ${JSON.stringify(`${file} could not be written (ENOSPC)`)}`,
    "END",
    '{"n":1,"',
    "filler",
    "store.json",
    "START",
    "ACK",
    "END",
    '{"n":2,"',
    "store.json",
    "store.json.bak",
  ]);
});

test.skipIf(ownMounts === undefined)("on a disk that is mounted read-only the error says so, and nothing is tried for long", async () => {
  const folder = folderNamed("read-only");
  const file = join(folder, "store.json");
  writeFileSync(file, '{"n":1}', { mode: 0o600 });
  const script = `mount --bind '${folder}' '${folder}'; mount -o remount,ro,bind '${folder}'; "$@"`;
  const lines = await shop.run({ does: "update", times: 1, files: [file], keeping }, shell(script));
  expect(lines).toEqual(["START", `FAIL FILE_READ_ONLY 77 ${JSON.stringify(`${file} lies on a disk that is mounted read-only (EROFS)`)}`, "END"]);
  expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(['{"n":1}', ["store.json"]]);
});

/** The administrator may write everywhere, and so steps down; others do as they are. */
const asUser = isRoot ? firstThatWorks("a folder that may not be written", [["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]]) : [];

test.skipIf(asUser === undefined)("in a folder that may not be written the error says whose it is", async () => {
  const folder = folderNamed("forbidden");
  const file = join(folder, "store.json");
  writeFileSync(file, '{"n":1}');
  chmodSync(file, 0o644);
  chmodSync(folder, 0o555);
  const lines = await shop.run({ does: "update", times: 1, files: [file], keeping }, asUser);
  const whose = isRoot ? "belongs to root (EACCES)" : "may not be written by this user (EACCES)";
  expect(lines).toEqual(["START", `FAIL FILE_READ_ONLY 77 ${JSON.stringify(`${file} ${whose}`)}`, "END"]);
  chmodSync(folder, 0o755);
  expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(['{"n":1}', ["store.json"]]);
});
