import type { Agents } from "../config/agents.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { InstallationNames } from "../config/installation.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import { copiedLogins } from "../credentials/copied-logins.ts";
import { openFilesOf, writableByOthers } from "../credentials/file-exposure.ts";
import { exposed, permissionProblems } from "../credentials/store-file.ts";
import type { Host } from "../kernel/host.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ProviderRegistry } from "../provider/registry.ts";

export interface MachineFacts {
  readonly host: Host;
  readonly names: Pick<InstallationNames, "envPrefix">;
  readonly config: LoadedConfig;
  readonly agents: Agents;
  readonly credentials: CredentialFacts;
  readonly registry: Pick<ProviderRegistry, "idOf">;
}

/** What only `doctor` looks at: who may read files with keys in them or put others in their place, folders of earlier versions, and logins of other programs. */
export function machineFindings(facts: MachineFacts): Problem[] {
  const open = openFiles(facts);
  return [...open, ...writable(facts, new Set(open.map(({ subject }) => subject))), ...legacyFolder(facts), ...otherLogins(facts), ...copiedLogins(facts)];
}

/** Config and .env files with keys in them. The stores are looked at whenever they are read. */
function openFiles(facts: MachineFacts): Problem[] {
  const { host, credentials } = facts;
  const elsewhere = keptElsewhere(facts);
  const files = credentials.profiles.flatMap(({ provider, origin }) => {
    if (origin.kind === "store" || origin.file === undefined) return [];
    return origin.kind === "config" && elsewhere.has(provider) ? [] : [origin.file];
  });
  return [...new Set(files)].flatMap((file) => permissionProblems({ host, file, called: `${host.paths.basename(file)}, which holds a key,` }));
}

/** The providers of which the config holds no key, but the name of a variable. */
function keptElsewhere({ config, registry }: MachineFacts): ReadonlySet<string> {
  const keys = config.replaced.filter(({ isWhole, path }) => isWhole && path.length === 4 && path[0] === "models" && path[3] === "apiKey");
  return new Set(keys.map(({ path }) => registry.idOf(String(path[2]))));
}

/** Whoever writes there has a say in where keys are sent. The folders of stores are looked at together with them. */
function writable({ host, names, config }: MachineFacts, named: ReadonlySet<string>): Problem[] {
  if (openFilesOf(host, names) === "allowed") return [];
  const { basename, dirname } = host.paths;
  const files = [...new Set([config.path, ...config.files].flatMap((file) => [file, host.inspect(file)?.realPath ?? file]))];
  const called = new Map(files.flatMap((file) => [[file, basename(file)] as const, [dirname(file), `the folder of ${basename(file)}`] as const]));
  return [...called.set(config.stateDir, "the state folder")].flatMap(([path, name]) => {
    const exposure = named.has(path) ? undefined : writableByOthers(host, path);
    return exposure === undefined ? [] : [exposed(path, `${name} ${exposure.message}`, exposure, "warning")];
  });
}

function legacyFolder({ config }: MachineFacts): Problem[] {
  if (!config.legacyStateDir) return [];
  const { stateDir } = config;
  const message = `the state folder is ${stateDir}, of an earlier version`;
  return [
    {
      code: "STORE_SHAPE",
      severity: "note",
      subject: stateDir,
      message,
      hint: "It goes on counting until there is a folder of the present name.",
      place: { file: stateDir },
    },
  ];
}

/** Older agents copied these logins into their own store at each start. That is not done here, for two programs then renew one login in turn. */
const OTHER_PROGRAMS = [
  { folder: ".qwen", program: "Qwen Code", provider: "qwen-portal" },
  { folder: ".minimax", program: "MiniMax", provider: "minimax-portal" },
] as const;

function otherLogins({ host, credentials }: MachineFacts): Problem[] {
  return OTHER_PROGRAMS.flatMap(({ folder, program, provider }): Problem[] => {
    const file = host.paths.join(host.osHome, folder, "oauth_creds.json");
    if (host.inspect(file) === undefined || credentials.profiles.some((profile) => profile.provider === provider)) return [];
    const message = `${program} has a login of its own; it is not used for ${provider}`;
    return [{ code: "CREDENTIAL_MISSING", severity: "note", subject: provider, message, hint: "Logins of other programs are left to them.", place: { file } }];
  });
}
