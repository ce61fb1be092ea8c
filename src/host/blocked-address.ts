import { lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Where clouds keep the credentials of their machines, and what is no address of one machine. No model is served there. */
const BLOCKED = new BlockList();
BLOCKED.addSubnet("169.254.0.0", 16, "ipv4");
BLOCKED.addSubnet("224.0.0.0", 4, "ipv4");
BLOCKED.addAddress("100.100.100.200", "ipv4");
BLOCKED.addRange("0.0.0.1", "0.255.255.255", "ipv4");
BLOCKED.addAddress("255.255.255.255", "ipv4");
BLOCKED.addSubnet("fe80::", 10, "ipv6");
BLOCKED.addSubnet("ff00::", 8, "ipv6");
BLOCKED.addAddress("fd00:ec2::254", "ipv6");
// 169.254.0.0/16 behind a translator of addresses (RFC 6052).
BLOCKED.addSubnet("64:ff9b::a9fe:0", 112, "ipv6");

/** `0.0.0.0` and its like reach this machine: servers print it as their address, and people copy it from there. */
export function isBlockedAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && BLOCKED.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** For a host that is an address, or a name that clouds give to that service. `hostname` as `URL` writes it. */
export function refuseBlocked(hostname: string): void {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  if (isBlockedAddress(bare) || /^metadata(?:\.|$)/i.test(bare)) throw blocked();
}

/** Looks at the addresses that a name leads to at the moment of connecting, so that no name leads there by another answer. */
export function safeLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, options, (error, found, family) => {
      if (error !== null) return done(error, found, family);
      const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
      if (addresses.some(isBlockedAddress)) return done(blocked(), found, family);
      done(null, found, family);
    });
  };
}

function blocked(): NodeJS.ErrnoException {
  return Object.assign(new Error("nothing is sent to addresses of that kind"), { code: "EHOSTUNREACH" });
}
