import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "../scripts/run-program.mjs";

export const ID = "vendor:ada@example.com";
export const worker = join(import.meta.dirname, "refresh-worker.mjs");

/**
 * Renewing, as one module in `dir`, for workers that are processes of their own.
 * @returns {Promise<string>} its path
 */
export async function bundleRefresh(dir) {
  const bundle = await rolldown({ input: join(root, "soak/refresh-entry.ts"), platform: "node", external: /^node:/ });
  await bundle.write({ dir, format: "esm", entryFileNames: "refresh.mjs", codeSplitting: false });
  await bundle.close();
  return join(dir, "refresh.mjs");
}

/** A HOME whose store has one login of a new family at `idp`, past its end unless told otherwise. */
export function seed(home, idp, endsInMs = -60_000) {
  const family = idp.seed();
  const store = storeIn(home);
  mkdirSync(join(store, ".."), { recursive: true, mode: 0o700 });
  const now = Date.now();
  const signalbox = {
    ...{ method: "device", licence: "own-client", tokenUrl: `${idp.url}/token`, clientId: "soak", scopes: ["openid"], generation: 1 },
    ...{ obtainedAtMs: now + endsInMs - 3_540_000, lifetimeSeconds: 3600 },
  };
  const entry = { type: "oauth", provider: "vendor", access: family.access, refresh: family.refresh, expires: now + endsInMs, signalbox };
  const others = Object.fromEntries(
    Array.from({ length: 19 }, (_, i) => [`other:${i}`, { type: "api_key", provider: "other", key: `key-${i}-${"x".repeat(200)}` }]),
  );
  writeFileSync(store, JSON.stringify({ version: 1, profiles: { ...others, [ID]: entry } }, null, 2), { mode: 0o600 });
  return { home, store, family: family.family };
}

export function storeIn(home) {
  return join(home, ".nemo/agents/main/agent/auth-profiles.json");
}

/** What the store says of the login; undefined when it is damaged. */
export function entryIn(store) {
  try {
    const { profiles } = JSON.parse(readFileSync(store, "utf8"));
    return Object.keys(profiles).length === 20 ? profiles[ID] : undefined;
  } catch {
    return undefined;
  }
}
