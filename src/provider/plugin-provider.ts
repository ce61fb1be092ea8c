import type { LoginMethod } from "./login-method.ts";
import type { CustomProvider } from "./registry.ts";

/** A provider that a plugin brings. One of an older agent's plugin is known by its id alone. */
export interface PluginProvider extends CustomProvider {
  readonly logins?: readonly LoginMethod[];
  /** Where requests with its credentials may go: `host` or `host:port`. */
  readonly hosts?: readonly string[];
}

/** A plugin that brings code: a program of its own, which is asked over stdin and stdout. */
export interface PluginProgram {
  /** `node` is the Node that runs us; one that begins with `./` lies in the plugin's folder. */
  readonly command: readonly string[];
  readonly verbs: readonly PluginVerb[];
}

/** `describe`: who it is; `models`: what an account may use; `usage`: what is left of it; `login`: makes one; `refresh`: renews it. */
export const PLUGIN_VERBS = ["describe", "models", "usage", "login", "refresh"] as const;
export type PluginVerb = (typeof PLUGIN_VERBS)[number];
