/** The names that locate one installation on a machine. Given by the program start; the rooms do not know what the product is called. */
export interface InstallationNames {
  readonly bin: string;
  readonly envPrefix: string;
  readonly legacyStateDirs: readonly string[];
  readonly legacyConfigNames: readonly string[];
  readonly legacyEnvPrefixes: readonly string[];
  readonly hasHomeVariable: boolean;
  /** From `--profile <name>`: the state folder is then `~/.<bin>-<name>`. */
  readonly profile?: string;
}
