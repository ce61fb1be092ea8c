import type { Brand } from "../brand.ts";
import type { InstallationNames } from "../config/installation.ts";
import { AppError } from "../kernel/errors.ts";

/** The names by which the rooms find this brand's files; `--profile` and `--dev` win over `<PREFIX>_PROFILE`. Throws USAGE. */
export function installationNames(brand: Brand, env: Environment, given: Given): InstallationNames {
  const { bin, envPrefix, legacyStateDirs, legacyConfigNames, legacyEnvPrefixes, hasHomeVariable } = brand;
  const names = { bin, envPrefix, legacyStateDirs, legacyConfigNames, legacyEnvPrefixes, hasHomeVariable };
  const profile = checkedProfile(brand, env, given);
  return profile === undefined ? names : { ...names, profile };
}

/** The binary's name for hints: with the profile that is active, where that is one. Never throws: it is asked for in order to say what went wrong. */
export function nameInHints(brand: Brand, env: Environment, given: Given): string {
  const name = wantedProfile(brand, env, given);
  return name === undefined || !PROFILE_NAME.test(name) ? brand.bin : `${brand.bin} --profile ${name}`;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Given = Readonly<Record<string, unknown>>;

const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** As written; `default` and nothing are no profile. */
function wantedProfile({ envPrefix }: Brand, env: Environment, given: Given): string | undefined {
  const flag = given["profile"];
  const name = typeof flag === "string" ? flag : given["dev"] === true ? "dev" : env[`${envPrefix}_PROFILE`]?.trim();
  return name === undefined || name === "" || name.toLowerCase() === "default" ? undefined : name;
}

function checkedProfile(brand: Brand, env: Environment, given: Given): string | undefined {
  if (typeof given["profile"] === "string" && given["dev"] === true) {
    throw new AppError("USAGE", "--profile and --dev exclude each other", { hint: "Give one of the two." });
  }
  const name = wantedProfile(brand, env, given);
  if (name === undefined || PROFILE_NAME.test(name)) return name;
  throw new AppError("USAGE", `"${name}" is not the name of a profile`, {
    hint: "Use letters, digits, _ and -; at most 64, beginning with a letter or digit.",
  });
}
