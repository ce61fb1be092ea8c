import { gateway, routing } from "./gateway-schema.ts";
import { models } from "./models-schema.ts";
import type { ObjectShape, Shape, ValueOf } from "./shape.ts";

const text = { kind: "text" } as const;
const flag = { kind: "flag" } as const;
const texts = { kind: "list", item: text } as const;
const anything = { kind: "anything" } as const;
const freely = { kind: "map", value: anything } as const;
const positive = { kind: "number", range: "above zero" } as const;
const whole = { kind: "number", range: "zero or more", whole: true } as const;

const env = {
  kind: "object",
  about: "Variables that count where the process environment and the .env files do not set them. Every other key here is the name of a variable.",
  others: text,
  entries: {
    shellEnv: { kind: "object", others: "kept", entries: { enabled: flag, timeoutMs: whole } },
    vars: { kind: "map", value: text },
  },
} as const satisfies ObjectShape;

const auth = {
  kind: "object",
  others: "refused",
  entries: {
    profiles: {
      kind: "map",
      value: {
        kind: "object",
        others: "refused",
        needs: ["provider", "mode"],
        entries: { provider: text, mode: { kind: "choice", options: ["api_key", "oauth", "token"] }, email: text },
      },
    },
    order: { kind: "map", value: texts },
    cooldowns: {
      kind: "object",
      others: "refused",
      entries: {
        billingBackoffHours: positive,
        billingBackoffHoursByProvider: { kind: "map", value: positive },
        billingMaxHours: positive,
        failureWindowHours: positive,
        rateLimitSeconds: {
          ...positive,
          about: "First rest of an account at a model after a rate limit, where the vendor names none. Default 5; doubles up to 5 minutes.",
        },
        overloadSeconds: { ...positive, about: "First rest of a model whose vendor is overloaded. Default 1; doubles up to 1 minute." },
        networkSeconds: { ...positive, about: "First rest of an address that fails again and again. Default 5; doubles up to 1 minute." },
      },
    },
  },
} as const satisfies ObjectShape;

const choice = {
  kind: "short",
  about: "A model reference, or one with fallbacks.",
  text: "primary",
  object: { kind: "object", others: "kept", entries: { primary: text, fallbacks: texts } },
} as const satisfies Shape;

const agents = {
  kind: "object",
  others: "kept",
  entries: {
    defaults: {
      kind: "object",
      others: "kept",
      entries: {
        model: choice,
        imageModel: choice,
        models: {
          kind: "map",
          about: "Aliases and settings, by model reference.",
          value: { kind: "object", others: "kept", entries: { alias: text, params: freely } },
        },
        modelPolicy: {
          kind: "object",
          others: "refused",
          entries: { allow: { kind: "list", about: "Only these models may be chosen. Without it every model may.", item: text } },
        },
        workspace: text,
        cliBackends: freely,
      },
    },
    list: {
      kind: "list",
      item: {
        kind: "object",
        others: "kept",
        needs: ["id"],
        entries: {
          id: text,
          default: flag,
          name: text,
          workspace: text,
          agentDir: text,
          model: choice,
          subagents: { kind: "object", others: "kept", entries: { model: choice } },
        },
      },
    },
  },
} as const satisfies ObjectShape;

const plugins = {
  kind: "object",
  others: "refused",
  entries: {
    enabled: flag,
    allow: texts,
    deny: texts,
    load: { kind: "object", others: "refused", entries: { paths: texts } },
    slots: { kind: "object", others: "refused", entries: { memory: text } },
    entries: { kind: "map", value: { kind: "object", others: "refused", entries: { enabled: flag, config: freely } } },
    installs: {
      kind: "map",
      value: {
        kind: "object",
        others: "refused",
        needs: ["source"],
        entries: {
          source: { kind: "choice", options: ["npm", "archive", "path"] },
          spec: text,
          sourcePath: text,
          installPath: text,
          version: text,
          installedAt: text,
        },
      },
    },
  },
} as const satisfies ObjectShape;

const logins = {
  kind: "map",
  about: "For `models auth login`, by provider: your own registration with the vendor, and endpoints in place of the vendor's own.",
  value: {
    kind: "object",
    others: "refused",
    entries: {
      clientId: text,
      clientSecret: { ...text, about: "Where the secret is, as env:NAME. Never the secret itself." },
      tenant: { ...text, about: "Your directory, for Azure." },
      host: { ...text, about: "Your GitHub Enterprise host." },
      issuer: { ...text, about: "An issuer of OpenID Connect, which tells its endpoints." },
      authorizeUrl: text,
      deviceUrl: text,
      tokenUrl: text,
      userinfoUrl: text,
      redirectUri: { ...text, about: "Where your registration sends the browser back to, on this machine; any free port unless given." },
      scopes: texts,
    },
  },
} as const satisfies Shape;

/** The words of LicenceOfUse (src/provider/login-method.ts). */
const licence = { kind: "choice", options: ["own-client", "vendor-announced", "delegate-binary", "vendor-tool-only"] } as const;

const signalbox = {
  kind: "object",
  others: "refused",
  entries: {
    licences: { kind: "map", about: "What your own agreement with a vendor allows, by profile id.", value: licence },
    logins,
    legacyAllowlist: { kind: "flag", about: "agents.defaults.models was written as a list of the only models allowed." },
    routing,
    catalogue: {
      kind: "object",
      about: "Mirrors of the live catalogue, for `models refresh`.",
      others: "refused",
      entries: { url: text, openrouterUrl: text },
    },
    usage: {
      kind: "object",
      about: "What `models usage` and the gateway ask of what is left of accounts.",
      others: "refused",
      entries: {
        unofficial: { kind: "flag", about: "false: never at an address that the vendor does not document." },
        background: {
          kind: "flag",
          about:
            "false: the gateway does not ask by itself what is left of accounts among which it chooses. Default true: each 5 minutes, documented addresses alone.",
        },
      },
    },
  },
} as const satisfies ObjectShape;

/** What a config file may hold. Everything is optional; a top-level section that is not named here belongs to the agent. */
export const CONFIG_SHAPE = {
  kind: "object",
  others: "kept",
  entries: { $schema: text, env, auth, models, agents, plugins, gateway, signalbox },
} as const satisfies ObjectShape;

/** What the run sees: the keys that we know, API keys and headers as `Secret`, every model choice in its long form. */
export type Config = ValueOf<typeof CONFIG_SHAPE>;
