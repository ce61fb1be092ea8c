import { AppError, assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { parseJson5 } from "../kernel/json-text.ts";
import { parseDocument } from "../kernel/json5-parser.ts";
import { Lines, type Positions } from "../kernel/positions.ts";

export const LARGEST_CONFIG_BYTES = 1024 * 1024;
/** All files of one config together, each as often as it is included. */
const LARGEST_TOTAL = 4 * LARGEST_CONFIG_BYTES;
const MOST_READINGS = 256;

const NO_FILES: Readonly<Record<string, string>> = {
  EISDIR: "is a folder",
  ENOTFILE: "is a pipe or a device",
  ELOOP: "is a link that leads in a circle",
};

/** The files of one config. A text is read once and kept, so that places can be found later in exactly what was parsed. */
export class Sources {
  readonly #host: Host;
  readonly #texts = new Map<string, string>();
  readonly #lines = new Map<string, Lines>();
  #total = 0;
  #readings = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** In reading order. */
  get files(): readonly string[] {
    return [...this.#texts.keys()];
  }

  textOf(file: string): string | undefined {
    return this.#texts.get(file);
  }

  linesOf(file: string): Lines {
    const lines = this.#lines.get(file) ?? new Lines(this.#texts.get(file) ?? "");
    this.#lines.set(file, lines);
    return lines;
  }

  /** False when no text that was read can hold this mark in a key or a text; an escape may hide one. */
  mayHold(mark: string): boolean {
    for (const text of this.#texts.values()) if (text.includes(mark) || text.includes("\\")) return true;
    return false;
  }

  /** A fresh value each time. undefined when there is no such file. Throws CONFIG_UNREADABLE, CONFIG_TOO_LARGE or CONFIG_SYNTAX. */
  parse(file: string, positions?: Positions): { readonly value: unknown } | undefined {
    const text = this.#texts.get(file) ?? this.#read(file);
    if (text === undefined) return undefined;
    this.#texts.set(file, text);
    this.#count(text, file);
    return { value: positions === undefined ? parseJson5(text, file) : parseDocument(text, file, { dialect: "json5", positions }) };
  }

  /** Before the same files are parsed again. */
  rewind(): void {
    this.#total = 0;
    this.#readings = 0;
  }

  #read(file: string): string | undefined {
    const read = this.#host.readText(file, LARGEST_CONFIG_BYTES);
    switch (read.kind) {
      case "text":
        return read.text;
      case "absent":
        return undefined;
      case "too_large":
        throw new AppError("CONFIG_TOO_LARGE", `the config file is larger than 1 MB (${read.sizeBytes} bytes)`, {
          hint: "Is it the right file? `{cli} config path` shows where it was looked for.",
          place: { file },
        });
      case "not_text":
        throw new AppError("CONFIG_UNREADABLE", "the config file is not UTF-8 text", { hint: "Save it as UTF-8.", place: { file } });
      case "unreadable":
        throw new AppError("CONFIG_UNREADABLE", `the config file ${NO_FILES[read.reason] ?? `cannot be read (${read.reason})`}`, {
          hint: read.reason in NO_FILES ? "Put a file there, or name another one." : "Correct its permissions, or name another file.",
          place: { file },
        });
      default:
        return assertNever(read);
    }
  }

  #count(text: string, file: string): void {
    this.#total += text.length;
    this.#readings++;
    if (this.#total <= LARGEST_TOTAL && this.#readings <= MOST_READINGS) return;
    throw new AppError("CONFIG_INCLUDE", `the config and what it includes are more than ${MOST_READINGS} readings or 4 MB together`, {
      hint: "Include each file once.",
      place: { file },
    });
  }
}
