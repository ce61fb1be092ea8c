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

/** Below no folder that anybody would make. */
const NOWHERE = ".signalbox-nowhere";

/**
 * For a program that gives all that would be looked for on a disk: keys that a person stored here are no part of its test. A home folder that the given
 * environment names counts, for then it was given too. Caches that would be kept in a folder that there is not are kept nowhere.
 */
export function withoutOwnFolders(host: Host, env: NonNullable<Given["env"]>): Host {
  const home = [env["HOME"], env["USERPROFILE"]].find((path) => path !== undefined && path.trim() !== "");
  if (home !== undefined) return { ...host, osHome: home };
  const nowhere = host.paths.resolve(host.cwd, NOWHERE);
  return { ...host, cwd: nowhere, osHome: nowhere, replaceFile: () => undefined };
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
