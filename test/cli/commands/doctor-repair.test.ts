import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { brands } from "../../../src/brand.ts";
import type { DoctorReport } from "../../../src/cli/commands/doctor.ts";
import { main } from "../../../src/cli/main.ts";
import { nodeHost } from "../../../src/host/node.ts";
import type { Host } from "../../../src/kernel/host.ts";
import type { Prompter } from "../../../src/kernel/terminal.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { packaged } from "../../support/packaged.ts";

let home = "";
const AGENT = ".nemo/agents/main/agent";
const STORE = `${AGENT}/auth-profiles.json`;
const CONFIG = ".nemo/nemo.json";
const GOOD_STORE = JSON.stringify({ version: 1, profiles: { "anthropic:a": { type: "api_key", provider: "anthropic", key: "sk-ant-api03-x" } } });
const GOOD_CONFIG = '// mine\n{ agents: { defaults: { model: "anthropic/claude-opus-4-6" } } }\n';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "signalbox-doctor-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(name: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(join(home, name)), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, name), text);
  chmodSync(join(home, name), mode);
}

const read = (name: string): string => readFileSync(join(home, name), "utf8");
const mode = (name: string): number => statSync(join(home, name)).mode & 0o777;
const all = (): string[] => readdirSync(join(home, ".nemo"), { recursive: true, encoding: "utf8" }).sort();

/** At a terminal when there are answers. */
async function run(words: string, answers?: readonly (boolean | undefined)[]) {
  const left = [...(answers ?? [])];
  const asked: string[] = [];
  const confirm: Prompter["confirm"] = async (question) => {
    asked.push(question);
    return left.shift();
  };
  const tty =
    answers === undefined ? {} : { stdinIsTty: true, stderrIsTty: true, prompter: async () => ({ confirm, remark: () => undefined }) as unknown as Prompter };
  const terminal = fakeTerminal(tty);
  const real = nodeHost("");
  const readPackaged: Host["readPackaged"] = (path) => packaged[path] ?? "";
  const host: Host = { ...real, env: { HOME: home, PATH: "/usr/bin:/bin" }, osHome: home, cwd: home, readPackaged };
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: words.split(" ") });
  return { exit, asked, out: terminal.said.out, err: terminal.said.err };
}

async function report(words: string): Promise<DoctorReport> {
  return JSON.parse((await run(`${words} --json`)).out) as DoctorReport;
}

const outcomes = ({ repairs }: DoctorReport) =>
  repairs.map(({ kind, code, outcome, files }) => [kind, code, outcome, ...files.map((file) => file.slice(home.length + 1))]);

describe("doctor, without --repair", () => {
  test("says of each problem what --repair would do, and changes nothing", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, GOOD_STORE.slice(0, 60));
    put(`${STORE}.bak`, GOOD_STORE);
    const before = all();
    const { exit, out } = await run("doctor");
    expect([exit, all()]).toEqual([1, before]);
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      "`nemo doctor --repair` would put back auth-profiles.json.bak, 1m old with 1 account, and keep the broken file as auth-profiles.json.corrupt-1.",
    );
    expect(outcomes(await report("doctor"))).toEqual([["bring back", "STORE_SYNTAX", "offered", STORE, `${STORE}.corrupt-1`]]);
  });

  test("offers nothing where nothing can be mended: no backup, one that is broken too, one of another shape, a store that others may read", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, "{");
    expect((await report("doctor")).repairs).toEqual([]);
    for (const backup of ["", "{", "[]", "{}", '"text"']) {
      put(`${STORE}.bak`, backup);
      expect([backup, (await report("doctor")).repairs]).toEqual([backup, []]);
    }
  });

  test("a backup that others can read is the user's own all the same; one that they can write to is not", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, "{");
    put(`${STORE}.bak`, GOOD_STORE, 0o644);
    expect((await report("doctor")).repairs.map(({ kind }) => kind)).toEqual(["restrict", "bring back"]);
    chmodSync(join(home, `${STORE}.bak`), 0o620);
    expect((await report("doctor")).repairs.map(({ kind }) => kind)).toEqual(["restrict"]);
  });

  test("--yes and --dry-run go with --repair, and not with each other", async () => {
    expect((await run("doctor --yes")).exit).toBe(64);
    expect((await run("doctor --dry-run")).exit).toBe(64);
    expect((await run("doctor --repair --yes --dry-run")).exit).toBe(64);
  });
});

