import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { node, root } from "../stage.ts";

/** Processes that share one state file, as gateways and command lines of one machine do. */
const folder = mkdtempSync(join(tmpdir(), "signalbox-rests-"));
const modules = join(folder, "modules");
const INPUT = { host: "src/host/node.ts", limits: "src/routing/limits.ts", ledger: "src/routing/ledger.ts", state: "src/state/open-state.ts" };

beforeAll(async () => {
  const input = Object.fromEntries(Object.entries(INPUT).map(([name, file]) => [name, join(root, file)]));
  const bundle = await rolldown({ input, platform: "node", external: /^node:/ });
  await bundle.write({ dir: modules, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
  await bundle.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Worker {
  readonly child: ChildProcess;
  readonly lines: () => string[];
}

/** All at the same moment. Resolves to what each of them says at its end. */
async function together(stateDir: string, jobs: readonly unknown[]): Promise<unknown[]> {
  const workers = jobs.map((job): Worker => {
    const child = spawn(node, [join(root, "soak/rests-worker.mjs"), modules, stateDir, JSON.stringify(job)], { stdio: ["pipe", "pipe", 2] });
    const pieces: Buffer[] = [];
    child.stdout?.on("data", (piece: Buffer) => pieces.push(piece));
    return { child, lines: () => Buffer.concat(pieces).toString("utf8").split("\n").filter(Boolean) };
  });
  await Promise.all(workers.map(({ child }) => once(child.stdout ?? child, "data")));
  const ended = workers.map(({ child }) => once(child, "close"));
  for (const { child } of workers) child.stdin?.end("go\n");
  await Promise.all(ended);
  return workers.map(({ lines }) => JSON.parse(lines()[1] ?? "null"));
}

test("eight processes note rests at the same time, and none is lost", async () => {
  const stateDir = join(folder, "noting");
  const said = await together(
    stateDir,
    Array.from({ length: 8 }, (_, i) => ({ does: "note", prefix: `p${i}-`, count: 25 })),
  );
  expect(said).toEqual(said.map(() => ({ noted: 25 })));
  const { rests } = JSON.parse(readFileSync(join(stateDir, "signalbox/state.json"), "utf8"));
  expect(Object.keys(rests).filter((key) => /^profile p\d-\d+$/.test(key)).length).toBe(200);
});

test("of twelve processes that try what has rested, exactly one does each time", async () => {
  const stateDir = join(folder, "claiming");
  const rounds = 20;
  const row = { untilMs: Date.now() - 1000, failures: 1, reason: "auth", sinceMs: Date.now() - 600_000, lastRestMs: 599_000 };
  mkdirSync(join(stateDir, "signalbox"), { recursive: true, mode: 0o700 });
  const rests = Object.fromEntries(Array.from({ length: rounds }, (_, i) => [`profile k${i}`, row]));
  writeFileSync(join(stateDir, "signalbox/state.json"), JSON.stringify({ version: 1, rests }), { mode: 0o600 });
  const said = await together(
    stateDir,
    Array.from({ length: 12 }, () => ({ does: "claim", count: rounds })),
  );
  const won = said
    .flatMap((one) => (typeof one === "object" && one !== null && "won" in one && Array.isArray(one.won) ? one.won : []))
    .toSorted((a, b) => a - b);
  expect(won).toEqual(Array.from({ length: rounds }, (_, i) => i));
});
