import { buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool, Socks5ProxyAgent } from "undici";
import { PROXY_FAILED } from "../kernel/http.ts";

type Options = ConstructorParameters<typeof EnvHttpProxyAgent>[0];

interface ProxiedWay extends Pick<Dispatcher, "dispatch"> {
  /** What to throw where a call to this origin ended before it was sent: time that passed while the proxy had not let it through is the proxy's. */
  blame(origin: string, why: unknown): unknown;
}

/**
 * Goes through the environment's proxies, where it names any. What they fail at is a `ProxyError`: undici would throw what it throws for a vendor's
 * own address. Without a scheme a proxy is one of http, as for most programs.
 */
export function environmentProxy(options: Options): ProxiedWay {
  const waiting: Waiting = new Map();
  const blame = (origin: string, why: unknown): unknown =>
    (waiting.get(authorityOf(origin)) ?? 0) > 0 && (why as Partial<Error> | undefined)?.name === "TimeoutError" ? proxyFailed({ cause: why }) : why;
  try {
    const clientFactory = (origin: URL, own: object): Pool => proxyPool(origin, own, waiting);
    const agent = new EnvHttpProxyAgent({ ...options, ...stated("httpProxy", "HTTP_PROXY"), ...stated("httpsProxy", "HTTPS_PROXY"), clientFactory });
    return { dispatch: (call, handler) => agent.dispatch(call, handler), blame };
  } catch (cause) {
    return {
      dispatch: () => {
        throw proxyFailed({ code: "ERR_INVALID_URL", cause });
      },
      blame,
    };
  }
}

/** How many wait for a tunnel to "vendor.example:443". */
type Waiting = Map<string, number>;

function authorityOf(origin: string): string {
  const { host, port, protocol } = new URL(origin);
  return port === "" ? `${host}:${protocol === "https:" ? 443 : 80}` : host;
}

/**
 * undici reads the first of these itself, but takes addresses alone, and knows nothing of ALL_PROXY, which counts where nothing is said for the
 * scheme (https://curl.se/docs/manpage.html, 2026-11-22). A proxy that speaks SOCKS5 is asked by us, and told by its hash: what it fails at, undici
 * calls the vendor's.
 */
function stated(option: "httpProxy" | "httpsProxy", name: string): Options {
  const value = fromEnvironment(name) ?? fromEnvironment("ALL_PROXY") ?? "";
  const socks = /^socks(?:5h?)?:(\/\/[^/?#]+)/i.exec(value)?.[1];
  if (socks !== undefined) return { [option]: `http:${socks}#socks5:${socks}` };
  return value === "" ? {} : { [option]: value.includes("://") ? value : `http://${value}` };
}

function fromEnvironment(name: string): string | undefined {
  return process.env[name.toLowerCase()] ?? process.env[name];
}

type Tunnel = (call: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;

/** Connections to a proxy itself. */
class ProxyPool extends Pool {
  async tunnel(call: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    const opened = await super.connect(call).catch((cause: unknown) => Promise.reject(proxyFailed({ cause })));
    if (opened.statusCode === 200) return opened;
    opened.socket.on("error", () => undefined).destroy();
    throw proxyFailed({ code: String(opened.statusCode) });
  }
}

function proxyPool(origin: URL, options: object, waiting: Waiting): Pool {
  const pool = new ProxyPool(origin.origin, options);
  const open: Tunnel = origin.hash.startsWith("#socks5:") ? socksTunnel(origin.hash.slice(1)) : (call) => pool.tunnel(call);
  const connect: Tunnel = async (call) => {
    const count = (by: number) => waiting.set(call.path, (waiting.get(call.path) ?? 0) + by);
    count(1);
    return open(call).finally(() => count(-1));
  };
  return Object.assign(pool, { connect });
}

/** Undici's, though not in its types. */
interface SocksHandshake {
  createSocks5Connection(host: string, port: number): Promise<Dispatcher.ConnectData["socket"]>;
}

/** An agent for each tunnel: one whose proxy takes the connection and says nothing gives up in the end, and leaves the connection to us. */
function socksTunnel(address: string): Tunnel {
  const connect = buildConnector({});
  return async ({ path }) => {
    let taken: { destroy(): void } | null = null;
    const remembered: buildConnector.connector = (to, done) =>
      connect(to, (...end) => {
        taken = end[1];
        done(...end);
      });
    const agent = socksAgent(address, remembered);
    const { hostname, port } = new URL(`https://${path}`);
    const socket = await agent.createSocks5Connection(hostname, Number(port || 443)).catch((cause: unknown) => {
      taken?.destroy();
      throw proxyFailed({ cause });
    });
    return { statusCode: 200, headers: {}, socket, opaque: null };
  };
}

/** undici warns of it as an experiment. We hold it to tests, and to whoever set the proxy the warning says nothing. */
function socksAgent(address: string, connect: buildConnector.connector): SocksHandshake {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return new Socks5ProxyAgent(address, { connect }) as unknown as SocksHandshake;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The cause keeps its own code: seeing that of a socket which was closed, undici would open the next one, and so on for ever. */
function proxyFailed({ cause, ...code }: { readonly code?: string; readonly cause?: unknown }): Error {
  return Object.assign(new Error(PROXY_FAILED, { cause }), { name: "ProxyError", ...code });
}
