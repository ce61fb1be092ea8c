import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import { node, root } from "../stage.ts";
import { firstThatWorks, isOtherNode, runRig, workshop } from "./rig.ts";

/** The whole figures are `npm run soak:refresh`. */
const ROUNDS = isOtherNode ? 20 : 100;
const TIMEOUT_MS = 600_000;
const canTrace =
  firstThatWorks("kill -9 at every call of a renewal", [["strace", "-o", "/dev/null", "-e", "trace=openat", "-e", "inject=openat:error=EIO:when=9999"]]) !==
  undefined;

test("sixteen processes find one login past its end: one request in every round, and nobody fails", { timeout: TIMEOUT_MS }, async () => {
  const { code, findings } = await runRig("refresh-race", "--processes", "16", "--rounds", String(ROUNDS));
  expect(findings[0]?.result).toEqual({
    ...{ planned: ROUNDS, fired: ROUNDS, "rounds with exactly 1 request": ROUNDS },
    ...{ "callers that failed": 0, "logins ended": 0, "not stored": 0 },
  });
  expect(code).toBe(0);
});

const NOTHING_WRONG = { damaged: 0, "older than before": 0, unexplained: 0, "tokens gone": 0, stuck: 0 };

test("renewals are killed at random: nobody is logged out who was given another try, and the others are told why", { timeout: TIMEOUT_MS }, async () => {
  const count = isOtherNode ? 10 : 30;
  const { code, findings } = await runRig("refresh-kills", "--random", String(count));
  expect(findings.map(({ result }) => result)).toMatchObject([
    { planned: count, fired: count, "logged out": 0, ...NOTHING_WRONG },
    { planned: count, fired: count, ...NOTHING_WRONG },
  ]);
  expect(code).toBe(0);
});

test.skipIf(!canTrace)("killed at file system calls a renewal leaves the old tokens with a note, or the new ones", { timeout: TIMEOUT_MS }, async () => {
  const { code, findings } = await runRig("refresh-kills", "--calls", "--every", isOtherNode ? "48" : "28");
  expect(findings.map(({ result }) => result)).toMatchObject([{ "logged out": 0, ...NOTHING_WRONG }, NOTHING_WRONG]);
  expect(findings.map(({ result }) => result["fired"])).toEqual(findings.map(({ result }) => result["planned"]));
  expect(code).toBe(0);
});

