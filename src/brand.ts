/** What one binary is called, and everything that follows from its name. */
export interface Brand {
  /** The binary's name; the state folder `~/.<bin>`, the config `<bin>.json` and the manifest `<bin>.plugin.json` follow from it. */
  readonly bin: string;
  /** The name in prose. */
  readonly name: string;
  /** The prefix of its environment variables, without the underscore. */
  readonly envPrefix: string;
  /** State folders of earlier versions of the same brand, below the home folder, newest first. Never another product's. */
  readonly legacyStateDirs: readonly string[];
  /** Config file names of earlier versions of the same brand. */
  readonly legacyConfigNames: readonly string[];
  /** Environment prefixes of earlier versions of the same brand. */
  readonly legacyEnvPrefixes: readonly string[];
  /** `<PREFIX>_HOME` names the home folder. */
  readonly hasHomeVariable: boolean;
}

/** For a fourth agent of the family: `start(defineBrand({ … }), argv)`. */
export function defineBrand(brand: Pick<Brand, "bin" | "name" | "envPrefix"> & Partial<Brand>): Brand {
  return { legacyStateDirs: [], legacyConfigNames: [], legacyEnvPrefixes: [], hasHomeVariable: true, ...brand };
}

export const brands = {
  neuroion: defineBrand({
    bin: "neuroion",
    name: "Neuroion",
    envPrefix: "NEUROION",
    legacyStateDirs: [".neuroionbot"],
    legacyConfigNames: ["neuroionbot.json"],
    legacyEnvPrefixes: ["NEUROIONBOT"],
    hasHomeVariable: false,
  }),
  nemo: defineBrand({
    bin: "nemo",
    name: "NEMO",
    envPrefix: "NEMO",
    legacyStateDirs: [".nemo-agent"],
    legacyConfigNames: ["nemo-agent.json"],
  }),
  text2llm: defineBrand({ bin: "text2llm", name: "text2llm", envPrefix: "TEXT2LLM" }),
} as const satisfies Record<string, Brand>;
