import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Brand, brands } from "../../src/brand.ts";
import { newOwner } from "../../src/host/lock-record.ts";
import { runProgram } from "../program.ts";
import { node, onStage, type Stage } from "../stage.ts";

/** The protocol of files is proven call by call in e2e/faults; here that commands keep to it, and say what happened in one line. */
const can = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;
const TOOLS = {
  unshare: can("unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"),
  strace: can("strace", "-f", "-o", "/dev/null", "-e", "inject=rename:error=EIO:when=99", "true"),
};
for (const [tool, isThere] of Object.entries(TOOLS)) {
  if (!isThere) process.stderr.write(`NOT RUN: what happens to commands under faults that need ${tool}, which is not here or not permitted\n`);
}

const TOKEN = "a-token-that-is-only-for-tests-0123456789";
interface Writer {
  readonly words: string;
  readonly stdin: string;
  readonly writes: "CONFIG" | "STORE";
}

const SET_ALIAS: Writer = { words: "models aliases add quick groq/llama-3.3-70b-versatile", stdin: "", writes: "CONFIG" };
const PASTE_TOKEN: Writer = { words: "models auth paste-token --provider zai --profile-id zai:new", stdin: TOKEN, writes: "STORE" };
const OLD = {
  CONFIG: '// mine\n{ agents: { defaults: { model: "groq/llama-3.3-70b-versatile" } } }\n',
  STORE: `${JSON.stringify({ version: 1, profiles: { "groq:a": { type: "api_key", provider: "groq", key: "gsk_x" } } }, null, 2)}\n`,
};

interface Ground {
  readonly stage: Stage;
  readonly state: string;
  readonly file: (which: keyof typeof OLD) => string;
  readonly run: (writer: Pick<Writer, "words" | "stdin">, before?: readonly string[]) => ReturnType<typeof runProgram>;
}

function onGround<T>(brand: Brand, act: (ground: Ground) => Promise<T>): Promise<T> {
  return onStage(brand, async (stage) => {
    const value = (name: string): string => stage.vars.get(name) ?? "";
    const files = { CONFIG: value("CONFIG"), STORE: join(value("AGENT"), "auth-profiles.json") };
    for (const which of ["CONFIG", "STORE"] as const) {
      mkdirSync(dirname(files[which]), { recursive: true, mode: 0o700 });
      writeFileSync(files[which], OLD[which], { mode: 0o600 });
    }
    return act({
      stage,
      state: value("STATE"),
      file: (which) => files[which],
      run: ({ words, stdin }, before = []) =>
        runProgram([...before, node, value("BIN"), ...words.split(" ")], { env: stage.env, cwd: join(stage.folder, "work"), stdin }),
    });
  });
}

/** Runs what follows with something else mounted. In scripts `$state` is the state folder and `$out` a free one; `finish` runs afterwards. */
function mounted({ stage, state }: Ground, script: string, finish = ""): string[] {
  const body = `set -e; state=$1; out=$2; shift 2\n${script}\nset +e; "$@"; code=$?\n${finish}\nexit $code`;
  return ["unshare", "-rm", "sh", "-c", body, "sh", state, outOf(stage)];
}

function outOf({ vars }: Stage): string {
  return vars.get("OUT") ?? "";
}

/** Everything in the state folder, but for the config, the store and their backups. */
function strays({ state }: Ground): string[] {
  return readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !/^(auth-profiles|nemo|neuroion|text2llm)\.json(\.bak)?$/.test(basename(path)));
}

/** One error and no stack; long lines are broken at the width of the terminal. */
const said = (stderr: string) => ({ errors: stderr.match(/^error:/gm)?.length, hints: stderr.match(/^hint:/gm)?.length, hasStack: /^ {4}at /m.test(stderr) });

const ONE_ERROR = { errors: 1, hints: 1, hasStack: false };

describe.concurrent.each([SET_ALIAS, PASTE_TOKEN])("$words", (writer) => {
  const { writes } = writer;

  test.skipIf(!TOOLS.unshare)("on a full disk: 74, one line, everything as it was", async () => {
    await onGround(brands.nemo, async (ground) => {
      const fill = 'cp -a "$state" "$out/kept"; mount -t tmpfs -o size=64k,mode=700 tmpfs "$state"; cp -a "$out/kept/." "$state"';
      const before = mounted(ground, `${fill}; dd if=/dev/zero of="$state/filler" bs=1k 2>/dev/null || true`, 'cp -a "$state" "$out/after"');
      const { code, stdout, stderr } = await ground.run(writer, before);
      const after = join(outOf(ground.stage), "after");
      expect([code, stdout, stderr]).toEqual([74, "", expect.stringContaining("ENOSPC")]);
      expect(said(stderr)).toEqual(ONE_ERROR);
      expect(readFileSync(ground.file(writes).replace(ground.state, after), "utf8")).toBe(OLD[writes]);
      expect(strays({ ...ground, state: after })).toEqual([join(after, "filler")]);
    });
  });

  test.skipIf(!TOOLS.unshare)("on a disk that is read-only: 77, one line, and reading goes on", async () => {
    await onGround(brands.nemo, async (ground) => {
      const readOnly = mounted(ground, 'mount --bind "$state" "$state"; mount -o remount,ro,bind "$state"');
      const { code, stdout, stderr } = await ground.run(writer, readOnly);
      expect([code, stdout, stderr]).toEqual([77, "", expect.stringMatching(/read-only/)]);
      expect(said(stderr)).toEqual(ONE_ERROR);
      expect((await ground.run({ words: "models status", stdin: "" }, readOnly)).code).toBe(0);
      expect([readFileSync(ground.file(writes), "utf8"), strays(ground)]).toEqual([OLD[writes], []]);
    });
  });

  test("while a living process holds the lock: waits, then 75 with its number, and nothing is written", async () => {
    await onGround(brands.nemo, async (ground) => {
      const file = ground.file(writes);
      const lock = join(dirname(file), `.${basename(file)}.lock`);
      writeFileSync(lock, JSON.stringify(newOwner("a test that holds on")), { mode: 0o600 });
      const { code, stdout, stderr } = await ground.run(writer);
      expect([code, stdout, stderr]).toEqual([75, "", expect.stringContaining(`process ${process.pid}`)]);
      expect(stderr.replaceAll(/\s+/g, " ")).toContain('"a test that holds on"');
      expect([readFileSync(file, "utf8"), strays(ground)]).toEqual([OLD[writes], [lock]]);
    });
  });

  test.skipIf(!TOOLS.strace)(
    "killed at each rename and each removal: old or new, the next one goes on, and `doctor --repair` removes what is left",
    async () => {
      const fired = new Map<string, number>();
      for (const call of ["rename", "unlink"]) {
        for (let nth = 1; nth <= 12; nth++) {
          const { wasKilled, content, next, repaired, left } = await killedAt(writer, call, nth);
          if (!wasKilled) break;
          fired.set(call, nth);
          expect([call, nth, content === "old" || content === "new"]).toEqual([call, nth, true]);
          expect([call, nth, repaired, left, next]).toEqual([call, nth, 0, [], 0]);
        }
      }
      expect([...fired.keys()]).toEqual(["rename", "unlink"]);
    },
  );
});

