const NAMES = new Set(["localhost", "host.docker.internal"]);

/**
 * Whether an address leads to this machine or its private network: loopback, `localhost` and names below it, `*.local`, the container
 * host, and the ranges of RFC 1918, RFC 3927, RFC 4193 and RFC 4291 (2.5.6). Names are not looked up. False for what is no address.
 */
export function isLocal(baseUrl: string): boolean {
  const known = found.get(baseUrl);
  if (known !== undefined) return known;
  if (found.size >= MOST_FOUND) found.clear();
  const local = leadsNear(baseUrl);
  found.set(baseUrl, local);
  return local;
}

/** Few addresses are looked at again and again. */
const found = new Map<string, boolean>();
const MOST_FOUND = 500;

function leadsNear(baseUrl: string): boolean {
  const host = hostOf(baseUrl);
  if (host === undefined || host === "") return false;
  if (host.startsWith("[")) return isLocalV6(host.slice(1, -1));
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return NAMES.has(name) || name.endsWith(".localhost") || name.endsWith(".local") || isLocalV4(name);
}

/** As browsers read it: short and numeric forms of addresses come back written out. */
function hostOf(baseUrl: string): string | undefined {
  const address = baseUrl.trim();
  const url = address.includes("://") ? address : `http://${address}`;
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

function isLocalV4(host: string): boolean {
  const parts = host.split(".").map(Number);
  const [first = -1, second = -1] = parts;
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part))) return false;
  if (first === 127 || first === 10 || host === "0.0.0.0") return true;
  return (first === 172 && second >= 16 && second <= 31) || (first === 192 && second === 168) || (first === 169 && second === 254);
}

function isLocalV6(address: string): boolean {
  if (address === "::1" || address === "::") return true;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped !== null) return isLocalV4(dotted(mapped[1] ?? "", mapped[2] ?? ""));
  const first = Number.parseInt(address.split(":")[0] ?? "", 16);
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80;
}

function dotted(high: string, low: string): string {
  const bits = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return bits.flatMap((pair) => [pair >> 8, pair & 0xff]).join(".");
}