describe("doctor --repair", () => {
  test("brings the backup of a store back, keeps the broken file, and looks again", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, GOOD_STORE.slice(0, 60));
    put(`${STORE}.bak`, GOOD_STORE);
    const { exit, out } = await run("doctor --repair --yes");
    expect(exit).toBe(0);
    expect(out).toContain("✓ done: put back auth-profiles.json.bak");
    expect(out).toContain("Nothing is wrong");
    expect([read(STORE), read(`${STORE}.corrupt-1`), read(`${STORE}.bak`)]).toEqual([GOOD_STORE, GOOD_STORE.slice(0, 60), GOOD_STORE]);
    expect([mode(STORE), mode(`${STORE}.corrupt-1`)]).toEqual([0o600, 0o600]);
    expect(all().filter((name) => name.includes("/."))).toEqual([]);
  });

  test("a second broken file is kept beside the first", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(`${STORE}.bak`, GOOD_STORE);
    for (const [n, broken] of ["one", "two"].entries()) {
      put(STORE, broken);
      expect(outcomes(await report("doctor --repair --yes"))).toEqual([["bring back", "STORE_SYNTAX", "done", STORE, `${STORE}.corrupt-${n + 1}`]]);
    }
    expect([read(`${STORE}.corrupt-1`), read(`${STORE}.corrupt-2`)]).toEqual(["one", "two"]);
  });

  test("brings a config back, with its mode, and then finds the stores that only the config knows", async () => {
    const elsewhere = ".nemo/elsewhere/auth-profiles.json";
    const config = `{ agents: { defaults: { model: "anthropic/claude-opus-4-6" }, list: [{ id: "main" }, { id: "far", agentDir: "${join(home, dirname(elsewhere))}" }] } }`;
    put(CONFIG, config.replace("list", "lsit"), 0o640);
    put(`${CONFIG}.bak`, config);
    put(STORE, GOOD_STORE);
    put(elsewhere, "{");
    put(`${elsewhere}.bak`, GOOD_STORE);
    expect(outcomes(await report("doctor --repair --yes"))).toEqual([
      ["bring back", "CONFIG_INVALID", "done", CONFIG, `${CONFIG}.corrupt-1`],
      ["bring back", "STORE_SYNTAX", "done", elsewhere, `${elsewhere}.corrupt-1`],
    ]);
    expect([read(CONFIG), mode(CONFIG), mode(`${CONFIG}.corrupt-1`), read(elsewhere)]).toEqual([config, 0o640, 0o600, GOOD_STORE]);
  });

  test("a file that the config includes comes back where it is", async () => {
    put(CONFIG, '{ $include: "./models.json5" }');
    put(".nemo/models.json5", "{ agents: ");
    put(".nemo/models.json5.bak", GOOD_CONFIG);
    put(STORE, GOOD_STORE);
    expect(outcomes(await report("doctor --repair --yes"))).toEqual([
      ["bring back", "CONFIG_SYNTAX", "done", ".nemo/models.json5", ".nemo/models.json5.corrupt-1"],
    ]);
    expect(read(".nemo/models.json5")).toBe(GOOD_CONFIG);
  });

  test("takes away permissions that are too wide: of stores, their backups, earlier broken files and the folder of an agent", async () => {
    put(CONFIG, GOOD_CONFIG, 0o644);
    put(`${CONFIG}.bak`, GOOD_CONFIG, 0o644);
    put(STORE, GOOD_STORE, 0o644);
    put(`${STORE}.bak`, GOOD_STORE, 0o666);
    put(`${STORE}.corrupt-3`, "x", 0o640);
    put(".nemo/.env", "X=1", 0o644);
    chmodSync(join(home, AGENT), 0o755);
    const { repairs, problems } = await report("doctor --repair --yes");
    expect(repairs.map(({ kind, outcome, files }) => [kind, outcome, ...files.map((file) => file.slice(home.length + 1))])).toEqual([
      ["restrict", "done", AGENT],
      ["restrict", "done", STORE],
      ["restrict", "done", `${CONFIG}.bak`],
      ["restrict", "done", `${STORE}.bak`],
      ["restrict", "done", `${STORE}.corrupt-3`],
    ]);
    expect([AGENT, STORE, `${STORE}.bak`, `${STORE}.corrupt-3`, `${CONFIG}.bak`, CONFIG, ".nemo/.env"].map(mode)).toEqual([
      0o700, 0o600, 0o600, 0o600, 0o600, 0o644, 0o644,
    ]);
    expect(problems).toEqual([]);
  });

  test("--dry-run says what would be done, and does nothing", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, "{");
    put(`${STORE}.bak`, GOOD_STORE);
    const before = all();
    const { exit, out } = await run("doctor --repair --dry-run");
    expect([exit, all(), read(STORE)]).toEqual([1, before, "{"]);
    expect(out).toContain("→ would be done: put back");
  });

  test("without a terminal it needs --yes, and says so before anything is changed", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, "{", 0o644);
    put(`${STORE}.bak`, GOOD_STORE);
    const { exit, err } = await run("doctor --repair");
    expect([exit, read(STORE), mode(STORE)]).toEqual([64, "{", 0o644]);
    expect(err).toContain("--yes");
    expect(err).toContain("[TERMINAL_NEEDED]");
  });

  test("where there is nothing to mend, nobody needs to be asked", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, GOOD_STORE);
    const { exit, out, asked } = await run("doctor --repair", []);
    expect([exit, asked, out.split("\n")[0]]).toEqual([0, [], "✓ Nothing is wrong."]);
    expect((await run("doctor --repair")).exit).toBe(0);
  });

  test("asks for each repair; what is declined stays as it is", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, "{");
    put(`${STORE}.bak`, GOOD_STORE, 0o644);
    put(`${CONFIG}.bak`, GOOD_CONFIG, 0o644);
    const { asked, out } = await run("doctor --repair", [false, true, false]);
    expect(asked).toEqual([
      "Take the permissions of others away: 644 becomes 600?",
      "Take the permissions of others away: 644 becomes 600?",
      "Put back auth-profiles.json.bak, 1m old with 1 account, and keep the broken file as auth-profiles.json.corrupt-1?",
    ]);
    expect([mode(`${CONFIG}.bak`), mode(`${STORE}.bak`), read(STORE)]).toEqual([0o644, 0o600, "{"]);
    expect(out).toContain("· declined: put back");
  });

  test("who gives up at a question has changed nothing", async () => {
    put(CONFIG, GOOD_CONFIG);
    put(STORE, GOOD_STORE, 0o644);
    put(`${STORE}.bak`, GOOD_STORE, 0o644);
    const { exit } = await run("doctor --repair", [true, undefined]);
    expect([exit, mode(STORE), mode(`${STORE}.bak`)]).toEqual([130, 0o644, 0o644]);
  });
});
