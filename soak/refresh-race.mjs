import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { startIdentityProvider } from "../test/support/identity-provider.mjs";
import { bundleRefresh, entryIn, seed, worker } from "./refresh-rig.mjs";
import { finish } from "./result.mjs";
import { rigFolder } from "./scenes.mjs";

/**
 * So many processes find one login past its end at the same moment, at an issuer whose refresh tokens are for one use, and which ends a login when a spent one
 * comes back: exactly one request each round, and all get its token. `--processes 16 --rounds 500 --node <path> --json`.
 */
const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "16" },
    rounds: { type: "string", default: "500" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});
const dir = rigFolder();
const path = await bundleRefresh(dir);
const idp = await startIdentityProvider({ latencyMs: 5 });
const workers = await Promise.all(Array.from({ length: Number(values.processes) }, start));
const started = performance.now();
const result = { planned: Number(values.rounds), fired: 0, "rounds with exactly 1 request": 0, "callers that failed": 0, "logins ended": 0, "not stored": 0 };

for (let round = 0; round < result.planned; round++) {
  const { home, store, family } = seed(join(dir, `home-${round % 8}`), idp);
  const before = idp.counts.token;
  const said = await Promise.all(workers.map((one) => one.ask(home)));
  const { access } = idp.latest(family);
  result.fired += 1;
  if (idp.counts.token - before === 1) result["rounds with exactly 1 request"] += 1;
  const failed = said.filter((line) => line.split(" ")[2] !== access);
  if (failed.length > 0 && result["callers that failed"] < 48) console.error(`round ${round}: ${failed[0]}`);
  result["callers that failed"] += failed.length;
  if (idp.isRevoked(family)) result["logins ended"] += 1;
  if (entryIn(store)?.access !== access) result["not stored"] += 1;
}

for (const { child } of workers) child.stdin.end();
await idp.close();
finish(`${values.processes} processes, one login`, result, {
  ...values,
  isGood:
    result.fired === result.planned &&
    result["rounds with exactly 1 request"] === result.planned &&
    ["callers that failed", "logins ended", "not stored"].every((key) => result[key] === 0),
  note: `${((performance.now() - started) / 1000).toFixed(0)} s`,
});

async function start() {
  const child = spawn(values.node, [worker, path, JSON.stringify({ does: "each", home: dir })], { stdio: ["pipe", "pipe", 2] });
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  return {
    child,
    ask: async (home) => {
      const answer = once(lines, "line");
      child.stdin.write(`${home}\n`);
      return (await answer)[0];
    },
  };
}
