import type { InstallationNames } from "../config/installation.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { readJson } from "../kernel/json-text.ts";
import type { PluginMachine } from "../kernel/plugin-machine.ts";
import { failed, fetchBytes, isSafe, registryFor } from "./npm-registry.ts";

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const TAG = /^[a-z][\w.-]*$/i;
const LARGEST_DOCUMENT_BYTES = 32 * 2 ** 20;

export interface NpmSpec {
  readonly name: string;
  /** A version, or a tag. */
  readonly wanted: string;
}

export interface NpmRelease extends NpmSpec {
  readonly version: string;
  readonly tarball: string;
  /** `sha512-…` */
  readonly integrity: string;
}

/** `name`, `name@latest`, `@scope/name@1.2.3`. Throws USAGE. */
export function parseNpmSpec(text: string): NpmSpec {
  const spec = text.replace(/^npm:/, "");
  const at = spec.indexOf("@", 1);
  const [name, wanted] = at < 0 ? [spec, "latest"] : [spec.slice(0, at), spec.slice(at + 1)];
  if (!NAME.test(name) || name.length > 214)
    throw new AppError("USAGE", `"${text.slice(0, 200)}" is no folder, no archive and no npm package`, {
      hint: "Write a path as ./folder or ./plugin.tgz, a package as name or name@1.2.3.",
    });
  if (!VERSION.test(wanted) && !TAG.test(wanted))
    throw new AppError("USAGE", `"${wanted.slice(0, 100)}" is no version and no tag`, {
      hint: "Ranges are not taken: what is installed is pinned. Write name@1.2.3, or name@latest.",
    });
  return { name, wanted };
}

/** What the registry offers under that name now. Throws PLUGIN_FETCH_FAILED and PLUGIN_REFUSED. */
export async function findRelease({ name, wanted }: NpmSpec, host: Host, names: InstallationNames): Promise<NpmRelease> {
  const registry = registryFor(name, host, names);
  const url = `${registry}/${name.replace("/", "%2f")}`;
  const bytes = await fetchBytes(host, url, "application/vnd.npm.install-v1+json, application/json;q=0.8", LARGEST_DOCUMENT_BYTES);
  const parsed = readJson(new TextDecoder().decode(bytes), url);
  const document = parsed.kind === "value" ? parsed.value : undefined;
  const version = VERSION.test(wanted) ? wanted : field(field(document, "dist-tags"), wanted);
  if (typeof version !== "string") throw failed(`the registry has no ${name}@${wanted}`, "Check the name and the version.");
  const dist = field(field(field(document, "versions"), version), "dist");
  const [tarball, written] = [field(dist, "tarball"), field(dist, "integrity")];
  if (typeof tarball !== "string") throw failed(`the registry has no ${name}@${version}`, "Check the name and the version.");
  if (!isSafe(tarball)) throw refused(`the registry keeps ${name}@${version} at an address that does not begin with https://`);
  const integrity = typeof written === "string" ? written.split(/\s+/).find((hash) => /^sha512-[\w+/]{86}==$/.test(hash)) : undefined;
  if (integrity === undefined) throw refused(`the registry states no SHA-512 of ${name}@${version}`);
  return { name, wanted, version, tarball, integrity };
}

/** The archive, which is the one that the registry promised. */
export async function fetchRelease(release: NpmRelease, host: Host, machine: PluginMachine, maxBytes: number): Promise<Uint8Array> {
  const bytes = await fetchBytes(host, release.tarball, "*/*", maxBytes);
  if (`sha512-${machine.digest("sha512", bytes, "base64")}` === release.integrity) return bytes;
  throw refused(`what came is not the ${release.name}@${release.version} that the registry promised: its SHA-512 differs`);
}

function refused(message: string): AppError {
  return new AppError("PLUGIN_REFUSED", message, { hint: "Nothing was installed." });
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
