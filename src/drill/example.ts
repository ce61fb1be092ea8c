import type { InstallationNames } from "../config/installation.ts";
import { locate } from "../config/locate.ts";
import type { Host } from "../kernel/host.ts";

/** For somebody who has no config yet: two vendors, two accounts at the first. */
const EXAMPLE = {
  agents: { defaults: { model: { primary: "openai/gpt-5.2", fallbacks: ["groq/llama-3.3-70b-versatile"] } } },
  auth: { profiles: { "openai:work": { provider: "openai", mode: "api_key" }, "openai:home": { provider: "openai", mode: "api_key" } } },
};

const STORE = {
  version: 1,
  profiles: {
    "openai:work": { type: "api_key", provider: "openai", key: "drill-work" },
    "openai:home": { type: "api_key", provider: "openai", key: "drill-home" },
    "groq:default": { type: "api_key", provider: "groq", key: "drill-groq" },
  },
};

/** The machine as it would be with the example's files, and nothing else of this person's. */
export function exampleHost(host: Host, names: InstallationNames): Host {
  const { paths } = host;
  const bare: Host = { ...host, env: {}, inspect: () => undefined, listFolder: () => [] };
  const { configPath, stateDir } = locate(bare, names);
  const store = paths.join(stateDir, "agents", "main", "agent", "auth-profiles.json");
  const files = new Map([
    [configPath, JSON.stringify(EXAMPLE)],
    [store, JSON.stringify(STORE)],
  ]);
  return {
    ...bare,
    readText: (path) => {
      const text = files.get(path);
      return text === undefined ? { kind: "absent" } : { kind: "text", text };
    },
    inspect: (path) => {
      const text = files.get(path);
      const facts = { modifiedMs: 0, isLink: false, realPath: path };
      if (text !== undefined) return { kind: "file", mode: 0o600, sizeBytes: text.length, ...facts };
      return [...files.keys()].some((file) => file.startsWith(`${path}/`)) ? { kind: "folder", mode: 0o700, sizeBytes: 0, ...facts } : undefined;
    },
  };
}
