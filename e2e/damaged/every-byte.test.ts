import { isUtf8 } from "node:buffer";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import JSON5 from "json5";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { main } from "../../src/cli/main.ts";
import { nodeHost } from "../../src/host/node.ts";
import type { Host } from "../../src/kernel/host.ts";
import { fakeTerminal } from "../../test/support/fake-terminal.ts";
import { packaged } from "../../test/support/packaged.ts";
import { runProgram } from "../program.ts";
import { node, onStage, root } from "../stage.ts";

/** In memory where that is to be had: thousands of files are flushed to the disk here. */
const home = join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), `signalbox-damaged-${process.pid}`);
beforeAll(() => {
  rmSync(home, { recursive: true, force: true });
  // So that there is something for `audit --move` to take.
  put(join(home, ".nemo/.env"), Buffer.from(`MISTRAL_API_KEY=${KEY.replace("gsk_", "")}\n`));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const CONFIG = join(home, ".nemo/nemo.json");
const STORE = join(home, ".nemo/agents/main/agent/auth-profiles.json");
const GOOD_CONFIG = Buffer.from('// ü\n{agents: {defaults: {model: "groq/a", models: {"groq/a": {alias: "x"}}}}}\n');
const GOOD_STORE = Buffer.from('{"version": 1, "profiles": {"groq:a": {"type": "api_key", "provider": "groq", "key": "gsk_\u00fc"}}}\n');
const KEY = "gsk_ThisIsOnlyForTheTestOfDamage00000000000000000000000000";

/** Every command that writes into that file, with what it needs to do so. */
const STORE_COMMANDS = [
  "models auth paste-api-key --provider groq --profile-id groq:b",
  "models auth paste-token --provider zai",
  "models auth rename groq:a groq:b",
  "models auth logout groq:a --yes",
  "models auth order set --provider groq groq:a",
  "models auth order clear --provider groq",
  "models auth import --yes",
  "models auth audit --move 1",
];
const CONFIG_COMMANDS = [
  "models add-server http://127.0.0.1:9",
  "models set groq/b",
  "models set-image groq/b",
  "models aliases add y groq/b",
  "models aliases remove x",
  "models fallbacks add groq/b",
  "models fallbacks remove groq/b",
  "models fallbacks move groq/b 1",
  "models fallbacks clear",
  "models image-fallbacks add groq/b",
  "models image-fallbacks remove groq/b",
  "models image-fallbacks move groq/b 1",
  "models image-fallbacks clear",
  "agents add work",
  "agents remove main",
  "agents default main",
  "plugins enable x",
  "plugins disable x",
  "config set agents.defaults.workspace ~/x",
  "config unset agents",
];

function put(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, bytes, { mode: 0o600 });
}

async function run(words: string) {
  const terminal = fakeTerminal({ readStdin: () => KEY });
  const readPackaged: Host["readPackaged"] = (path) => packaged[path] ?? "";
  const env = { HOME: home, PATH: "/usr/bin:/bin", GROQ_API_KEY: KEY };
  const host: Host = { ...nodeHost(""), env, osHome: home, cwd: home, readPackaged };
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: [...words.split(" "), "--json"] });
  return { exit, document: JSON.parse(terminal.said.out) };
}

/** Cut off at every byte, and with every bit turned over. */
function* damaged(good: Buffer): Generator<{ readonly how: string; readonly bytes: Buffer }> {
  for (let length = 0; length < good.length; length++) yield { how: `cut off after ${length} bytes`, bytes: good.subarray(0, length) };
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bytes = Buffer.from(good);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield { how: `bit ${bit & 7} of byte ${bit >> 3} turned over`, bytes };
  }
}

/** By other parsers than our own. */
function isStore(bytes: Buffer): boolean {
  try {
    const value = JSON.parse(bytes.toString("utf8"));
    return isUtf8(bytes) && typeof value.profiles === "object" && value.profiles !== null && !Array.isArray(value.profiles);
  } catch {
    return false;
  }
}

