import type { Host } from "../kernel/host.ts";
import { numberAt, parseJson, textAt } from "../kernel/json-value.ts";

/** Where a gateway of this installation runs, and the key by which its own programs may ask how it does. Nothing else is opened by it. */
export interface RunningGateway {
  readonly url: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly key: string;
}

const MAX_BYTES = 65_536;
const KEEPING = { kept: "secrets", backup: "none", maxBytes: MAX_BYTES, command: "gateway serve" } as const;
const NOBODY = "{}\n";

function pathOf(host: Pick<Host, "paths">, stateDir: string): string {
  return host.paths.join(stateDir, "signalbox", "gateway.json");
}

/** undefined when none runs, as far as the file knows. */
export function readRunning(host: Host, stateDir: string): RunningGateway | undefined {
  const read = host.readText(pathOf(host, stateDir), MAX_BYTES);
  const value = read.kind === "text" ? parseJson(read.text) : undefined;
  const [url, key, pid, startedAtMs] = [textAt(value, "url"), textAt(value, "key"), numberAt(value, "pid"), numberAt(value, "startedAtMs")];
  if (url === undefined || key === undefined || pid === undefined || startedAtMs === undefined) return undefined;
  // It is told a key: that goes to an address of digits alone.
  return /^http:\/\/(?:[\d.]+|\[[0-9a-f:]+\]):\d+$/.test(url) ? { url, pid, startedAtMs, key } : undefined;
}

export async function noteRunning(host: Host, stateDir: string, running: RunningGateway): Promise<void> {
  const file = pathOf(host, stateDir);
  await host.changeFiles([file], KEEPING, () => new Map([[file, `${JSON.stringify({ version: 1, ...running })}\n`]]));
}

/** Unless another one has started since. */
export async function noteStopped(host: Host, stateDir: string, pid: number): Promise<void> {
  const file = pathOf(host, stateDir);
  await host.changeFiles([file], KEEPING, (texts) => (numberAt(parseJson(texts.get(file) ?? ""), "pid") === pid ? new Map([[file, NOBODY]]) : texts));
}
