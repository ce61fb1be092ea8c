const LOOPBACK = ["127.0.0.1", "::1"];
const WILDCARDS = ["0.0.0.0", "::"];

export function isLoopback(address: string): boolean {
  return LOOPBACK.includes(address);
}

export function isWildcard(address: string): boolean {
  return WILDCARDS.includes(address);
}

export interface CalledBy {
  readonly addresses: readonly string[];
  readonly port: number;
  /** Further names, without a port. */
  readonly names: readonly string[];
}

/**
 * By which hosts a gateway may be called: a web page can bend a name of its own to this machine, but not an address. Where every address of the
 * machine is listened at, any address in digits is one.
 */
export function hostRule({ addresses, port, names }: CalledBy): (host: string) => boolean {
  const known = ["localhost", ...LOOPBACK, ...addresses, ...names].map((name) => (name.includes(":") ? `[${name}]` : name).toLowerCase());
  const all = new Set(known.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
  const takesDigits = addresses.some(isWildcard);
  const digits = new RegExp(`^(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-f:]+\\]):${port}$`);
  return (host) => all.has(host) || (takesDigits && digits.test(host));
}
