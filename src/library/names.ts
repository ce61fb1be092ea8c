import type { InstallationNames } from "../config/installation.ts";
import { AppError } from "../kernel/errors.ts";

/** What a brand says of itself: what its files are called, and its name in prose. */
export interface BrandNames extends Omit<InstallationNames, "profile"> {
  readonly name: string;
}

/** The same, with the profile that counts. */
export type LibraryNames = BrandNames & InstallationNames;

const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The same files as the brand's own program finds: `profile` wins over `<PREFIX>_PROFILE`, and `default` is none. Throws USAGE. */
export function namesFor(brand: BrandNames, env: Readonly<Record<string, string | undefined>>, profile: string | undefined): LibraryNames {
  const { bin, name, envPrefix, legacyStateDirs, legacyConfigNames, legacyEnvPrefixes, hasHomeVariable } = brand;
  const names = { bin, name, envPrefix, legacyStateDirs, legacyConfigNames, legacyEnvPrefixes, hasHomeVariable };
  const wanted = (profile ?? env[`${envPrefix}_PROFILE`])?.trim() ?? "";
  if (wanted === "" || wanted.toLowerCase() === "default") return names;
  if (PROFILE_NAME.test(wanted)) return { ...names, profile: wanted };
  throw new AppError("USAGE", "that is not the name of a profile", { hint: "Use letters, digits, _ and -; at most 64, beginning with a letter or digit." });
}
