import type { KeyPath } from "../config/loaded-config.ts";
import { parseReference } from "../credentials/reference.ts";

/** Whether it is `signalbox.logins.<provider>.clientSecret`, which says where the secret of a registration is, and never holds it. */
export function isLoginSecret(path: KeyPath): boolean {
  return path.length === 4 && path[0] === "signalbox" && path[1] === "logins" && path[3] === "clientSecret";
}

/** The variable that `env:NAME` names; undefined of any other text. */
export function secretVariable(text: string): string | undefined {
  const reading = parseReference(text);
  return reading.kind === "reference" && reading.reference.kind === "env" ? reading.reference.variable : undefined;
}

/** What to do where it names none. */
export function writeVariable(provider: string): string {
  const example = `${provider}_client_secret`.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
  return `Write env: and the name of the variable that holds the secret, for example env:${example}.`;
}
