/** A value with where it came from: every member and item has a number, and comments are tagged with it. */
export interface Node {
  kind: "object" | "list" | "plain";
  value: unknown;
  parts: Part[];
}
export interface Part {
  readonly id: number;
  readonly key: string;
  node: Node;
}

/** Repeatable chance (mulberry32). */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
  is(likelihood: number): boolean {
    return this.next() < likelihood;
  }
}

const SCALARS: readonly (readonly [string, unknown])[] = [
  ["0xFF", 255],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["+.5", 0.5],
  ["1e3", 1000],
  ["true", true],
  ["null", null],
  ['"a \\"b\\" // no comment"', 'a "b" // no comment'],
  ["'it\\'s /* text */'", "it's /* text */"],
  ["'}'", "}"],
  ['"${VAR}"', "${VAR}"],
  ["'line \\\n  goes on'", "line   goes on"],
  ["'\\x41\\u0042'", "AB"],
  ['"https://host/path"', "https://host/path"],
];

export interface RandomConfig {
  readonly text: string;
  readonly root: Node;
  nextId: number;
}

/** About `lines` lines of JSON5 in every layout, with comments that say whose they are. */
export function randomConfig(chance: Chance, lines: number): RandomConfig {
  const writer = new Writer(chance);
  const root: Node = { kind: "object", value: undefined, parts: [] };
  const text = `// free 0${writer.end}${writer.block(root, 0, "", lines)}${writer.end}`;
  return { text, root, nextId: writer.nextId };
}

class Writer {
  nextId = 1;
  readonly end: string;
  readonly #unit: string;
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.end = chance.one(["\n", "\n", "\r\n"]);
    this.#unit = chance.one(["  ", "    ", "\t"]);
  }

  /** Every part on lines of its own. `owner`: whose value this is. */
  block(node: Node, owner: number, indent: string, lines: number): string {
    const inner = indent + this.#unit;
    const chunks: string[] = [];
    let left = lines;
    while (left > 0) {
      const { part, text, size } = this.#part(node, inner, left);
      const about = this.#chance.is(0.3) ? `${inner}${this.#comment(`about ${part.id}`)}${this.end}` : "";
      const at = this.#chance.is(0.2) ? `${this.#chance.one([" ", "  ", ""])}${this.#comment(`at ${part.id}`)}` : "";
      const free = this.#chance.is(0.1) ? `${this.end}${inner}${this.#comment(`free ${owner}`)}${this.end}${this.end}` : "";
      const isLast = left - size <= 0;
      const comma = isLast && this.#chance.is(0.5) ? "" : ",";
      chunks.push(`${free}${about}${inner}${text}${comma}${at}${this.end}`);
      left -= size;
    }
    const last = this.#chance.is(0.2) ? `${inner}${this.#comment(`free ${owner}`)}${this.end}` : "";
    const [open, close] = node.kind === "list" ? "[]" : "{}";
    return `${open}${this.end}${chunks.join("")}${last}${indent}${close}`;
  }

  #line(node: Node): string {
    const count = this.#chance.below(4);
    const pad = this.#chance.one(["", " "]);
    const parts = Array.from({ length: count }, (_, index) => {
      const { part, text } = this.#part(node, "", 1);
      const about = index > 0 && this.#chance.is(0.15) ? `/* about ${part.id} */ ` : "";
      const at = this.#chance.is(0.1) ? ` /* at ${part.id} */` : "";
      return about + text + at;
    });
    const comma = count > 0 && this.#chance.is(0.1) ? "," : "";
    const [open, close] = node.kind === "list" ? "[]" : "{}";
    return `${open}${pad}${parts.join(this.#chance.one([", ", ",", " , "]))}${comma}${pad}${close}`;
  }

  #part(owner: Node, indent: string, most: number): { readonly part: Part; readonly text: string; readonly size: number } {
    const id = this.nextId++;
    const { node, text, size } = this.#value(id, indent, most);
    const part: Part = { id, key: owner.kind === "list" ? "" : this.#key(id), node };
    owner.parts.push(part);
    return { part, text: owner.kind === "list" ? text : `${this.#written(part.key)}${this.#chance.one([": ", ":", " : ", ": "])}${text}`, size };
  }

  #value(id: number, indent: string, most: number): { readonly node: Node; readonly text: string; readonly size: number } {
    const kind = this.#chance.one(["object", "list"] as const);
    const node: Node = { kind, value: undefined, parts: [] };
    if (most > 4 && this.#chance.is(0.4) && indent.length < 20) {
      const lines = 1 + this.#chance.below(Math.min(most - 2, 60));
      return { node, text: this.block(node, id, indent, lines), size: lines + 2 };
    }
    if (this.#chance.is(0.2)) return { node, text: this.#line(node), size: 1 };
    const [text, value] = this.#chance.one(SCALARS);
    return { node: { kind: "plain", value, parts: [] }, text, size: 1 };
  }

  #key(id: number): string {
    return this.#chance.one([`key${id}`, `key${id}`, `a-b/${id}`, `d'${id}`, `é${id}`, `__proto__`.repeat(id === 7 ? 1 : 0) || `k${id}`]);
  }

  #written(key: string): string {
    if (key.startsWith("key") && this.#chance.is(0.1)) return `\\u006b${key.slice(1)}`;
    if (/^[\w$é]+$/.test(key) && this.#chance.is(0.7)) return key;
    return this.#chance.is(0.5) ? JSON.stringify(key) : `'${key.replaceAll("'", "\\'")}'`;
  }

  #comment(tag: string): string {
    return this.#chance.is(0.7) ? `// ${tag}` : `/* ${tag} */`;
  }
}

/** The plain value of a node. */
export function valueOf(node: Node): unknown {
  if (node.kind === "plain") return node.value;
  if (node.kind === "list") return node.parts.map((part) => valueOf(part.node));
  const object = {};
  for (const { key, node: inner } of node.parts)
    Object.defineProperty(object, key, { value: valueOf(inner), enumerable: true, configurable: true, writable: true });
  return object;
}

/** The numbers of all parts inside, at any depth. */
export function idsIn(node: Node): number[] {
  return node.parts.flatMap((part) => [part.id, ...idsIn(part.node)]);
}
