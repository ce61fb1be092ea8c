import type { Broker } from "../../../../broker.ts";
import { agentFolders, textPlaces } from "../../../../credentials/audit-places.ts";
import { sharesSecret } from "../../../../credentials/clear-text.ts";
import { copiesOf } from "../../../../credentials/clear-text-copies.ts";
import { toolFiles } from "../../../../credentials/known-tools-read.ts";
import type { Credential } from "../../../../credentials/profile.ts";

/** A place that still holds a secret: it is named and never touched. */
export interface CopyRow {
  /** null for the environment of the process. */
  file: string | null;
  /** The first one in the file. */
  line: number | null;
  variable: string | null;
  /** What the file is, as a few words. */
  what: string;
}

export interface LeftCopies {
  readonly rows: CopyRow[];
  /** The state folder holds more than is searched. */
  readonly isCut: boolean;
}

/** In the state folder, in agents' folders elsewhere, and in what else is known of this installation, shells and tools. */
export function leftCopies(broker: Broker, credentials: readonly Credential[]): LeftCopies {
  const { host, credentials: facts } = broker;
  const kinds = knownFiles(broker);
  const { stateDir } = broker.config();
  const outside = agentFolders({ agents: broker.agents() }).filter((dir) => host.paths.relative(stateDir, dir).startsWith(".."));
  const { places, isCut } = copiesOf(credentials, { host, folders: [stateDir, ...outside], files: [...kinds.keys()] });
  const inProcess = facts().profiles.flatMap((profile): CopyRow[] => {
    const { origin, credential } = profile;
    if (origin.kind !== "env" || origin.file !== undefined || !credentials.some((removed) => sharesSecret(removed, credential))) return [];
    return [{ file: null, line: null, variable: origin.variable, what: origin.setIn === "shell" ? "the login shell's environment" : "the environment" }];
  });
  const inFiles = places.map(({ file, line }) => ({ file, line: line ?? null, variable: null, what: kinds.get(file) ?? "a file of an agent" }));
  return { rows: [...inFiles, ...eachVariableOnce(inProcess)], isCut };
}

function eachVariableOnce(rows: readonly CopyRow[]): CopyRow[] {
  return rows.filter(({ variable }, index) => rows.findIndex((other) => other.variable === variable) === index);
}

/** Where to look, and what it is. */
function knownFiles(broker: Broker): ReadonlyMap<string, string> {
  const { host, registry } = broker;
  const { join } = host.paths;
  const [config, agents] = [broker.config(), broker.agents()];
  const kinds = new Map<string, string>();
  for (const { tool, file } of toolFiles({ host, homeDir: config.homeDir, registry: registry() })) kinds.set(file, `a file of ${tool.label}`);
  for (const { kind, file } of textPlaces({ host, config, agents })) kinds.set(file, kind === "dotenv" ? "a .env file" : `a ${kind}`);
  for (const file of config.files) kinds.set(file, "the config");
  kinds.set(join(config.stateDir, "credentials", "oauth.json"), "a file of an earlier version");
  for (const dir of agentFolders({ agents })) {
    const owner = agents.all.find((agent) => agent.dir === dir)?.id ?? "main";
    kinds.set(join(dir, "auth.json"), "a file of an earlier version");
    kinds.set(join(dir, "models.json"), `written by agent ${owner} itself`);
    kinds.set(join(dir, "auth-profiles.json"), dir === agents.chosen.dir ? "the store, under another id" : `the store of agent ${owner}`);
  }
  return kinds;
}
