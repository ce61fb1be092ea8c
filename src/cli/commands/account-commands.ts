import type { CommandList } from "./command-entry.ts";

/** What is below `models auth`, in the order of the help. */
export const accountCommands: CommandList = {
  "models auth add": {
    summary: "Add an account, step by step",
    load: async () => (await import("./models/auth/add.ts")).modelsAuthAdd,
  },
  "models auth login": {
    summary: "Log in to a provider, in the browser, by device code or with another program",
    argument: "provider",
    load: async () => (await import("./models/auth/login.ts")).modelsAuthLogin,
  },
  "models auth login-github-copilot": {
    summary: "Log in to GitHub Copilot by device code",
    load: async () => (await import("./models/auth/login-github-copilot.ts")).modelsAuthLoginGithubCopilot,
  },
  "models auth paste-api-key": {
    summary: "Store an API key, typed hidden or read from stdin",
    load: async () => (await import("./models/auth/paste-api-key.ts")).modelsAuthPasteApiKey,
  },
  "models auth paste-token": {
    summary: "Store a token of any provider, typed hidden or read from stdin",
    load: async () => (await import("./models/auth/paste-token.ts")).modelsAuthPasteToken,
  },
  "models auth setup-token": {
    summary: "Store the token that `claude setup-token` prints",
    load: async () => (await import("./models/auth/setup-token.ts")).modelsAuthSetupToken,
  },
  "models auth show": {
    summary: "Show all that is known of one account, but never its secret",
    argument: "profile",
    load: async () => (await import("./models/auth/show.ts")).modelsAuthShow,
  },
  "models auth list": {
    summary: "List every account that can be seen, and where it comes from",
    load: async () => (await import("./models/auth/list.ts")).modelsAuthList,
  },
  "models auth rename": {
    summary: "Call a stored account by another id",
    argument: "profile",
    load: async () => (await import("./models/auth/rename.ts")).modelsAuthRename,
  },
  "models auth logout": {
    summary: "Remove stored accounts, and their secrets with them",
    argument: "profile",
    load: async () => (await import("./models/auth/logout.ts")).modelsAuthLogout,
  },
  "models auth import": {
    summary: "Find credentials elsewhere on this machine, and store those that you choose",
    load: async () => (await import("./models/auth/import.ts")).modelsAuthImport,
  },
  "models auth refresh": {
    summary: "Renew logins that are due, or those that are named",
    argument: "profile",
    load: async () => (await import("./models/auth/refresh.ts")).modelsAuthRefresh,
  },
  "models auth token": {
    summary: "Hand a fresh token to another program",
    load: async () => (await import("./models/auth/token.ts")).modelsAuthToken,
  },
  "models auth audit": {
    summary: "Show where secrets lie in clear text on this machine",
    load: async () => (await import("./models/auth/audit.ts")).modelsAuthAudit,
  },
  "models auth order get": {
    summary: "Show in which order a provider's accounts are asked",
    load: async () => (await import("./models/auth/order-get.ts")).modelsAuthOrderGet,
  },
  "models auth order set": {
    summary: "Ask a provider's accounts in an order of your own",
    argument: "profile",
    load: async () => (await import("./models/auth/order-set.ts")).modelsAuthOrderSet,
  },
  "models auth order clear": {
    summary: "Take back an order of your own for a provider's accounts",
    load: async () => (await import("./models/auth/order-clear.ts")).modelsAuthOrderClear,
  },
};
