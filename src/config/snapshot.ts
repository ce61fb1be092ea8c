import type { FileRead, Host } from "../kernel/host.ts";

/** Where paths really lead, found out once. Two names of one file give the same. */
export class RealNames {
  readonly #host: Host;
  readonly #known = new Map<string, string>();

  constructor(host: Host) {
    this.#host = host;
  }

  of(path: string): string {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const real = this.#find(path);
    this.#known.set(path, real);
    return real;
  }

  #find(path: string): string {
    const { paths } = this.#host;
    const facts = this.#host.inspect(path);
    if (facts?.isLink === true) return facts.realPath;
    const folder = paths.dirname(path);
    return folder === path ? path : paths.join(this.of(folder), paths.basename(path));
  }
}

/** A host that reads each file once, so that all questions get the same answer. */
export interface Snapshot {
  readonly host: Host;
  /** undefined for a file that is not there, or no text. */
  readonly textOf: (file: string) => string | undefined;
}

export function snapshotOf(host: Host): Snapshot {
  const reads = new Map<string, FileRead>();
  const readText = (file: string, maxBytes: number): FileRead => {
    const read = reads.get(file) ?? host.readText(file, maxBytes);
    reads.set(file, read);
    return read;
  };
  const textOf = (file: string): string | undefined => {
    const read = reads.get(file);
    return read?.kind === "text" ? read.text : undefined;
  };
  return { host: { ...host, readText }, textOf };
}

/** As if these files were different: by real name; undefined for one that is not there. */
export function overlaid(host: Host, texts: ReadonlyMap<string, string | undefined>, names: RealNames): Host {
  if (texts.size === 0) return host;
  const readText = (file: string, maxBytes: number): FileRead => {
    const name = names.of(file);
    if (!texts.has(name)) return host.readText(file, maxBytes);
    const text = texts.get(name);
    if (text === undefined) return { kind: "absent" };
    const sizeBytes = sizeOf(text, maxBytes);
    return sizeBytes > maxBytes ? { kind: "too_large", sizeBytes } : { kind: "text", text };
  };
  return { ...host, readText };
}

/** In UTF-8; counted only when it may matter. */
function sizeOf(text: string, maxBytes: number): number {
  return text.length * 3 <= maxBytes ? text.length : new TextEncoder().encode(text).length;
}
