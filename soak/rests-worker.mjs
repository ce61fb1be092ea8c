import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * One process that shares rests with others: `rests-worker.mjs <folder of modules> <state folder> <job>`. Says "ready", waits for a line, does its job and says
 * what came of it as JSON. Jobs: `{"does":"note","prefix":…,"count":…}` notes refused accounts; `{"does":"claim","count":…}` claims k0, k1 … in turn.
 */
const [, , modules, stateDir, text] = process.argv;
const load = (name) => import(pathToFileURL(join(modules, `${name}.mjs`)).href);
const { nodeHost } = await load("host");
const { STANDARD_LIMITS } = await load("limits");
const { openLedger } = await load("ledger");
const { openState } = await load("state");
const job = JSON.parse(text);
const host = nodeHost("");
const ledger = openLedger({ host, store: openState(host, stateDir), limits: STANDARD_LIMITS(), markOf: () => undefined });

console.log("ready");
await new Promise((resolve) => process.stdin.once("data", resolve));
console.log(JSON.stringify(job.does === "note" ? await note() : await claim()));
process.exit(0);

async function note() {
  for (let i = 0; i < job.count; i++) {
    ledger.failed(candidate(`${job.prefix}${i}`), { reason: "auth", rule: "soak" }, Date.now());
    if (i % 5 === 4) await ledger.flush();
  }
  await ledger.flush();
  return { noted: job.count };
}

async function claim() {
  const won = [];
  for (let i = 0; i < job.count; i++) {
    await ledger.rows();
    if (await ledger.claim({ candidate: candidate(`k${i}`), rows: [] }, "trial")) won.push(i);
  }
  return { won };
}

function candidate(id) {
  const provider = { id: "openai", baseUrl: "https://api.openai.com/v1", quirks: {} };
  return {
    model: { ref: { provider: "openai", model: "m" }, provider, spec: undefined, from: "asked" },
    profile: { id, credential: { kind: "api_key" } },
    isTrial: true,
  };
}
