import type { Plugin } from "../../../plugins/discover.ts";

/**
 * An installed plugin with the keys that older agents give it. What only running its code would tell (tools, hooks, services,
 * commands) is always empty: no plugin is run here.
 */
export interface PluginRow {
  id: string;
  name: string;
  version?: string;
  description?: string;
  kind?: string;
  source: string;
  origin: "config" | "workspace" | "global" | "bundled";
  workspaceDir?: string;
  enabled: boolean;
  /** `loaded`: an agent would load it. */
  status: "loaded" | "disabled" | "error";
  /** Why it is disabled or broken. */
  error?: string;
  /** What decided that it is on or off, or what is broken. */
  reason: string | null;
  /** Its manifest. */
  manifest: { file: string; line: number | null; column: number | null } | null;
  toolNames: string[];
  hookNames: string[];
  channelIds: string[];
  providerIds: string[];
  gatewayMethods: string[];
  cliCommands: string[];
  services: string[];
  commands: string[];
  httpHandlers: number;
  hookCount: number;
  configSchema: boolean;
}

export function pluginRow(plugin: Plugin, workspaceDir: string): PluginRow {
  const { id, name, version, description, kind, source, origin, status, reason, place } = plugin;
  return {
    id,
    name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    ...(kind !== undefined && { kind }),
    source,
    origin,
    ...(origin === "workspace" && { workspaceDir }),
    enabled: status === "enabled",
    status: status === "enabled" ? "loaded" : status,
    ...(status !== "enabled" && reason !== undefined && { error: reason }),
    reason: reason ?? null,
    manifest: place === undefined ? null : { file: place.file, line: place.line ?? null, column: place.column ?? null },
    ...UNKNOWN_WITHOUT_RUNNING,
    channelIds: [...plugin.channelIds],
    providerIds: [...plugin.providerIds],
    configSchema: plugin.hasConfigSchema,
  };
}

const UNKNOWN_WITHOUT_RUNNING = {
  toolNames: [],
  hookNames: [],
  gatewayMethods: [],
  cliCommands: [],
  services: [],
  commands: [],
  httpHandlers: 0,
  hookCount: 0,
};
