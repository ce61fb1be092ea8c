import { AppError, asAppError } from "../kernel/errors.ts";
import type { FileFacts, Host } from "../kernel/host.ts";
import type { ServerMachine } from "../kernel/server-machine.ts";
import { type GatewayKey, type KeyFile, readKeyFile, writeKeyFile } from "./gateway-key.ts";

const MAX_BYTES = 1_048_576;
/** 256 bits. */
const KEY_BYTES = 32;
const PREFIX = "sbx-";

export function keyFilePath(host: Pick<Host, "paths">, stateDir: string): string {
  return host.paths.join(stateDir, "signalbox", "gateway-keys.json");
}

/** No file: no keys. Throws GATEWAY_KEYS_BROKEN. */
export function readKeys(host: Host, file: string): KeyFile {
  const read = host.readText(file, MAX_BYTES);
  if (read.kind === "absent") return { keys: [] };
  if (read.kind === "text") return readKeyFile(read.text, file);
  throw new AppError("GATEWAY_KEYS_BROKEN", `${file} cannot be read`, { hint: "Give it back to your own user, with mode 0600.", place: { file } });
}

export type KeyWishes = Omit<GatewayKey, "digest" | "createdAtMs">;

/** The key is shown this once; the file keeps its digest. Throws GATEWAY_KEY_EXISTS. */
export async function createKey(
  host: Host,
  file: string,
  { machine, wishes }: { readonly machine: ServerMachine; readonly wishes: KeyWishes },
): Promise<string> {
  const key = `${PREFIX}${machine.randomToken(KEY_BYTES)}`;
  await changeKeys(host, file, (keys) => {
    if (keys.some(({ name }) => name === wishes.name))
      throw new AppError("GATEWAY_KEY_EXISTS", `there is a gateway key "${wishes.name}" already`, {
        hint: `Choose another name, or take the old one out first: \`{cli} gateway keys revoke ${wishes.name}\`.`,
      });
    return [...keys, { ...wishes, digest: machine.digest(key), createdAtMs: host.nowMs() }];
  });
  return key;
}

/** A gateway that runs refuses it from its next request on. Throws GATEWAY_KEY_UNKNOWN. */
export async function revokeKey(host: Host, file: string, name: string): Promise<GatewayKey> {
  // Looked at first: nothing is made, not even a lock, for a name that nobody has.
  let revoked = named(readKeys(host, file).keys, name);
  await changeKeys(host, file, (keys) => {
    revoked = named(keys, name);
    return keys.filter((key) => key !== revoked);
  });
  return revoked;
}

function named(keys: readonly GatewayKey[], name: string): GatewayKey {
  const found = keys.find((key) => key.name === name);
  if (found !== undefined) return found;
  throw new AppError("GATEWAY_KEY_UNKNOWN", `no gateway key is called "${name.slice(0, 100)}"`, { hint: "`{cli} gateway keys list` shows them." });
}

async function changeKeys(host: Host, file: string, change: (keys: readonly GatewayKey[]) => readonly GatewayKey[]): Promise<void> {
  await host.changeFiles([file], { kept: "secrets", backup: "none", maxBytes: MAX_BYTES, command: "gateway keys" }, (texts) => {
    const before = texts.get(file);
    const { keys } = before === undefined ? { keys: [] } : readKeyFile(before, file);
    return new Map([[file, writeKeyFile({ keys: change(keys) })]]);
  });
}

/** The keys as the file says at the moment; it is looked at once for all requests that come in together, and read when it is another one. */
export interface KeyRing {
  /** By the key's digest. undefined: nobody whom we know, or whose time is over. */
  ownerOf(digest: string): GatewayKey | undefined;
  readonly count: number;
  readonly fault: AppError | undefined;
}

/** What comes in later than that may come after a change of the file. */
const TOGETHER_MS = 1;

export function openKeyRing(host: Host, file: string, machine: Pick<ServerMachine, "isSameDigest">): KeyRing {
  let seen: string | undefined;
  let keys: readonly GatewayKey[] = [];
  /** By digest, of those who have asked since the file was read. */
  const owners = new Map<string, GatewayKey>();
  let fault: AppError | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    const now = host.monotonicMs();
    if (now - lookedAtMs < TOGETHER_MS) return;
    lookedAtMs = now;
    const facts = stamp(host.inspect(file));
    if (facts === seen) return;
    seen = facts;
    fault = undefined;
    owners.clear();
    try {
      keys = readKeys(host, file).keys;
    } catch (thrown) {
      keys = [];
      fault = asAppError(thrown);
    }
  };
  const found = (digest: string): GatewayKey | undefined => {
    // All of them are compared, whichever it is.
    const [owner] = keys.filter((known) => machine.isSameDigest(known.digest, digest));
    if (owner !== undefined) owners.set(digest, owner);
    return owner;
  };
  return {
    ownerOf: (digest) => {
      look();
      const owner = owners.get(digest) ?? found(digest);
      return owner !== undefined && (owner.expiresAtMs === undefined || owner.expiresAtMs > host.nowMs()) ? owner : undefined;
    },
    get count() {
      look();
      return keys.length;
    },
    get fault() {
      return fault;
    },
  };
}

/** Every change puts a new file in the old one's place. */
function stamp(facts: FileFacts | undefined): string {
  return facts === undefined ? "none" : `${facts.modifiedMs} ${facts.sizeBytes} ${facts.realPath}`;
}
