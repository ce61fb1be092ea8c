import fs, { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readAuthStore } from "../../../src/credentials/auth-store.ts";
import { freshCredential } from "../../../src/credentials/refresh/fresh-credential.ts";
import { nodeHost } from "../../../src/host/node.ts";
import type { Host } from "../../../src/kernel/host.ts";
import { toProfileId } from "../../../src/kernel/ids.ts";
import { parseJson } from "../../../src/kernel/json-value.ts";
import { scratchFolder } from "../../host/scratch.ts";
import { response } from "../../support/fake-host.ts";
import { NAMES, openFacts } from "../open-facts.ts";
import { entryOf, ID, said, tokens } from "./rig.ts";

const path = scratchFolder();
const VARIABLES = ["XDG_RUNTIME_DIR", "TMPDIR"] as const;
let before: readonly (string | undefined)[];
beforeEach(() => {
  before = VARIABLES.map((name) => process.env[name]);
  for (const name of VARIABLES) process.env[name] = path("memory");
});
afterEach(() => {
  for (const [index, name] of VARIABLES.entries()) {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** The calls that leave something on a disk. */
const CALLS = ["openSync", "writeSync", "fsyncSync", "fchmodSync", "closeSync", "linkSync", "renameSync", "unlinkSync"] as const;

/** Runs `act`, and looks before every one of these calls, and in the middle of each write: what a kill there would leave. All of them are made. */
async function lookingBetweenCalls<T>(look: () => void, act: () => Promise<T>): Promise<T> {
  const real = Object.fromEntries(CALLS.map((name) => [name, fs[name]])) as Record<(typeof CALLS)[number], (...given: unknown[]) => unknown>;
  const own = fs as unknown as Record<string, unknown>;
  let isLooking = false;
  const quietly = (): void => {
    if (isLooking) return;
    isLooking = true;
    look();
    isLooking = false;
  };
  for (const name of CALLS)
    own[name] = (...given: unknown[]): unknown => {
      quietly();
      const [descriptor, bytes, offset = 0] = given as [number, unknown, number?];
      const isWhole = name !== "writeSync" || !(bytes instanceof Uint8Array) || bytes.length - offset < 128;
      return isWhole ? real[name](...given) : real[name](descriptor, bytes, offset, Math.ceil((bytes.length - offset) / 2));
    };
  syncBuiltinESMExports();
  try {
    return await act();
  } finally {
    for (const name of CALLS) own[name] = real[name];
    syncBuiltinESMExports();
  }
}

type Tree = Readonly<Record<string, { readonly mode: number; readonly text?: string }>>;

function everything(folder = path()): Tree {
  const found: Record<string, Tree[string]> = {};
  for (const name of readdirSync(folder)) {
    const place = join(folder, name);
    const stats = statSync(place);
    found[place] = { mode: stats.mode & 0o777, ...(stats.isFile() && { text: readFileSync(place, "utf8") }) };
    if (stats.isDirectory()) Object.assign(found, everything(place));
  }
  return found;
}

function putBack(tree: Tree): void {
  for (const name of readdirSync(path())) rmSync(path(name), { recursive: true });
  for (const [place, { mode, text }] of Object.entries(tree)) {
    if (text === undefined) mkdirSync(place);
    else writeFileSync(place, text);
    chmodSync(place, mode);
  }
}

const facts = openFacts();
const idOf = (text: string) => facts.registry.idOf(text);

/** One process after the other: a host knows nothing of what another one remembered. */
async function renewal(http: Host["http"]): Promise<string> {
  const host: Host = { ...nodeHost("/nonexistent"), http, prepareHttp: async () => undefined };
  const file = path("agent", "auth-profiles.json");
  const profile = readAuthStore({ host, file, called: "the auth store" }, idOf)?.profiles.get(toProfileId(ID));
  if (profile === undefined) throw new Error("the store has no such account");
  const input = { host, idOf, config: facts.config, names: NAMES, by: "test", lives: "short", warn: () => undefined } as const;
  return said(await freshCredential(input, profile));
}

const storedNow = (): Record<string, unknown> => JSON.parse(readFileSync(path("agent", "auth-profiles.json"), "utf8")).profiles[ID];
const isWholeIn = ({ text = "" }: Tree[string]): boolean => text.includes('"refresh-5"') && parseJson(text) !== undefined;
const refused: Host["http"] = async () => response(400, JSON.stringify({ error: "invalid_grant" }));
const given: Host["http"] = async () => response(200, JSON.stringify((tokens(5) as { json: unknown }).json));

test("killed before any call that follows the answer, a renewal leaves the new tokens where the next one finds them", async () => {
  mkdirSync(path("agent"), { mode: 0o700 });
  mkdirSync(path("memory"), { mode: 0o700 });
  const entry = entryOf({ obtainedAtMs: Date.now() - 7_200_000 }, { expires: Date.now() - 3_600_000 });
  writeFileSync(path("agent", "auth-profiles.json"), JSON.stringify({ version: 1, profiles: { [ID]: entry } }), { mode: 0o600 });
  const killed: Tree[] = [];
  let isAnswered = false;
  const answering: Host["http"] = async (...asked) => {
    isAnswered = true;
    return given(...asked);
  };
  const look = (): void => void (isAnswered && killed.push(everything()));
  expect(await lookingBetweenCalls(look, () => renewal(answering))).toBe("renewed access-5");
  expect([storedNow()["refresh"], readdirSync(path("memory"))]).toEqual(["refresh-5", []]);

  const inStore = ([place, file]: [string, Tree[string]]): boolean => dirname(place) === path("agent") && isWholeIn(file);
  const outcomes: string[] = [];
  let onlyInTemporary = 0;
  for (const tree of killed) {
    const holders = Object.entries(tree).filter(([, file]) => isWholeIn(file));
    if (holders.some(inStore) && tree[path("agent", "auth-profiles.json")]?.text?.includes("refresh-5") !== true) onlyInTemporary += 1;
    putBack(tree);
    const how = await renewal(refused);
    const isFound = storedNow()["refresh"] === "refresh-5";
    outcomes.push(holders.length === 0 ? `nothing was written: ${how}` : `${isFound ? "found" : "lost"}: ${how}`);
  }
  expect([killed.length > 40, onlyInTemporary > 8]).toEqual([true, true]);
  expect(outcomes.filter((line) => line.startsWith("lost"))).toEqual([]);
  expect([...new Set(outcomes)]).toEqual([
    "nothing was written: unusable NEEDS_LOGIN",
    ...["found: adopted access-5", "found: current access-5"].filter((line) => outcomes.includes(line)),
  ]);
  // Before the copy is whole: its folder is looked at, and the file is made and half written.
  expect(outcomes.filter((line) => line.startsWith("nothing")).length).toBeLessThan(12);
});
