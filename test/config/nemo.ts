import type { InstallationNames } from "../../src/config/installation.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { placeText } from "../../src/kernel/place.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";

export const nemo: InstallationNames = {
  bin: "nemo",
  envPrefix: "NEMO",
  legacyStateDirs: [".nemo-agent"],
  legacyConfigNames: ["nemo-agent.json"],
  legacyEnvPrefixes: [],
  hasHomeVariable: true,
};

export const neuroion: InstallationNames = {
  bin: "neuroion",
  envPrefix: "NEUROION",
  legacyStateDirs: [".neuroionbot"],
  legacyConfigNames: ["neuroionbot.json"],
  legacyEnvPrefixes: ["NEUROIONBOT"],
  hasHomeVariable: false,
};

export const CONFIG = "/home/me/.nemo/nemo.json";

/** Loads `text` as the config of nemo, on a machine that has nothing else unless told. */
export function load(text: string, machine: FakeMachine = {}): LoadedConfig {
  return loadConfig(fakeHost({ ...machine, files: { [CONFIG]: text, ...machine.files } }), nemo);
}

/** What loading throws. */
export function refused(text: string, machine: FakeMachine = {}): AppError {
  try {
    load(text, machine);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error("the config was accepted");
}

/** Each fault as "place keyPath: message → hint", the file shortened to its name. */
export function faults(text: string, machine: FakeMachine = {}): string[] {
  const { issues = [] } = refused(text, machine).facts;
  return issues.map(
    ({ message, hint, place }) => `${place === undefined ? "nowhere" : placeText(place).slice(place.file.lastIndexOf("/") + 1)} ${message} → ${hint}`,
  );
}
