import { setMember } from "../kernel/set-member.ts";

/** A tree of maps, lists and texts, and the lines where they begin, by path joined with NUL. */
export interface YamlReading {
  readonly value: unknown;
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * As much of YAML 1.2 as the configs of known tools are written in: maps and lists in block style, plain and quoted scalars, flat lists in brackets.
 * All else (anchors, tags, block scalars, braces) reads as an empty text: a secret written so is not found, and nothing else is misread.
 */
export function readYaml(text: string): YamlReading {
  const rows = text.split(/\r\n|\r|\n/).flatMap((line, index) => rowOf(line, index + 1));
  const reader: Reader = { rows, at: 0, lines: new Map() };
  return { value: readNode(reader, 0, []), lines: reader.lines };
}

interface Row {
  readonly indent: number;
  readonly text: string;
  readonly line: number;
}

interface Reader {
  readonly rows: Row[];
  at: number;
  readonly lines: Map<string, number>;
}

type Path = readonly (string | number)[];

const DEEPEST = 20;
const MEMBER = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s"'#[\]{},&*!|>%@`-][^#]*?|-[^\s#][^#]*?))\s*:(?:\s+(.*))?$/;

function rowOf(line: string, number: number): Row[] {
  const text = line.trim();
  if (text === "" || text.startsWith("#") || text === "---" || text === "...") return [];
  return [{ indent: line.length - line.trimStart().length, text, line: number }];
}

/** What stands at the next rows, as far as they are indented by at least `indent`. */
function readNode(reader: Reader, indent: number, path: Path): unknown {
  const row = reader.rows[reader.at];
  if (row === undefined || row.indent < indent || path.length > DEEPEST) return "";
  if (isItem(row)) return readList(reader, row.indent, path);
  return MEMBER.test(row.text) ? readMap(reader, row.indent, path) : skipDeeper(reader, indent);
}

function readMap(reader: Reader, indent: number, path: Path): Record<string, unknown> {
  const map = Object.create(null) as Record<string, unknown>;
  for (let row = reader.rows[reader.at]; row !== undefined && row.indent === indent && !isItem(row); row = reader.rows[reader.at]) {
    const member = MEMBER.exec(row.text);
    reader.at++;
    if (member === null) continue;
    const key = keyOf(member);
    const inner = [...path, key];
    reader.lines.set(inner.join("\0"), row.line);
    setMember(map, key, readValue(reader, member[4] ?? "", indent, inner));
    skipDeeper(reader, indent + 1);
  }
  return map;
}

function readList(reader: Reader, indent: number, path: Path): unknown[] {
  const list: unknown[] = [];
  for (let row = reader.rows[reader.at]; row !== undefined && row.indent === indent && isItem(row); row = reader.rows[reader.at]) {
    const rest = row.text.slice(1).trimStart();
    const inner = [...path, list.length];
    reader.lines.set(inner.join("\0"), row.line);
    if (MEMBER.test(rest) || rest.startsWith("- ")) {
      reader.rows[reader.at] = { indent: indent + row.text.length - rest.length, text: rest, line: row.line };
      list.push(readNode(reader, indent + 1, inner));
    } else {
      reader.at++;
      list.push(readValue(reader, rest, indent, inner));
    }
    skipDeeper(reader, indent + 1);
  }
  return list;
}

/** The scalar that follows, or what is written below it. A list may stand as far left as the key that it belongs to. */
function readValue(reader: Reader, rest: string, indent: number, path: Path): unknown {
  const written = rest.startsWith("#") ? "" : rest;
  if (written !== "") return written.startsWith("[") ? flowList(written) : scalar(written);
  const next = reader.rows[reader.at];
  return readNode(reader, next !== undefined && isItem(next) ? indent : indent + 1, path);
}

function flowList(written: string): unknown {
  const inside = /^\[([^[\]{}]*)\]\s*(?:#.*)?$/.exec(written)?.[1];
  return inside === undefined ? "" : inside.split(",").map((item) => scalar(item.trim()));
}

function scalar(written: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'/.exec(written);
  if (quoted !== null) return quoted[1] === undefined ? (quoted[2] ?? "").replaceAll("''", "'") : quoted[1].replace(/\\(.)/g, "$1");
  if (/^[&*!|>{[%@`"']/.test(written)) return "";
  const comment = written.search(/\s#/);
  return (comment < 0 ? written : written.slice(0, comment)).trim();
}

function keyOf([, double, single, plain]: RegExpExecArray): string {
  return double?.replace(/\\(.)/g, "$1") ?? single?.replaceAll("''", "'") ?? plain ?? "";
}

function isItem({ text }: Row): boolean {
  return text === "-" || text.startsWith("- ");
}

/** Past everything that belongs to a scalar in several lines, or that is not understood. */
function skipDeeper(reader: Reader, indent: number): "" {
  while ((reader.rows[reader.at]?.indent ?? -1) >= Math.max(indent, 1)) reader.at++;
  return "";
}
