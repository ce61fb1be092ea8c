import type { FileRead, Host } from "../kernel/host.ts";

const LARGEST_BYTES = 1024 * 1024;

/** Where what vendors told of usage is kept. Losing it loses nothing: it is asked for again. */
export function usageFile({ paths }: Pick<Host, "paths">, stateDir: string): string {
  return paths.join(stateDir, "signalbox", "usage.json");
}

export function readUsageText(host: Host, stateDir: string): FileRead {
  return host.readText(usageFile(host, stateDir), LARGEST_BYTES);
}
