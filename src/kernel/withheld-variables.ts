import { isInHand } from "./redact.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** For the whole process: a program is also started by rooms that know neither config nor providers. */
const named = new Set<string>();
const prefixes = new Set<string>();

/** Variables that hold secrets. Called where their names become known, so that no program sees them that is started later. */
export function withhold(names: Iterable<string>): void {
  for (const name of names) named.add(name);
}

/** The prefix of a brand's variables: those of the gateway and the secrets of registered clients are below it. */
export function withholdBelow(prefix: string): void {
  prefixes.add(`${prefix}_`);
}

/** How the variables begin that are a program's own: without them it finds no login. */
const OWN: ReadonlyMap<string, string> = new Map([
  ["aws", "AWS_"],
  ["az", "AZURE_"],
]);

/**
 * What a program sees of an environment: it needs no secret of ours, or only those that are its own. A variable is left out for its name, and for
 * its value where that is a secret that was in hand: the config and references may name any variable.
 */
export function environmentOf(program: string, env: Variables): Record<string, string | undefined> {
  const own = OWN.get(program);
  const isShown = ([name, value]: [string, string | undefined]): boolean =>
    (own !== undefined && name.startsWith(own)) || !(named.has(name) || isBelowPrefix(name) || isInHand(value?.trim() ?? ""));
  return Object.fromEntries(Object.entries(env).filter(isShown));
}

function isBelowPrefix(name: string): boolean {
  return [...prefixes].some((prefix) => name.startsWith(prefix) && (name.startsWith("GATEWAY_", prefix.length) || name.endsWith("_CLIENT_SECRET")));
}
