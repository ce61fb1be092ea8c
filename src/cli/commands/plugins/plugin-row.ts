import type { Plugin } from "../../../plugins/plugin.ts";

/**
 * An installed plugin with the keys that older agents give it, and ours (`form` and after). What only running the code of an older agent's plugin
 * would tell (tools, hooks, services, commands) is always empty: no such code is run here.
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
  /** `data`: it describes providers. `program`: and answers for them. `agent`: code for inside an older agent, never run here. */
  form: "data" | "program" | "agent";
  /** Where credentials of its providers may go: `host` or `host:port`. */
  hosts: string[];
  program: { command: string[]; verbs: string[] } | null;
  /** Of what was installed by us: from where, when, and the SHA-256 over its files that was agreed to. */
  install: { source: string; from: string; at: string; content: string } | null;
}

export function pluginRow(plugin: Plugin, workspaceDir: string): PluginRow {
  const { id, name, version, description, kind, source, origin, status, reason, place, form, program, record } = plugin;
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
    form,
    hosts: [...new Set(plugin.describes.flatMap(({ hosts = [] }) => hosts))],
    program: program === undefined ? null : { command: [...program.command], verbs: [...program.verbs] },
    install: record === undefined ? null : { source: record.source, from: record.from, at: record.installedAt, content: record.content },
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