/** SIGKILL as the n-th call of that name begins. */
async function killedAt({ words, stdin, writes }: Writer, call: string, nth: number) {
  return onGround(brands.nemo, async (ground) => {
    const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=/^${call}`, "-e", `inject=/^${call}:signal=SIGKILL:when=${nth}`];
    const { code } = await ground.run({ words, stdin }, strace);
    const wasKilled = code !== 0;
    const text = readFileSync(ground.file(writes), "utf8");
    const isNew = text !== OLD[writes] && text.includes(writes === "STORE" ? TOKEN : "quick");
    for (const name of strays(ground)) utimesSync(name, 1, 1);
    const repaired = await ground.run({ words: "doctor --repair --yes", stdin: "" });
    const left = strays(ground).filter((path) => basename(path).startsWith("."));
    const next = await ground.run({ words: words.replace("quick", "other").replace("zai:new", "zai:other"), stdin: `${stdin}2` });
    return { wasKilled, content: isNew ? "new" : text === OLD[writes] ? "old" : text, repaired: repaired.code, left, next: next.code };
  });
}

describe.concurrent("a config that another program makes", () => {
  test.skipIf(!TOOLS.unshare)("is read and not changed: 77 says who makes it, and the link stays", async () => {
    await onGround(brands.nemo, async (ground) => {
      const { stage, file } = ground;
      const made = "/nix/store/0000-home-manager-files/nemo.json";
      const out = outOf(stage);
      writeFileSync(join(out, "nemo.json"), OLD.CONFIG);
      spawnSync("rm", [file("CONFIG")]);
      symlinkSync(made, file("CONFIG"));
      const root = `root="$out/root"; mkdir -p "$root"; mount -t tmpfs tmpfs "$root"
for each in /*; do
  if [ "$each" = /nix ]; then continue; fi
  if [ -L "$each" ]; then cp -a "$each" "$root/"; elif [ -d "$each" ]; then mkdir "$root$each"; mount --rbind "$each" "$root$each"; fi
done
mkdir -p "$root${dirname(made)}"; cp "$out/nemo.json" "$root${made}"
set -- env PATH="$PATH:/usr/sbin:/sbin" chroot "$root" sh -c 'cd "$1"; shift; exec "$@"' sh "$(pwd)" "$@"`;
      const before = mounted(ground, root);
      const read = await ground.run({ words: "models status --plain", stdin: "" }, before);
      expect([read.code, read.stdout]).toEqual([0, "groq/llama-3.3-70b-versatile\n"]);
      const { code, stdout, stderr } = await ground.run(SET_ALIAS, before);
      expect([code, stdout, stderr]).toEqual([77, "", expect.stringContaining("CONFIG_MANAGED")]);
      expect(stderr).toContain("home-manager");
      expect([lstatSync(file("CONFIG")).isSymbolicLink(), readFileSync(join(out, "nemo.json"), "utf8"), strays(ground)]).toEqual([true, OLD.CONFIG, []]);
      const stored = await ground.run(PASTE_TOKEN, before);
      expect(stored.code).toBe(0);
    });
  });

  test("a config that is a link to another folder is changed there, and stays a link", async () => {
    await onGround(brands.nemo, async (ground) => {
      const { stage, file, run } = ground;
      const dotfiles = join(stage.vars.get("HOME") ?? "", "dotfiles");
      mkdirSync(dotfiles);
      writeFileSync(join(dotfiles, "agent.json5"), OLD.CONFIG, { mode: 0o644 });
      spawnSync("rm", [file("CONFIG")]);
      symlinkSync(join(dotfiles, "agent.json5"), file("CONFIG"));
      expect((await run(SET_ALIAS)).code).toBe(0);
      expect(realpathSync(file("CONFIG"))).toBe(realpathSync(join(dotfiles, "agent.json5")));
      expect(readFileSync(join(dotfiles, "agent.json5"), "utf8")).toContain("quick");
      expect(lstatSync(join(dotfiles, "agent.json5")).mode & 0o777).toBe(0o644);
    });
  });
});
