import { writevSync } from "node:fs";
import { createInterface } from "node:readline";
import { ID, storeIn } from "./refresh-rig.mjs";

/**
 * A process of its own that wants a fresh credential: `node refresh-worker.mjs <refresh.mjs> <job as JSON>`. With `does: "once"` it says START, one line of
 * what came, and END; with `does: "each"` one line for each line that it reads. Lines are written with writev(2), which renewing does not use.
 */
const say = (line) => writevSync(1, [Buffer.from(line), Buffer.from("\n")]);
const [, , modulePath, jobText] = process.argv;
const { freshCredential, loadConfig, nodeHost, readAuthStore, toProviderId } = await import(modulePath);
const job = JSON.parse(jobText);
const names = { bin: "nemo", envPrefix: "NEMO", legacyStateDirs: [], legacyConfigNames: [], legacyEnvPrefixes: [], hasHomeVariable: true };
const host = { ...nodeHost("/nonexistent"), env: { HOME: job.home }, osHome: job.home };
const config = loadConfig(host, names);
const input = {
  ...{ host, config, names, idOf: toProviderId, by: `worker ${process.pid}`, lives: "short", warn: (text) => say(`WARN ${text}`) },
  ...(job.patience !== undefined && { patience: job.patience }),
};

/** `<how> <code of the problem or -> <access token or ->`. */
async function want(home) {
  const file = storeIn(home);
  const profile = readAuthStore({ host, file, called: "the auth store", openFiles: "refused" }, toProviderId)?.profiles.get(ID);
  if (profile === undefined) return "failed NO_PROFILE -";
  try {
    const fresh = await freshCredential(input, profile);
    const { how = "unusable", problem } = fresh;
    return `${how} ${problem?.code ?? "-"} ${fresh.kind === "fresh" ? fresh.profile.credential.access.reveal() : "-"} ${problem?.message ?? ""}`;
  } catch (error) {
    return `thrown ${error.code ?? error.name} - ${error.message}`;
  }
}

if (job.does === "each") {
  say("READY");
  for await (const home of createInterface({ input: process.stdin })) say(await want(home));
} else {
  if (job.warm === true) await host.prepareHttp();
  say("START");
  say(await want(job.home));
  say("END");
}
