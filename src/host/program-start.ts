import * as path from "node:path";
import manifest from "../../package.json" with { type: "json" };

export function packageVersion(): string {
  return manifest.version;
}

/** The words after the program's name. */
export function programWords(): string[] {
  return process.argv.slice(2);
}

/** Where the build put the files that `readPackaged` reads: `dist/`, the folder above the bundle. */
export function packagedDir(): string {
  return path.dirname(__dirname);
}

/** At once: everything was written, and taking the engine down in good order would cost another half millisecond. */
export function exitWith(code: number): void {
  process.exit(code);
}
