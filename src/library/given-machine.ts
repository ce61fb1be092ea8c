import type { FileFacts, FileRead, Host } from "../kernel/host.ts";

/** What a program gives in place of what stands on this machine. */
export interface Given {
  /** In place of the process's environment. */
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  readonly stateDir: string | undefined;
  /** In place of the config file and everything that it would include. */
  readonly config: object | undefined;
}

/** The machine with these in place of its own. Nothing that is given is written to a disk. */
export function givenMachine(host: Host, envPrefix: string, { env, stateDir, config }: Given): Host {
  const variables = { ...(env ?? host.env) };
  if (stateDir !== undefined) variables[`${envPrefix}_STATE_DIR`] = host.paths.resolve(stateDir);
  if (config === undefined) return { ...host, env: variables };
  const path = host.paths.resolve(stateDir ?? host.cwd, "signalbox-given.json");
  variables[`${envPrefix}_CONFIG_PATH`] = path;
  return { ...withFile(host, path, JSON.stringify(config)), env: variables };
}

function withFile(host: Host, path: string, text: string): Host {
  const facts: FileFacts = { kind: "file", mode: 0o600, sizeBytes: text.length, modifiedMs: 0, isLink: false, realPath: path };
  const read: FileRead = { kind: "text", text };
  return {
    ...host,
    readText: (file, maxBytes) => (file === path ? read : host.readText(file, maxBytes)),
    inspect: (file) => (file === path ? facts : host.inspect(file)),
  };
}
