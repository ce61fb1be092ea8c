import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { aloneWith } from "../../src/host/alone.ts";
import { hearLongWaits } from "../../src/kernel/long-waits.ts";
import { beside } from "../../src/host/beside.ts";
import { fakePace } from "./fake-pace.ts";
import { deadOwner, livingOwner } from "./owners.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const secrets = { kept: "secrets", command: "test" } as const;

describe("alone with files", () => {
  test("all their locks are held, in the order of the real paths, and let go at the end", async () => {
    symlinkSync("a", path("z"));
    const held = await aloneWith([path("b"), path("z")], secrets, async ({ targets, isStill }) => ({ targets, locks: readdirSync(path()), still: isStill() }));
    expect(held).toEqual({
      targets: [
        { file: path("a"), dangles: true, names: [path("z")] },
        { file: path("b"), dangles: false, names: [path("b")] },
      ],
      locks: [".a.lock", ".b.lock", "z"],
      still: true,
    });
    expect(readdirSync(path())).toEqual(["z"]);
  });

  test("one lock that cannot be had lets go of the others", async () => {
    writeFileSync(beside(path("b")).lock, JSON.stringify(livingOwner()));
    const pace = fakePace();
    await expect(aloneWith([path("a"), path("b"), path("c")], secrets, async () => "done", pace)).rejects.toMatchObject({ code: "LOCK_HELD" });
    expect(pace.nowMs()).toBeGreaterThanOrEqual(30_000);
    expect(readdirSync(path())).toEqual([".b.lock"]);
  });

  test("all waiting together ends after the time that was set, so that nobody holds one lock while waiting long for another", async () => {
    for (const name of ["a", "b"]) writeFileSync(beside(path(name)).lock, JSON.stringify(livingOwner()));
    const pace = fakePace((nowMs) => nowMs > 900 && rmSync(beside(path("a")).lock, { force: true }));
    await expect(aloneWith([path("a"), path("b")], { ...secrets, lockTimeoutMs: 1000 }, async () => "done", pace)).rejects.toMatchObject({ code: "LOCK_HELD" });
    expect(pace.nowMs()).toBeLessThan(1050);
  });

  test("an older agent's lock is waited for before any of ours is taken", async () => {
    mkdirSync(path("a.lock"));
    const pace = fakePace((nowMs) => {
      expect(readdirSync(path())).toEqual(["a.lock"]);
      const touched = Date.now() / 1000 + nowMs / 1000;
      utimesSync(path("a.lock"), touched, touched);
      if (nowMs > 5000) rmSync(path("a.lock"), { recursive: true });
    });
    expect(await aloneWith([path("a"), path("b")], secrets, async () => "done", pace)).toBe("done");
    expect(await aloneWith([path("a")], { ...secrets, kept: "config" }, async () => "done", fakePace())).toBe("done");
  });

  test("a person is told what is waited for: an older agent, or who holds the lock", async () => {
    const told: string[] = [];
    const stop = hearLongWaits((text) => told.push(text));
    mkdirSync(path("a.lock"));
    writeFileSync(beside(path("b")).lock, JSON.stringify({ ...livingOwner(), command: "models set" }));
    const pace = fakePace((nowMs) => {
      const touched = Date.now() / 1000 + nowMs / 1000;
      if (nowMs < 1500) utimesSync(path("a.lock"), touched, touched);
      else rmSync(path("a.lock"), { recursive: true, force: true });
      if (nowMs > 3000) rmSync(beside(path("b")).lock, { force: true });
    });
    expect(await aloneWith([path("a"), path("b")], secrets, async () => "done", pace)).toBe("done");
    stop();
    expect(told).toEqual([
      `Waiting for an agent of an earlier version, which is changing ${path("a")} (${path("a.lock")})`,
      expect.stringMatching(/^Waiting for "models set" \(process \d+\) since .*, which is changing .*b$/),
    ]);
  });

  test("says when a holder before died", async () => {
    writeFileSync(beside(path("a")).lock, JSON.stringify(deadOwner()));
    const tookOver = (): Promise<unknown> => aloneWith([path("a")], secrets, async (alone) => alone.tookOver);
    expect([await tookOver(), await tookOver()]).toEqual([true, false]);
  });

  test("is over when a lock is taken away, or an older agent takes its own", async () => {
    const seen = await aloneWith([path("a")], secrets, async ({ isStill }) => {
      const before = isStill();
      mkdirSync(path("a.lock"));
      const taken = isStill();
      rmSync(path("a.lock"), { recursive: true });
      rmSync(beside(path("a")).lock);
      return [before, taken, isStill()];
    });
    expect(seen).toEqual([true, false, false]);
  });

  test("has to be tried again when a link was turned while it waited", async () => {
    for (const name of ["a", "b"]) writeFileSync(path(name), "");
    symlinkSync("a", path("link"));
    writeFileSync(beside(path("a")).lock, JSON.stringify(livingOwner()));
    const pace = fakePace(() => {
      rmSync(path("link"));
      symlinkSync("b", path("link"));
      rmSync(beside(path("a")).lock, { force: true });
    });
    expect(await aloneWith([path("link")], secrets, async () => "done", pace)).toBe("again");
    expect(readdirSync(path()).sort()).toEqual(["a", "b", "link"]);
  });

  test("leaves no folder behind that stayed empty", async () => {
    await aloneWith([path("x", "y", "a")], secrets, async () => "done");
    expect(readdirSync(path())).toEqual([]);
    await aloneWith([path("x", "y", "a")], secrets, async () => writeFileSync(path("x", "y", "a"), ""));
    expect(readdirSync(path("x", "y"))).toEqual(["a"]);
  });
});
