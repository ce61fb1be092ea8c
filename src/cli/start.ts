import { type Brand, brands } from "../brand.ts";
import { exitWith, packagedDir, packageVersion, programWords } from "../host/program-start.ts";
import { nodeHost } from "../host/node.ts";
import { nodeTerminal } from "../host/terminal.ts";
import { main } from "./main.ts";

export { type Brand, brands, defineBrand } from "../brand.ts";

/**
 * Runs the command line of a brand with this process's words, and sets its exit code. Ctrl-C ends the process by its signal, which shells
 * report as 130: a handler of ours would be work in every start.
 */
export async function start(brand: Brand | keyof typeof brands): Promise<void> {
  const chosen = typeof brand === "string" ? brands[brand] : brand;
  exitWith(await main({ brand: chosen, version: packageVersion(), host: nodeHost(packagedDir()), terminal: nodeTerminal(), argv: programWords() }));
}
