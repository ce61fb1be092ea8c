import type { CommandList } from "./command-entry.ts";

/** What is below `models`, but for the accounts, in the order of the help. */
export const modelCommands: CommandList = {
  "models status": {
    summary: "Show the default model, its fallbacks, and whether each credential is usable",
    load: async () => (await import("./models/status.ts")).modelsStatus,
  },
  "models set": {
    summary: "Choose the default model",
    argument: "model",
    load: async () => (await import("./models/set.ts")).modelsSet,
  },
  "models set-image": {
    summary: "Choose the model for images",
    argument: "model",
    load: async () => (await import("./models/set.ts")).modelsSetImage,
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
  "models probe": {
    summary: "Ask providers for real whether accounts and models work, and how fast",
    argument: "model",
    load: async () => (await import("./models/probe.ts")).modelsProbe,
  },
  "models scan": {
    summary: "Test free models for real, and choose fallbacks among them",
    load: async () => (await import("./models/scan.ts")).modelsScan,
  },
  "models usage": {
    summary: "Show what is left of every account, or what requests cost (--spend)",
    load: async () => (await import("./models/usage.ts")).modelsUsage,
  },
  "models cooldowns list": {
    summary: "List who rests after failures: accounts, models, addresses",
    load: async () => (await import("./models/cooldowns-list.ts")).modelsCooldownsList,
  },
  "models cooldowns clear": {
    summary: "End the rest of an account, a model or a provider",
    argument: "model",
    load: async () => (await import("./models/cooldowns-clear.ts")).modelsCooldownsClear,
  },
  "models drill": {
    summary: "Run your chain against scripted faults, without a key and without a cent",
    load: async () => (await import("./models/drill.ts")).modelsDrill,
  },
  "models refresh": {
    summary: "Update the catalogue from its live source",
    load: async () => (await import("./models/refresh.ts")).modelsRefresh,
  },
  "models add-server": {
    summary: "Make a server of models a provider, after asking it what it is",
    load: async () => (await import("./models/add-server.ts")).modelsAddServer,
  },
  "models aliases list": {
    summary: "List the aliases and what they stand for",
    load: async () => (await import("./models/aliases.ts")).modelsAliasesList,
  },
  "models aliases add": {
    summary: "Give a model an alias",
    load: async () => (await import("./models/aliases-edit.ts")).modelsAliasesAdd,
  },
  "models aliases remove": {
    summary: "Take an alias away from its model",
    argument: "alias",
    load: async () => (await import("./models/aliases-edit.ts")).modelsAliasesRemove,
  },
  "models fallbacks list": {
    summary: "List the fallback models in order",
    load: async () => (await import("./models/fallbacks.ts")).modelsFallbacksList,
  },
  "models fallbacks add": {
    summary: "Add a fallback model",
    argument: "model",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsFallbacksAdd,
  },
  "models fallbacks remove": {
    summary: "Remove a fallback model",
    argument: "fallback",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsFallbacksRemove,
  },
  "models fallbacks clear": {
    summary: "Remove every fallback model",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsFallbacksClear,
  },
  "models fallbacks move": {
    summary: "Move a fallback model to another position",
    argument: "fallback",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsFallbacksMove,
  },
  "models image-fallbacks list": {
    summary: "List the fallback models for images in order",
    load: async () => (await import("./models/fallbacks.ts")).modelsImageFallbacksList,
  },
  "models image-fallbacks add": {
    summary: "Add a fallback model for images",
    argument: "model",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsImageFallbacksAdd,
  },
  "models image-fallbacks remove": {
    summary: "Remove a fallback model for images",
    argument: "image-fallback",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsImageFallbacksRemove,
  },
  "models image-fallbacks clear": {
    summary: "Remove every fallback model for images",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsImageFallbacksClear,
  },
  "models image-fallbacks move": {
    summary: "Move a fallback model for images to another position",
    argument: "image-fallback",
    load: async () => (await import("./models/fallbacks-edit.ts")).modelsImageFallbacksMove,
  },
};
