import { parseEnvFile } from "../config/env-file.ts";
import { assertNever } from "../kernel/errors.ts";
import { placesIn, readJson } from "../kernel/json-text.ts";
import type { ToolFile } from "./known-tools.ts";
import { readYaml } from "./known-tools-yaml.ts";

type Path = readonly (string | number)[];

/** A file of another program as a tree, and where its parts stand. */
export interface ToolDocument {
  readonly value: unknown;
  lineOf(path: Path): number | undefined;
}

/** undefined when the text is not of that format. */
export function readDocument(text: string, file: string, format: ToolFile["format"]): ToolDocument | undefined {
  switch (format) {
    case "json":
      return jsonDocument(text, file);
    case "yaml":
      return yamlDocument(text);
    case "env":
      return envDocument(text, file);
    case "text":
      return { value: text.trim(), lineOf: () => 1 };
    default:
      return assertNever(format);
  }
}

function jsonDocument(text: string, file: string): ToolDocument | undefined {
  const parsed = readJson(text, file);
  if (parsed.kind === "syntax") return undefined;
  const placeOf = placesIn(text, file, "json");
  return { value: parsed.value, lineOf: (path) => placeOf(path)?.line };
}

function yamlDocument(text: string): ToolDocument {
  const { value, lines } = readYaml(text);
  return { value, lineOf: (path) => lines.get(path.join("\0")) };
}

function envDocument(text: string, file: string): ToolDocument {
  const values = parseEnvFile(text, file).values;
  return { value: Object.fromEntries(values), lineOf: ([name]) => lineOfVariable(text, String(name)) };
}

/** The line that sets a variable: the last one counts. */
export function lineOfVariable(text: string, name: string): number | undefined {
  const line = text.split(/\r\n|\r|\n/).findLastIndex(
    (written) =>
      written
        .trim()
        .replace(/^export\s+/, "")
        .split("=")[0]
        ?.trim() === name,
  );
  return line < 0 ? undefined : line + 1;
}
