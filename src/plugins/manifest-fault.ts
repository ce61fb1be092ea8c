import type { KeyPath } from "../config/loaded-config.ts";

/** What is wrong with a manifest. `path` counts from its root. */
export interface ManifestFault {
  readonly path: KeyPath;
  /** One sentence that names the field. */
  readonly message: string;
}

/** Faults are collected under one path after another. */
export class Faults {
  readonly found: ManifestFault[] = [];

  /** `says` goes on from the field's name. */
  add(path: KeyPath, says: string): void {
    this.found.push({ path, message: `${nameOf(path)} ${says}` });
  }

  /** Text of a moderate length that is one line: it goes to terminals and into reports. */
  text(path: KeyPath, value: string | undefined, longest = 500): void {
    if (value === undefined) return;
    if (value.trim() === "") this.add(path, "is blank");
    else if (value.length > longest) this.add(path, `is longer than ${longest} characters`);
  }

  /** An address to which a secret may travel: TLS, or this very machine. */
  address(path: KeyPath, value: string | undefined): void {
    if (value === undefined) return;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) this.add(path, "is not a web address, for example https://host/v1");
    else if (url.protocol === "http:" && !isLoopback(url.hostname)) this.add(path, "must begin with https://, unless it leads to this machine");
    else if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") this.add(path, "must hold no password, query or #");
    else this.text(path, value);
  }

  most(path: KeyPath, value: readonly unknown[] | undefined, most: number): void {
    if (value !== undefined && value.length > most) this.add(path, `holds more than ${most}`);
  }
}

function nameOf(path: KeyPath): string {
  return path.reduce<string>((name, key) => (typeof key === "number" ? `${name}[${key}]` : name === "" ? key : `${name}.${key}`), "");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d+){3}$/.test(host);
}
