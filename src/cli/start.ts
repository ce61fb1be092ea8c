import { type Brand, brands } from "../brand.ts";
import { exitWith, packagedDir, packageVersion, programWords } from "../host/program-start.ts";
import { nodeHost } from "../host/node.ts";
import { nodeTerminal } from "../host/terminal.ts";
import { AppError } from "../kernel/errors.ts";
import { main } from "./main.ts";

export { type Brand, brands, defineBrand } from "../brand.ts";

/**
 * Runs the command line of a brand with this process's words, and sets its exit code. Ctrl-C ends the process by its signal, which shells
 * report as 130: a handler of ours would be work in every start.
 */
export async function start(brand: Brand | keyof typeof brands): Promise<void> {
  const chosen = typeof brand === "string" ? brands[brand] : brand;
  const run = { brand: chosen, version: packageVersion(), host: nodeHost(packagedDir()), terminal: nodeTerminal(), argv: programWords() };
  exitWith(await main(run).catch(unsaid));
}

/** Not even the error could be written, as on a disk that is full: no bug of ours, and no finding, which 1 would be. */
function unsaid(thrown: unknown): number {
  if (thrown instanceof AppError) return thrown.exit;
  throw thrown;
}
