import type { Place } from "../kernel/place.ts";
import type { PluginProgram, PluginProvider } from "../provider/plugin-provider.ts";
import type { PluginOrigin } from "./candidates.ts";
import type { Footing } from "./enablement.ts";
import type { InstallRecord } from "./install-record.ts";

/** A plugin, as its manifest describes it. */
export interface Plugin {
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly kind?: string;
  /** `data`: it describes providers. `program`: and answers for them. `agent`: code for inside an older agent, which is never run here. */
  readonly form: "data" | "program" | "agent";
  readonly origin: PluginOrigin;
  /** What decides whether it is on before the config says a word. */
  readonly footing: Footing;
  readonly folder: string;
  /** The file that an agent would run; the manifest of one of ours. */
  readonly source: string;
  /** `enabled`: an agent would load it; we use what one of ours brings. */
  readonly status: "enabled" | "disabled" | "error";
  /** What decided that it is on or off, or what is broken. */
  readonly reason?: string;
  /** Ids that its manifest says it brings. */
  readonly providerIds: readonly string[];
  readonly channelIds: readonly string[];
  /** Whether its manifest has a schema for its settings: false only for a broken one. */
  readonly hasConfigSchema: boolean;
  /** Those that count: none of a plugin that is off. */
  readonly providers: readonly PluginProvider[];
  /** What one of ours describes, on or off. */
  readonly describes: readonly PluginProvider[];
  readonly program?: PluginProgram;
  /** Of what was installed by us. */
  readonly record?: InstallRecord;
  /** Its manifest. */
  readonly place?: Place;
}
