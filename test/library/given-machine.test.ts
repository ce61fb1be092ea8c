import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { nodeHost } from "../../src/host/node.ts";
import { openLibrary } from "../../src/library/open-library.ts";
import type { LibraryOptions, Signalbox } from "../../src/library/signalbox.ts";
import { keyOf, storeOf } from "../credentials/open-facts.ts";
import { packaged } from "../support/packaged.ts";
import { type Rig, startRig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig([]);
  const folder = join(rig.home, ".neuroion/agents/main/agent");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "auth-profiles.json"), JSON.stringify(storeOf({ "groq:stored": keyOf("groq") })), { mode: 0o600 });
  writeFileSync(join(rig.home, ".env"), "XAI_API_KEY=xai-of-this-machine\n");
});
afterAll(() => rig.stop());

/** The brand whose home folder is the account's own, on a machine where a person has stored a key. */
async function accountsFor(options: LibraryOptions, use: (box: Signalbox) => Promise<unknown> = async () => undefined): Promise<string[]> {
  const host = { ...nodeHost("nowhere"), cwd: rig.home, osHome: rig.home, readPackaged: (path: string) => packaged[path] ?? "" };
  const box = await openLibrary(host, brands.neuroion, options);
  await use(box);
  const { accounts } = await box.status();
  await box.close();
  return accounts.map(({ profileId }) => profileId);
}

describe("where config, env and state are given", () => {
  test("nothing that is stored on this machine counts, and nothing is written to it", async () => {
    const http = async () => ({ status: 200, headers: {}, body: (async function* () {})() });
    const credentials = { deepseek: "sk-0123456789abcdef" };
    const given = { config: {}, env: {}, state: "memory" as const, credentials, host: { http } };
    expect(await accountsFor(given, (box) => box.usage())).toEqual(["deepseek:given"]);
    expect(existsSync(join(rig.home, ".signalbox-nowhere"))).toBe(false);
  });

  test("folders that are given count", async () => {
    const given = { config: {}, state: "memory" as const };
    expect(await accountsFor({ ...given, env: {}, stateDir: join(rig.home, ".neuroion") })).toContain("groq:stored");
    expect(await accountsFor({ ...given, env: { HOME: rig.home } })).toContain("groq:stored");
    expect(await accountsFor({ ...given, env: {}, host: { osHome: rig.home } })).toContain("groq:stored");
  });

  test("with one of them left out, this machine counts", async () => {
    expect(await accountsFor({ env: {}, state: "memory" })).toEqual(expect.arrayContaining(["groq:stored", "env:XAI_API_KEY"]));
    expect(await accountsFor({ config: {}, env: {} })).toContain("groq:stored");
  });
});
