/** What installing and asking plugins needs of the machine besides the rest. */
export interface PluginMachine {
  /** Every regular file below a folder, by its path with slashes. `.git` and `node_modules` are passed over. Throws PLUGIN_REFUSED. */
  readFolder(folder: string, limits: PackageLimits): PackageFiles;
  /** Throws FILE_MISSING, FILE_UNREADABLE and PLUGIN_REFUSED. */
  readArchive(file: string, maxBytes: number): Uint8Array;
  /** Throws PLUGIN_REFUSED when it is damaged, or larger than that when unpacked. */
  gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array;
  digest(algorithm: "sha256" | "sha512", bytes: Uint8Array, encoding: "hex" | "base64"): string;
  /**
   * Makes a folder (0700) that holds exactly these files (0600; 0700 those that are programs), in place of the one that is there. It is made
   * beside its place and renamed: nothing or all of it is there. Throws FILE_WRITE_FAILED; then what was there is unchanged.
   */
  placeFolder(folder: string, files: PackageFiles): void;
  /** With all that is in it; a link is removed, not what it leads to. Renamed first, so that no half of it stays in use. */
  removeFolder(folder: string): void;
  /** Folders below `parent` that a killed `placeFolder` left beside their places. Gives the names of those that are back. Throws FILE_WRITE_FAILED. */
  bringBack(parent: string): readonly string[];
  /** Runs a plugin's program and ends it, with all that it started, at the deadline. Never rejects. */
  ask(program: PluginCall): Promise<ProgramAnswer>;
}

/** What lies beside a plugin's folder: on its way in, set aside for a new one, or set aside to be removed. */
export interface BesideFolder {
  /** Of the folder. */
  readonly name: string;
  readonly kind: "new" | "old" | "gone";
}

/** Begins with a dot and ends in a random word of twelve characters: no search for plugins takes it for one. */
export function besideName({ name, kind }: BesideFolder, word: string): string {
  return `.${name}.${word}.${kind}`;
}

/** undefined for a name that is none of these. */
export function readBesideName(entry: string): BesideFolder | undefined {
  const [, name, kind] = /^\.(.+)\.[\w-]{12}\.(new|old|gone)$/.exec(entry) ?? [];
  return name === undefined ? undefined : { name, kind: kind as BesideFolder["kind"] };
}

export interface PackageLimits {
  readonly files: number;
  /** Of all of them. */
  readonly totalBytes: number;
}

export interface PackageFile {
  readonly bytes: Uint8Array;
  readonly isProgram: boolean;
}

/** By path with slashes, relative to the package. */
export type PackageFiles = ReadonlyMap<string, PackageFile>;

export interface PluginCall {
  /** `node` is the Node that runs this; one that begins with `./` lies in the folder; any other is looked for in PATH. */
  readonly command: readonly string[];
  /** The current folder of the program. */
  readonly folder: string;
  readonly input: string;
  readonly timeoutMs: number;
  /** Of stdout. */
  readonly maxBytes: number;
}

export interface ProgramAnswer {
  /** undefined when it could not be started or was ended. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** At most 4 KB. */
  readonly stderr: string;
  /** `deadline`, `too_much`, `ended by ` and the signal, or where it never began the system's code, for example `ENOENT`. */
  readonly failure?: string;
}
