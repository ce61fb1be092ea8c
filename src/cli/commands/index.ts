import { accountCommands } from "./account-commands.ts";
import type { CommandEntry, CommandList } from "./command-entry.ts";
import { modelCommands } from "./model-commands.ts";

/** Every command by its path, in the order of the help. A path with further words below it is a group as well. */
export const commands: CommandList = {
  ...modelCommands,
  ...accountCommands,
  "agents list": {
    summary: "List the configured agents and their folders",
    load: async () => (await import("./agents/list.ts")).agentsList,
  },
  "agents add": {
    summary: "Add an agent",
    load: async () => (await import("./agents/add.ts")).agentsAdd,
  },
  "agents remove": {
    summary: "Take an agent out of the config",
    argument: "agent",
    load: async () => (await import("./agents/remove.ts")).agentsRemove,
  },
  "agents default": {
    summary: "Choose the agent that commands are about",
    argument: "agent",
    load: async () => (await import("./agents/default.ts")).agentsDefault,
  },
  "plugins list": {
    summary: "List providers and how to log in to them, and installed plugins",
    load: async () => (await import("./plugins/list.ts")).pluginsList,
  },
  "plugins info": {
    summary: "Show all that is known of one provider or plugin",
    argument: "provider",
    load: async () => (await import("./plugins/info.ts")).pluginsInfo,
  },
  "plugins install": {
    summary: "Install a plugin from a folder, an archive or npm",
    argument: "file",
    load: async () => (await import("./plugins/install.ts")).pluginsInstall,
  },
  "plugins update": {
    summary: "Update plugins from where they were installed",
    argument: "plugin",
    load: async () => (await import("./plugins/update.ts")).pluginsUpdate,
  },
  "plugins uninstall": {
    summary: "Remove a plugin",
    argument: "plugin",
    load: async () => (await import("./plugins/uninstall.ts")).pluginsUninstall,
  },
  "plugins create": {
    summary: "Write the beginning of a plugin into a new folder",
    argument: "file",
    load: async () => (await import("./plugins/create.ts")).pluginsCreate,
  },
  "plugins enable": {
    summary: "Turn a plugin on",
    argument: "plugin",
    load: async () => (await import("./plugins/enable.ts")).pluginsEnable,
  },
  "plugins disable": {
    summary: "Turn a plugin off",
    argument: "plugin",
    load: async () => (await import("./plugins/enable.ts")).pluginsDisable,
  },
  "plugins doctor": {
    summary: "Name what is broken among the plugins",
    load: async () => (await import("./plugins/doctor.ts")).pluginsDoctor,
  },
  "config path": {
    summary: "Show which files are read",
    load: async () => (await import("./config/path.ts")).configPath,
  },
  "config get": {
    summary: "Show one value as this run sees it, and where it stands",
    argument: "config-key",
    load: async () => (await import("./config/get.ts")).configGet,
  },
  "config set": {
    summary: "Set one value in the config",
    argument: "config-key",
    load: async () => (await import("./config/set.ts")).configSet,
  },
  "config unset": {
    summary: "Take one key out of the config",
    argument: "config-key",
    load: async () => (await import("./config/unset.ts")).configUnset,
  },
  "config undo": {
    summary: "Take the last change of the config back",
    load: async () => (await import("./config/undo.ts")).configUndo,
  },
  "config validate": {
    summary: "Check the config and name every fault with its line",
    load: async () => (await import("./config/validate.ts")).configValidate,
  },
  "config schema": {
    summary: "Print the JSON Schema of the config",
    load: async () => (await import("./config/schema.ts")).configSchema,
  },
  "gateway serve": {
    summary: "Serve your models to programs on this machine, with failover",
    load: async () => (await import("./gateway/serve.ts")).gatewayServe,
  },
  "gateway status": {
    summary: "Tell whether a gateway runs, and how it does",
    load: async () => (await import("./gateway/status.ts")).gatewayStatus,
  },
  "gateway keys create": {
    summary: "Make a key by which a program may ask the gateway",
    load: async () => (await import("./gateway/keys-create.ts")).gatewayKeysCreate,
  },
  "gateway keys list": {
    summary: "List the gateway's keys, and what each may do",
    load: async () => (await import("./gateway/keys-list.ts")).gatewayKeysList,
  },
  "gateway keys revoke": {
    summary: "Take a gateway key away",
    argument: "gateway-key",
    load: async () => (await import("./gateway/keys-revoke.ts")).gatewayKeysRevoke,
  },
  "gateway service": {
    summary: "Print the file that starts the gateway with your login",
    load: async () => (await import("./gateway/service.ts")).gatewayService,
  },
  doctor: {
    summary: "Look at every file that is read and name what is wrong",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  completion: {
    summary: "Print a completion script for a shell",
    load: async () => (await import("./completion.ts")).completion,
  },
};

/** A group that does something when no further word follows. */
export const groupDefaults: Readonly<Record<string, string>> = { models: "models status" };

/** One line for each group of commands. */
export const groupSummaries: Readonly<Record<string, string>> = {
  models: "Which models exist, which answer, and which accounts they use",
  "models aliases": "Short words for models",
  "models fallbacks": "Models that answer when the default cannot",
  "models image-fallbacks": "Models that answer for images when the image model cannot",
  "models cooldowns": "What rests after failures, until when and why",
  "models auth": "Accounts: keys, tokens and logins",
  "models auth order": "In which order a provider's accounts are asked",
  agents: "Agents and their folders",
  plugins: "Providers and plugins",
  config: "The config file",
  gateway: "Your models for other programs, with failover",
  "gateway keys": "Who may ask the gateway",
};

/** The command at a path; undefined for groups and unknown words, whatever they are called. */
export function commandAt(path: string): CommandEntry | undefined {
  return Object.hasOwn(commands, path) ? commands[path] : undefined;
}

/** The command that a group stands for when no further word follows. */
export function defaultOf(group: string): string | undefined {
  return Object.hasOwn(groupDefaults, group) ? groupDefaults[group] : undefined;
}