describe("one renewal", () => {
  const shop = workshop();
  const open: { idp?: IdentityProvider; bundle: string; rig: Rig } = { bundle: "", rig: {} as Rig };
  beforeAll(async () => {
    open.rig = (await import(join(root, "soak/refresh-rig.mjs"))) as Rig;
    open.bundle = await open.rig.bundleRefresh(shop.folder);
    open.idp = await startIdentityProvider();
  }, TIMEOUT_MS);
  afterAll(() => open.idp?.close());

  const seeded = (name: string, endsInMs?: number) => {
    const idp = open.idp as IdentityProvider;
    return { idp, asked: idp.counts.token, ...open.rig.seed(join(shop.folder, name), idp, endsInMs) };
  };
  const words = (home: string, more = {}): string[] => [node, open.rig.worker, open.bundle, JSON.stringify({ does: "once", home, ...more })];

  test("that gets no answer gives up, frees its lock, and notes that the token may be spent", async () => {
    const { home, store, idp } = seeded("stalled");
    idp.fault("token", "stall");
    const lines = await ended(words(home, { patience: { lockMs: 5000, requestMs: 1500 } }));
    expect(lines[1]).toMatch(/^unusable REFRESH_FAILED - .* did not answer in time/);
    expect(readdirSync(dirname(store)).sort()).toEqual(["auth-profiles.json", "auth-profiles.json.bak"]);
    expect(open.rig.entryIn(store)?.signalbox).toMatchObject({ generation: 1, intent: { generation: 1 }, lastRefresh: { outcome: "failed" } });
  });

  test("that is told to stop ends when its tokens are stored", async () => {
    const { home, store, family, idp, asked } = seeded("interrupted");
    const letGo = idp.hold("token");
    const [command = "", ...args] = words(home);
    const child = spawn(command, args, { stdio: ["ignore", "ignore", 2] });
    const over = once(child, "close");
    await expect.poll(() => idp.counts.token, { timeout: 30_000 }).toBe(asked + 1);
    child.kill("SIGINT");
    letGo();
    expect(await over).toEqual([null, "SIGINT"]);
    expect(open.rig.entryIn(store)).toMatchObject({ access: idp.latest(family)?.access, signalbox: { generation: 2 } });
    expect(readdirSync(dirname(store)).sort()).toEqual(["auth-profiles.json", "auth-profiles.json.bak"]);
  });

  const fakesTime = firstThatWorks("renewals with a clock that was set", [["faketime", "-f", "+1h"]]) !== undefined;

  test.skipIf(!fakesTime).each(["-3d", "+1h", "+10y"])("with a clock that is set by %s, and back again, gets a token that is good", async (by) => {
    const { home, family, idp } = seeded(`clock${by}`, 3_000_000);
    const env = ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", by];
    const lines = [await ended([...env, ...words(home)]), await ended(words(home))].map(([, line]) => line);
    expect(lines.map((line) => line?.split(" ").slice(0, 2).join(" "))).toEqual(["renewed -", "renewed -"]);
    expect(lines[1]?.split(" ")[2]).toBe(idp.latest(family)?.access);
  });

  const ownMounts = firstThatWorks("renewals on a full disk and a read-only one", [
    ["unshare", "-rm"],
    ["unshare", "-m"],
  ]);
  const shell = (script: string): string[] => [...(ownMounts ?? []), "sh", "-e", "-c", script, "sh"];

  test.skipIf(ownMounts === undefined)("on a full disk asks nobody", async () => {
    const { home, store, idp, asked } = seeded("full");
    const folder = dirname(store);
    const script = `cp '${store}' '${home}/kept'; mount -t tmpfs -o size=40k none '${folder}'; cp '${home}/kept' '${store}'; chmod 600 '${store}'
      head -c 1000000 /dev/zero > '${folder}/filler' 2>/dev/null || true; "$@"; grep -c '"intent"' '${store}' || true; ls -A '${folder}'`;
    const lines = await ended([...shell(script), ...words(home)]);
    expect(lines).toEqual([
      "START",
      expect.stringMatching(/^unusable FILE_WRITE_FAILED - .*nobody was asked.*ENOSPC/),
      "END",
      "0",
      "auth-profiles.json",
      "filler",
    ]);
    expect(idp.counts.token - asked).toBe(0);
  });

  test.skipIf(ownMounts === undefined)("whose disk takes nothing after the answer keeps the tokens for the next one", async () => {
    const { home, store, family, idp, asked } = seeded("turned");
    const folder = dirname(store);
    const runtime = join(home, "runtime");
    mkdirSync(runtime);
    chmodSync(runtime, 0o700);
    const script = `cp '${store}' '${home}/kept'; mount -t tmpfs none '${folder}'; cp '${home}/kept' '${store}'; chmod 600 '${store}'
      (until test -e '${home}/asked'; do sleep 0.05; done; mount -o remount,ro '${folder}'; : > '${home}/turned') & export XDG_RUNTIME_DIR='${runtime}'
      "$@"; ls '${runtime}' | wc -l; mount -o remount,rw '${folder}'; "$@"; ls '${runtime}' | wc -l`;
    const letGo = idp.hold("token");
    const ending = ended([...shell(script), ...words(home)]);
    await expect.poll(() => idp.counts.token, { timeout: 30_000 }).toBe(asked + 1);
    writeFileSync(join(home, "asked"), "");
    await expect.poll(() => existsSync(join(home, "turned")), { timeout: 30_000 }).toBe(true);
    letGo();
    const lines = await ending;
    const access = idp.latest(family)?.access;
    expect(lines).toEqual([
      "START",
      expect.stringMatching(/^WARN .*could not be stored: .*EROFS.*they are kept in .*runtime\/signalbox-/),
      expect.stringMatching(new RegExp(`^renewed TOKENS_UNSAVED ${access} `)),
      ...["END", "1", "START"],
      expect.stringMatching(new RegExp(`^adopted - ${access} `)),
      ...["END", "0"],
    ]);
    expect(idp.counts.token - asked).toBe(1);
  });
});

interface Rig {
  readonly worker: string;
  bundleRefresh(dir: string): Promise<string>;
  seed(home: string, idp: IdentityProvider, endsInMs?: number): { readonly home: string; readonly store: string; readonly family: string };
  entryIn(store: string): { readonly access: string; readonly signalbox: Readonly<Record<string, unknown>> } | undefined;
}

async function ended([command = "", ...args]: readonly string[]): Promise<string[]> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", 2] });
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => (said += piece));
  await once(child, "close");
  return said.split("\n").filter(Boolean);
}
