import type { Command } from "../command.ts";
import type { Names } from "../option.ts";

/** A command in the list: its help line, and its file, which is loaded only when it runs. */
export interface CommandEntry {
  readonly summary: string;
  /** What its first word names, so that a shell's completion need not load the file. */
  readonly argument?: Names;
  // oxlint-disable-next-line typescript/no-explicit-any -- each command has its own options and report
  readonly load: () => Promise<Command<any, any>>;
}

/** Every command by its path, in the order of the help. A path with further words below it is a group as well. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  "models status": {
    summary: "Show the default model, its fallbacks, and whether each credential is usable",
    load: async () => (await import("./models/status.ts")).modelsStatus,
  },
  "models list": {
    summary: "List the configured models, or with --all the whole catalogue",
    load: async () => (await import("./models/list.ts")).modelsList,
  },
  "models show": {
    summary: "Show all that is known of one model, with sources",
    argument: "model",
    load: async () => (await import("./models/show.ts")).modelsShow,
  },
  "models explain": {
    summary: "Trace which model and which account would answer, and why not the others",
    argument: "model",
    load: async () => (await import("./models/explain.ts")).modelsExplain,
  },
  "models refresh": {
    summary: "Update the catalogue from its live source",
    load: async () => (await import("./models/refresh.ts")).modelsRefresh,
  },
  "models aliases list": {
    summary: "List the aliases and what they stand for",
    load: async () => (await import("./models/aliases.ts")).modelsAliasesList,
  },
  "models fallbacks list": {
    summary: "List the fallback models in order",
    load: async () => (await import("./models/fallbacks.ts")).modelsFallbacksList,
  },
  "models image-fallbacks list": {
    summary: "List the fallback models for images in order",
    load: async () => (await import("./models/fallbacks.ts")).modelsImageFallbacksList,
  },
  "models auth list": {
    summary: "List every account that can be seen, and where it comes from",
    load: async () => (await import("./models/auth/list.ts")).modelsAuthList,
  },
  "models auth order get": {
    summary: "Show in which order a provider's accounts are asked",
    load: async () => (await import("./models/auth/order-get.ts")).modelsAuthOrderGet,
  },
  "agents list": {
    summary: "List the configured agents and their folders",
    load: async () => (await import("./agents/list.ts")).agentsList,
  },
  "plugins list": {
    summary: "List providers and how to log in to them, and installed plugins",
    load: async () => (await import("./plugins/list.ts")).pluginsList,
  },
  "plugins info": {
    summary: "Show all that is known of one provider or plugin",
    load: async () => (await import("./plugins/info.ts")).pluginsInfo,
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
    load: async () => (await import("./config/get.ts")).configGet,
  },
  "config validate": {
    summary: "Check the config and name every fault with its line",
    load: async () => (await import("./config/validate.ts")).configValidate,
  },
  "config schema": {
    summary: "Print the JSON Schema of the config",
    load: async () => (await import("./config/schema.ts")).configSchema,
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
  "models auth": "Accounts: keys, tokens and logins",
  "models auth order": "In which order a provider's accounts are asked",
  agents: "Agents and their folders",
  plugins: "Providers and plugins",
  config: "The config file",
};

/** The command at a path; undefined for groups and unknown words, whatever they are called. */
export function commandAt(path: string): CommandEntry | undefined {
  return Object.hasOwn(commands, path) ? commands[path] : undefined;
}

/** The command that a group stands for when no further word follows. */
export function defaultOf(group: string): string | undefined {
  return Object.hasOwn(groupDefaults, group) ? groupDefaults[group] : undefined;
}
