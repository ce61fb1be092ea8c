import { expect, test } from "vitest";
import type { Problem } from "../../src/kernel/problem.ts";
import { offeredRepairs, repairKey, withRepairs } from "../../src/status/repairs.ts";

const problem = (subject: string, hint: string): Problem => ({
  code: "STORE_SYNTAX",
  severity: "error",
  subject,
  message: "is broken",
  hint,
  place: { file: subject },
});

const broken = {
  problem: problem("/home/me/a.json", "Correct it."),
  file: "/home/me/a.json",
  kept: "secrets",
  backup: "/home/me/a.json.bak",
  backupAgeMs: 2 * 3_600_000,
  backupHolds: "3 accounts",
  aside: "/home/me/a.json.corrupt-1",
} as const;
const wide = { problem: problem("/home/me/b.json", "Run: chmod 600 ~/b.json"), path: "/home/me/b.json", mode: 0o100_644, most: 0o600 };
const leftovers = { file: "/home/me/a.json", paths: ["/home/me/.a.json.lock", "/home/me/.a.json.1.tmp"] };

test("nothing is offered where nothing can be mended", () => {
  expect(offeredRepairs({ broken: [], wide: [], leftovers: [] })).toEqual([]);
});

test("permissions come first, then backups, then leftovers, and each hint says what the repair does", () => {
  const offered = offeredRepairs({ broken: [broken], wide: [wide], leftovers: [leftovers] });
  expect(offered.map(({ kind, would, files, problem: { hint } }) => ({ kind, would, files, hint }))).toEqual([
    {
      kind: "restrict",
      would: "take the permissions of others away: 644 becomes 600",
      files: ["/home/me/b.json"],
      hint: "Run: chmod 600 ~/b.json, or `{cli} doctor --repair`",
    },
    {
      kind: "bring back",
      would: "put back a.json.bak, 2h old with 3 accounts, and keep the broken file as a.json.corrupt-1",
      files: ["/home/me/a.json", "/home/me/a.json.corrupt-1"],
      hint: "`{cli} doctor --repair` would put back a.json.bak, 2h old with 3 accounts, and keep the broken file as a.json.corrupt-1. Or correct it there.",
    },
    {
      kind: "sweep",
      would: "remove them",
      files: ["/home/me/.a.json.lock", "/home/me/.a.json.1.tmp"],
      hint: "`{cli} doctor --repair` would remove them; so does the next command that writes there.",
    },
  ]);
});

test("a repair keeps the code, the severity and the place of its problem, so that both are one row", () => {
  const [first] = offeredRepairs({ broken: [broken], wide: [], leftovers: [] });
  expect(first?.problem).toMatchObject({ code: "STORE_SYNTAX", severity: "error", message: "is broken", place: { file: "/home/me/a.json" } });
});

test("permissions are only taken away: what the owner may not do stays so", () => {
  const [first] = offeredRepairs({ broken: [], wide: [{ ...wide, mode: 0o444 }], leftovers: [] });
  expect(first?.would).toBe("take the permissions of others away: 444 becomes 400");
});

test("the same repair is known again by its kind and its file", () => {
  const offered = offeredRepairs({ broken: [broken], wide: [wide], leftovers: [leftovers] });
  expect(new Set(offered.map(repairKey)).size).toBe(3);
  expect(offered.map(repairKey)).toEqual(
    offeredRepairs({ broken: [{ ...broken, aside: "/home/me/a.json.corrupt-2" }], wide: [wide], leftovers: [leftovers] }).map(repairKey),
  );
});

test("a leftover is a note: nothing is lost by it", () => {
  const [one] = offeredRepairs({ broken: [], wide: [], leftovers: [{ file: "/home/me/a.json", paths: ["/home/me/.a.json.lock"] }] });
  expect(one?.problem).toMatchObject({ severity: "note", message: "an interrupted command left 1 file beside a.json: .a.json.lock" });
});

test("a problem that can be mended gets the hint of its repair, where it stands; what nobody named becomes a problem of its own", () => {
  const offered = offeredRepairs({ broken: [broken], wide: [wide], leftovers: [] });
  const other = problem("/home/me/c.json", "Correct it.");
  const found = [other, { ...problem("/home/me/a.json", "Correct it."), message: "said otherwise" }];
  expect(withRepairs(found, offered).map(({ subject, message, hint }) => [subject, message, hint.slice(0, 12)])).toEqual([
    ["/home/me/c.json", "is broken", "Correct it."],
    ["/home/me/a.json", "said otherwise", "`{cli} docto"],
    ["/home/me/b.json", "is broken", "Run: chmod 6"],
  ]);
});
