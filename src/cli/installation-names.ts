import type { Brand } from "../brand.ts";
import type { InstallationNames } from "../config/installation.ts";
import { AppError } from "../kernel/errors.ts";

/** The names by which the rooms find this brand's files; `--profile` and `--dev` win over `<PREFIX>_PROFILE`. */
export function installationNames(
  brand: Brand,
  env: Readonly<Record<string, string | undefined>>,
  given: Readonly<Record<string, unknown>>,
): InstallationNames {
  const { bin, envPrefix, legacyStateDirs, legacyConfigNames, legacyEnvPrefixes, hasHomeVariable } = brand;
  const names = { bin, envPrefix, legacyStateDirs, legacyConfigNames, legacyEnvPrefixes, hasHomeVariable };
  const profile = profileName(given["profile"], given["dev"] === true ? "dev" : undefined, env[`${envPrefix}_PROFILE`]);
  return profile === undefined ? names : { ...names, profile };
}

function profileName(flag: unknown, dev: string | undefined, variable: string | undefined): string | undefined {
  if (typeof flag === "string" && dev !== undefined) throw new AppError("USAGE", "--profile and --dev exclude each other", { hint: "Give one of the two." });
  const name = typeof flag === "string" ? flag : (dev ?? variable?.trim());
  if (name === undefined || name === "" || name.toLowerCase() === "default") return undefined;
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return name;
  throw new AppError("USAGE", `"${name}" is not the name of a profile`, {
    hint: "Use letters, digits, _ and -; at most 64, beginning with a letter or digit.",
  });
}