function isJson5(bytes: Buffer): boolean {
  try {
    const value = JSON5.parse(bytes.toString("utf8"));
    return isUtf8(bytes) && typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

interface Refusal {
  readonly exit: number;
  readonly code: unknown;
  readonly line: unknown;
  readonly unchanged: boolean;
}

async function refusal(words: string, file: string, bytes: Buffer): Promise<Refusal> {
  const { exit, document } = await run(words);
  return { exit, code: document.error?.code, line: document.error?.place?.line, unchanged: readFileSync(file).equals(bytes) };
}

/** What `doctor --repair --yes` leaves: the backup in its place, the broken bytes beside it, and nothing else. */
async function repaired(file: string, good: Buffer, bytes: Buffer): Promise<unknown[]> {
  const { exit } = await run("doctor --repair --yes");
  const aside = `${file}.corrupt-1`;
  const kept = existsSync(aside) && readFileSync(aside).equals(bytes);
  rmSync(aside, { force: true });
  const hidden = readdirSync(dirname(file)).filter((name) => name.startsWith(`.${basename(file)}.`));
  return [exit, readFileSync(file).equals(good), kept, hidden];
}

const MENDED = [0, true, true, []];

test("every command that writes is among those that are tried here", async () => {
  const { commands } = await import("../../src/cli/commands/index.ts");
  const tried = new Set([...STORE_COMMANDS, ...CONFIG_COMMANDS]);
  const reads =
    /^(models( auth| auth order| aliases| fallbacks| image-fallbacks)? (status|list|show|explain|get)|models (probe|refresh)|agents list|plugins (list|info|doctor)|config (path|get|validate|schema|undo)|doctor|completion)$/;
  const others = ["models auth add", "models auth setup-token"];
  // What they write is their own, and not these two files; `scan`, `login` and `refresh` write them after somebody was asked.
  const elsewhere =
    /^(models (scan|usage|drill|cooldowns (list|clear)|auth (login|login-github-copilot|refresh|token))|plugins (install|update|uninstall|create)|gateway .*)$/;
  expect(
    Object.keys(commands).filter(
      (path) => !reads.test(path) && !elsewhere.test(path) && !others.includes(path) && ![...tried].some((words) => words.startsWith(path)),
    ),
  ).toEqual([]);
});

describe("a damaged store", () => {
  test("is never overwritten, whichever byte is missing or bit is wrong: the error has a code, 65 and a line, and the backup comes back", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(`${STORE}.bak`, GOOD_STORE);
    const faults: unknown[] = [];
    let count = 0;
    for (const { how, bytes } of damaged(GOOD_STORE)) {
      if (isStore(bytes)) continue;
      put(STORE, bytes);
      const words = STORE_COMMANDS[count++ % STORE_COMMANDS.length] ?? "";
      const { exit, code, line, unchanged } = await refusal(words, STORE, bytes);
      const isNamed = code === "STORE_SYNTAX" ? typeof line === "number" : code === "STORE_SHAPE" || (code === "STORE_UNREADABLE" && !isUtf8(bytes));
      if (exit !== 65 || !isNamed || !unchanged) faults.push([how, words, exit, code, line, unchanged]);
      const mended = await repaired(STORE, GOOD_STORE, bytes);
      if (JSON.stringify(mended) !== JSON.stringify(MENDED)) faults.push([how, "doctor --repair", ...mended]);
    }
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(GOOD_STORE.length * 4);
  });

  test("is refused by every command that would write into it, and left alone by all others", async () => {
    put(CONFIG, GOOD_CONFIG);
    for (const bytes of [Buffer.alloc(0), GOOD_STORE.subarray(0, 50), Buffer.from("[]"), Buffer.alloc(100), Buffer.from([0xff, 0xfe, 0x7b, 0x00])]) {
      put(STORE, bytes);
      for (const words of STORE_COMMANDS) expect([words, bytes.length, (await refusal(words, STORE, bytes)).exit]).toEqual([words, bytes.length, 65]);
      for (const words of CONFIG_COMMANDS) {
        put(CONFIG, GOOD_CONFIG);
        expect([words, (await refusal(words, STORE, bytes)).unchanged]).toEqual([words, true]);
      }
    }
  });
});

describe("a damaged config", () => {
  test("is never overwritten, whichever byte is missing or bit is wrong: the error has a code, 78 and a line, and the backup comes back", async () => {
    put(STORE, GOOD_STORE);
    put(`${CONFIG}.bak`, GOOD_CONFIG);
    rmSync(join(home, ".nemo/signalbox"), { recursive: true, force: true });
    const all = [...CONFIG_COMMANDS, ...STORE_COMMANDS];
    const faults: unknown[] = [];
    let count = 0;
    for (const { how, bytes } of damaged(GOOD_CONFIG)) {
      put(CONFIG, bytes);
      const accepted = (await run("config validate")).exit === 0;
      if (accepted) {
        if (!isJson5(bytes)) faults.push([how, "is accepted, but is no JSON5"]);
        continue;
      }
      const words = all[count++ % all.length] ?? "";
      const { exit, code, line, unchanged } = await refusal(words, CONFIG, bytes);
      const isNamed = typeof code === "string" && code.startsWith("CONFIG_") && (typeof line === "number" || !isUtf8(bytes));
      if (exit !== 78 || !isNamed || !unchanged || !readFileSync(STORE).equals(GOOD_STORE)) faults.push([how, words, exit, code, line, unchanged]);
      const mended = await repaired(CONFIG, GOOD_CONFIG, bytes);
      if (JSON.stringify(mended) !== JSON.stringify(MENDED)) faults.push([how, "doctor --repair", ...mended]);
    }
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(GOOD_CONFIG.length * 4);
  });

  test("is refused by every command that writes anything", async () => {
    for (const bytes of [Buffer.alloc(0), GOOD_CONFIG.subarray(0, 40), Buffer.from("[]"), Buffer.alloc(100), Buffer.from("{agents: {defaults: {modle: 1}}}")]) {
      put(CONFIG, bytes);
      put(STORE, GOOD_STORE);
      for (const words of [...CONFIG_COMMANDS, ...STORE_COMMANDS]) {
        expect([words, bytes.length, await refusal(words, CONFIG, bytes)]).toMatchObject([words, bytes.length, { exit: 78, unchanged: true }]);
        expect(readFileSync(STORE).equals(GOOD_STORE)).toBe(true);
      }
    }
  });
});

test("the real programs do the same: a sample, and nothing of a secret is said", async () => {
  for (const brand of Object.values(brands)) {
    await onStage(brand, async ({ vars, env, folder }) => {
      const [store, config] = [join(vars.get("AGENT") ?? "", "auth-profiles.json"), vars.get("CONFIG") ?? ""];
      const exec = (words: string) => runProgram([node, join(root, "bin", `${brand.bin}.cjs`), ...words.split(" ")], { env, cwd: folder, stdin: KEY });
      const good = GOOD_STORE.toString().replace("gsk_", "gsk_canary");
      for (const length of [0, 1, 40, good.length - 3]) {
        put(config, GOOD_CONFIG);
        put(`${store}.bak`, Buffer.from(good));
        put(store, Buffer.from(good.slice(0, length)));
        const refused = await exec("models auth paste-token --provider zai");
        expect([length, refused.code, refused.stdout, /:1:\d+/.test(refused.stderr)]).toEqual([length, 65, "", true]);
        expect(refused.stderr).not.toMatch(/canary|^ {4}at /m);
        expect(readFileSync(store, "utf8")).toBe(good.slice(0, length));
        put(config, GOOD_CONFIG.subarray(0, 30));
        put(`${config}.bak`, GOOD_CONFIG);
        const stopped = await exec("models set groq/b");
        expect([stopped.code, /nemo.json:\d+:\d+|\.json:\d+:\d+/.test(stopped.stderr)]).toEqual([78, true]);
        expect((await exec("doctor --repair --yes")).code).toBe(0);
        expect([readFileSync(store, "utf8"), readFileSync(config).equals(GOOD_CONFIG)]).toEqual([good, true]);
        rmSync(`${store}.corrupt-1`);
        rmSync(`${config}.corrupt-1`);
      }
    });
  }
});
