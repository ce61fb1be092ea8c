import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { PROXY_FAILED } from "../kernel/http.ts";

type Options = ConstructorParameters<typeof EnvHttpProxyAgent>[0];

/**
 * Goes through the environment's proxies, where it names any. What they fail at is a `ProxyError`: undici would throw what it throws for a vendor's
 * own address. Without a scheme a proxy is one of http, as for most programs.
 */
export function environmentProxy(options: Options): Pick<Dispatcher, "dispatch"> {
  try {
    return new EnvHttpProxyAgent({ ...options, ...stated("httpProxy", "HTTP_PROXY"), ...stated("httpsProxy", "HTTPS_PROXY"), clientFactory: proxyPool });
  } catch (cause) {
    return {
      dispatch: () => {
        throw proxyFailed({ code: "ERR_INVALID_URL", cause });
      },
    };
  }
}

/** undici reads the same variables, but takes addresses alone. */
function stated(option: "httpProxy" | "httpsProxy", name: string): Options {
  const value = process.env[name.toLowerCase()] ?? process.env[name] ?? "";
  return value === "" || value.includes("://") ? {} : { [option]: `http://${value}` };
}

/** Connections to a proxy itself. */
class ProxyPool extends Pool {
  async tunnel(call: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    const opened = await super.connect(call).catch((cause: unknown) => Promise.reject(proxyFailed({ cause })));
    if (opened.statusCode === 200) return opened;
    opened.socket.on("error", () => undefined).destroy();
    throw proxyFailed({ code: String(opened.statusCode) });
  }
}

function proxyPool(origin: URL, options: object): Pool {
  const pool = new ProxyPool(origin, options);
  return Object.assign(pool, { connect: (call: Dispatcher.ConnectOptions) => pool.tunnel(call) });
}

/** The cause keeps its own code: seeing that of a socket which was closed, undici would open the next one, and so on for ever. */
function proxyFailed({ cause, ...code }: { readonly code?: string; readonly cause?: unknown }): Error {
  return Object.assign(new Error(PROXY_FAILED, { cause }), { name: "ProxyError", ...code });
}
