import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { firstThatWorks, workshop, type Worker } from "./rig.ts";

const shop = workshop();
const keeping = { kept: "secrets", backup: "previous", maxBytes: 100_000, command: "test", lockTimeoutMs: 500 };
const isLinux = process.platform === "linux";

function storeIn(name: string): string {
  const file = join(shop.folder, name, "store.json");
  mkdirSync(join(shop.folder, name), { recursive: true });
  writeFileSync(file, '{"n":0}', { mode: 0o600 });
  return file;
}
const numberIn = (file: string): number => JSON.parse(readFileSync(file, "utf8")).n;
const lockOf = (file: string): string => join(dirname(file), ".store.json.lock");
const update = (file: string, before?: readonly string[], more: Partial<typeof keeping> = {}): Promise<readonly string[]> =>
  shop.run({ does: "update", times: 1, files: [file], keeping: { ...keeping, ...more } }, before);

/** A process that holds the lock of `file` until it is told. */
async function holderOf(file: string, before?: readonly string[]): Promise<Worker & { readonly letGo: () => Promise<readonly string[]> }> {
  const until = `${file}.until`;
  const worker = shop.start({ does: "hold", files: [file], keeping, until }, before);
  await shop.saying(worker, "HELD");
  const letGo = async (): Promise<readonly string[]> => {
    writeFileSync(until, "");
    await worker.ended;
    return worker.lines;
  };
  return { ...worker, letGo };
}

const heldBy = (lines: readonly string[]): string => (lines.find((line) => line.startsWith("FAIL LOCK_HELD 75")) === undefined ? lines.join() : "LOCK_HELD");

test("a holder that is stopped is waited for, then named; when it goes on, both updates are there", async () => {
  const file = storeIn("stopped");
  const holder = await holderOf(file);
  holder.child.kill("SIGSTOP");
  const refused = await update(file);
  expect(refused[1]).toMatch(new RegExp(`^FAIL LOCK_HELD 75 .*"hold\\\\" \\(process ${holder.child.pid}\\) since`));
  const waiting = update(file, [], { lockTimeoutMs: 20_000 });
  holder.child.kill("SIGCONT");
  expect(await holder.letGo()).toEqual(["HELD", "RELEASED true"]);
  expect([await waiting, numberIn(file)]).toEqual([["START", "ACK", "END"], 1]);
});

test("a holder that was killed is replaced at once", async () => {
  const file = storeIn("killed");
  const holder = await holderOf(file);
  holder.child.kill("SIGKILL");
  await holder.ended;
  expect([await update(file, [], { lockTimeoutMs: 0 }), numberIn(file)]).toEqual([["START", "ACK", "END"], 1]);
});

describe.runIf(isLinux)("a lock that names a living process", () => {
  test("is taken over when that process began at another time, and never when it is the one", async () => {
    const file = storeIn("reused");
    const holder = await holderOf(file);
    const record = JSON.parse(readFileSync(lockOf(file), "utf8"));
    await holder.letGo();
    const sleeper = spawn("sleep", ["60"]);
    try {
      const stat = readFileSync(`/proc/${sleeper.pid}/stat`, "utf8");
      const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      const forge = (begin: unknown): void =>
        writeFileSync(lockOf(file), JSON.stringify({ ...record, pid: sleeper.pid, thread: sleeper.pid, start: begin, token: "forged" }));
      forge(start);
      expect(heldBy(await update(file))).toBe("LOCK_HELD");
      forge("1");
      expect([await update(file, [], { lockTimeoutMs: 0 }), numberIn(file)]).toEqual([["START", "ACK", "END"], 1]);
    } finally {
      sleeper.kill("SIGKILL");
    }
  });
});

const otherPids = isLinux
  ? firstThatWorks("a lock from another pid namespace", [
      ["unshare", "-Urpf", "--mount-proc"],
      ["unshare", "-pf", "--mount-proc"],
    ])
  : undefined;

test.skipIf(otherPids === undefined)("a holder whose process numbers mean nothing here is waited for, not judged", async () => {
  const file = storeIn("container");
  const holder = await holderOf(file, otherPids);
  expect(JSON.parse(readFileSync(lockOf(file), "utf8")).pid).toBeLessThan(10);
  expect(heldBy(await update(file, [], { lockTimeoutMs: 3000 }))).toBe("LOCK_HELD");
  expect(heldBy(await update(file, otherPids))).toBe("LOCK_HELD");
  expect((await holder.letGo()).at(-1)).toBe("RELEASED true");
  expect([await update(file), numberIn(file)]).toEqual([["START", "ACK", "END"], 1]);
});

describe.each([3600, -3600, 3 * 86_400, -3 * 86_400])("a clock that is %i s wrong", (seconds) => {
  const shifted = (): string[] => {
    const code = `const now = Date.now; Date.now = () => now() + ${seconds * 1000};`;
    return ["env", `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(code)}`];
  };

  test("takes no lock from a living holder, whatever times its file has, and leaves none of a dead one", async () => {
    const file = storeIn(`clock${seconds}`);
    const holder = await holderOf(file);
    expect(heldBy(await update(file, shifted()))).toBe("LOCK_HELD");
    const at = Date.now() / 1000 + seconds;
    utimesSync(lockOf(file), at, at);
    expect(heldBy(await update(file, shifted()))).toBe("LOCK_HELD");
    holder.child.kill("SIGKILL");
    await holder.ended;
    expect([await update(file, shifted(), { lockTimeoutMs: 0 }), numberIn(file)]).toEqual([["START", "ACK", "END"], 1]);
  });
});

const faketime = firstThatWorks("a clock that libfaketime makes wrong", [["faketime", "-f", "+1h"]]);

test.skipIf(faketime === undefined).each(["+1h", "-1h", "+3d", "-3d"])("a process whose whole C library is %s away takes no living lock", async (shift) => {
  const file = storeIn(`faketime${shift}`);
  const holder = await holderOf(file);
  expect(heldBy(await update(file, ["faketime", "-f", shift]))).toBe("LOCK_HELD");
  expect((await holder.letGo()).at(-1)).toBe("RELEASED true");
  expect([await update(file, ["faketime", "-f", shift]), numberIn(file)]).toEqual([["START", "ACK", "END"], 1]);
});

test("threads of one process take turns; one that ended with the lock is replaced, one that lives is not", async () => {
  const file = storeIn("threads");
  const lines = await shop.run({
    does: "threads",
    threads: 3,
    times: 25,
    files: [file],
    keeping: { ...keeping, lockTimeoutMs: 20_000 },
    until: `${file}.until`,
  });
  expect(lines.filter((line) => /^(ACK|FAIL|BUG)/.test(line))).toEqual(Array.from({ length: 100 }, () => "ACK"));
  expect(lines.find((line) => line.startsWith("WHILE"))).toMatch(/^WHILE FAIL LOCK_HELD 75/);
  if (isLinux) expect([lines.find((line) => line.startsWith("AFTER")), numberIn(file)]).toEqual(["AFTER ACK", 101]);
});
