import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * What a writer may find: each scene makes its files in a folder of its own, and says what is changed and how. `real` is where they really are.
 * A store of twenty accounts is some seven kilobytes.
 */
const PAD = "x".repeat(7000);
const secrets = { kept: "secrets", backup: "previous", maxBytes: 1_000_000, command: "soak", lockTimeoutMs: 2000 };
const config = { ...secrets, kept: "config" };

export const SCENES = {
  store: (dir) => ({ files: [write(join(dir, "store.json"), 0o600)], keeping: secrets }),
  "store, dead lock": (dir, rig) => ({ ...SCENES.store(dir), ...rig.deadLock(join(dir, "store.json")) }),
  "store, dead lock and dead breaker": (dir, rig) => ({ ...SCENES.store(dir), ...rig.deadLock(join(dir, "store.json"), "and breaker") }),
  config: (dir) => {
    const real = write(join(dir, "dotfiles/config.json"), 0o644);
    symlinkSync("dotfiles/config.json", join(dir, "config.json"));
    return { files: [join(dir, "config.json")], real: [real], keeping: config };
  },
  "config, dead lock": (dir, rig) => ({ ...SCENES.config(dir), ...rig.deadLock(join(dir, "dotfiles/config.json")) }),
  "two files": (dir) => ({ files: [write(join(dir, "a.json"), 0o644), write(join(dir, "b.json"), 0o600)], keeping: config }),
  logout: (dir) => ({ files: [write(join(dir, "store.json"), 0o600)], keeping: { ...secrets, backup: "current" } }),
  "new store": (dir) => ({ files: [join(dir, "agents/main/auth-profiles.json")], keeping: secrets, isNew: true }),
};

/** A folder that is gone when this process ends. */
export function rigFolder() {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-soak-")));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function openScene(dir, name, rig) {
  mkdirSync(dir, { recursive: true });
  const scene = SCENES[name](dir, rig);
  return { real: scene.files, isNew: false, ...scene, dir };
}

/** The number in each file; NaN in one that is damaged, 0 in one that is not there and need not be. */
export function numbersIn({ real, isNew }) {
  return real.map((file) => {
    try {
      return JSON.parse(readFileSync(file, "utf8")).n;
    } catch (error) {
      return isNew && error.code === "ENOENT" ? 0 : Number.NaN;
    }
  });
}

/** What lies beside the files and their backups. */
export function strays({ real, dir }) {
  const kept = new Set(real.flatMap((file) => [file, `${file}.bak`]));
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !kept.has(file));
}

/** Locks of processes that ended. */
export function lockPlanter({ beside, claimName, newOwner }) {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const plant = (file, token) => writeFileSync(file, JSON.stringify({ ...newOwner("dead"), pid, thread: pid, start: "1", token }), { mode: 0o600 });
  return {
    deadLock: (file, and) => {
      const { lock } = beside(file);
      plant(lock, "deadlocktokn");
      if (and !== undefined) plant(claimName(lock, "deadlocktokn"), "deadbreakert");
      return {};
    },
  };
}

function write(file, mode) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ n: 0, pad: PAD }));
  chmodSync(file, mode);
  return file;
}
