/**
 * Where `OLLAMA_HOST` says that Ollama is, as its own programs read it (envconfig/config.go of github.com/ollama/ollama, 2026-11-21): a host, a port
 * or both, perhaps with a scheme, perhaps in quotes. An address that a server listens on everywhere is reached on this machine. undefined when it
 * says nothing that can be used.
 */
export function ollamaBaseUrl(written: string | undefined): string | undefined {
  const text = (written ?? "")
    .trim()
    .replace(/^["']+|["']+$/g, "")
    .trim();
  if (text === "") return undefined;
  const [, scheme = "http", rest = ""] = /^(?:(https?):\/\/)?(.*?)\/*$/i.exec(text) ?? [];
  const hasPort = /:\d+$/.test(rest) && !/^[0-9a-f:]*::[0-9a-f:]*$/i.test(rest);
  const port = hasPort ? "" : text.includes("://") ? "" : ":11434";
  const address = `${scheme}://${withHost(rest)}${port}`;
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port: readPort, pathname } = new URL(address);
  const host = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "[::]" ? "[::1]" : hostname;
  return `${protocol}//${host}${readPort === "" ? "" : `:${readPort}`}${pathname.replace(/\/+$/, "")}/v1`;
}

/** ":8080" is a port of this machine; an IPv6 address alone gets its brackets. */
function withHost(rest: string): string {
  if (rest.startsWith(":") && !rest.startsWith("::")) return `127.0.0.1${rest}`;
  return /^[0-9a-f:]*::[0-9a-f:]*$/i.test(rest) ? `[${rest}]` : rest;
}
