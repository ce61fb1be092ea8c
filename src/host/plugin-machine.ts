import type { PluginMachine } from "../kernel/plugin-machine.ts";
import { askProgram } from "./plugin-program.ts";
import { gunzip, readArchive } from "./plugin-archive.ts";
import { bringBack, placeFolder, readFolder, removeFolder } from "./plugin-folder.ts";

/** This machine, as plugins need it. */
export const nodePlugins: PluginMachine = {
  readFolder,
  readArchive,
  gunzip,
  digest: (algorithm, bytes, encoding) => process.getBuiltinModule("node:crypto").createHash(algorithm).update(bytes).digest(encoding),
  placeFolder,
  removeFolder,
  bringBack,
  ask: askProgram,
};
