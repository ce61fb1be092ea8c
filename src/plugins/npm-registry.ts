import type { InstallationNames } from "../config/installation.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { type HttpResponse, PROXY_FAILED } from "../kernel/http.ts";

const USUAL_REGISTRY = "https://registry.npmjs.org";
const TIMEOUT_MS = 60_000;
const LARGEST_NPMRC_BYTES = 256 * 1024;

/**
 * The registry that serves a package, without a slash at its end: `<PFX>_NPM_REGISTRY`, then npm's own settings in the environment and in `~/.npmrc`.
 * The current folder's .npmrc and .env have no say: they may be anybody's. Throws USAGE.
 */
export function registryFor(packageName: string, host: Host, { envPrefix }: InstallationNames): string {
  const settings = npmrc(host);
  const scope = packageName.startsWith("@") ? packageName.split("/")[0] : undefined;
  const own = host.env[`${envPrefix}_NPM_REGISTRY`];
  const ofNpm = host.env["npm_config_registry"] ?? host.env["NPM_CONFIG_REGISTRY"];
  const written = own ?? (scope === undefined ? undefined : settings.get(`${scope}:registry`)) ?? ofNpm ?? settings.get("registry") ?? USUAL_REGISTRY;
  const address = written.trim().replace(/\/+$/, "");
  if (isSafe(address)) return address;
  throw new AppError("USAGE", "the address of the npm registry is not one that packages are taken from", {
    hint: `It must begin with https:// and hold no password. See ${envPrefix}_NPM_REGISTRY and ~/.npmrc.`,
  });
}

function npmrc(host: Host): ReadonlyMap<string, string> {
  const file = host.env["npm_config_userconfig"] ?? host.env["NPM_CONFIG_USERCONFIG"] ?? host.paths.join(host.osHome, ".npmrc");
  const read = host.readText(file, LARGEST_NPMRC_BYTES);
  const settings = new Map<string, string>();
  for (const line of read.kind === "text" ? read.text.split(/\r?\n/) : []) {
    const match = /^\s*(registry|@[\w.~-]+:registry)\s*=\s*["']?([^"'\s]+)/.exec(line);
    if (match !== null) settings.set(match[1] ?? "", match[2] ?? "");
  }
  return settings;
}

/** TLS, or this very machine. */
export function isSafe(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname));
}

/** One GET without a credential and without redirects. Throws PLUGIN_FETCH_FAILED. */
export async function fetchBytes(host: Host, url: string, accept: string, maxBytes: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { origin } = new URL(url);
  try {
    const response = await host.http({ method: "GET", url, headers: { accept, "user-agent": "signalbox" } }, signal);
    if (response.status !== 200) throw failed(`${origin} answered ${response.status}`, HINTS[response.status]);
    return await wholeBody(response, maxBytes, origin);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const { code, name } = thrown as { readonly code?: unknown; readonly name?: unknown };
    if (name === "ProxyError") throw failed(`${origin} could not be asked: ${PROXY_FAILED}`);
    throw failed(
      `${origin} could not be asked (${name === "TimeoutError" ? "no answer within a minute" : typeof code === "string" ? code : "the connection failed"})`,
    );
  }
}

const HINTS: Readonly<Record<number, string>> = {
  401: "The registry wants a login. Get the package yourself (`npm pack <name>`) and install the archive.",
  403: "The registry does not hand this package to everybody. Get it yourself (`npm pack <name>`) and install the archive.",
  404: "Check the name. A folder or an archive is written with its path, for example ./my-plugin.",
};

async function wholeBody({ headers, body }: HttpResponse, maxBytes: number, origin: string): Promise<Uint8Array> {
  const tooLarge = (): AppError =>
    new AppError("PLUGIN_REFUSED", `what ${origin} sends is larger than ${maxBytes / 2 ** 20} MB`, { hint: "Nothing was installed." });
  if (Number(headers["content-length"]) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

export function failed(message: string, hint = "Nothing was installed. Try again later, or install a folder or an archive."): AppError {
  return new AppError("PLUGIN_FETCH_FAILED", message, { hint });
}
