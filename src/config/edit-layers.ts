import { type TextTree, textTree } from "../kernel/json5-edit.ts";
import { parseJson5 } from "../kernel/json-text.ts";
import { memberAt, type TreeValue } from "../kernel/json5-tree.ts";
import { INCLUDE } from "./include.ts";
import type { KeyPath } from "./loaded-config.ts";

/** A value as one file writes it. */
export interface Layer {
  readonly file: string;
  readonly value: TreeValue;
}

export interface ChangedText {
  readonly file: string;
  /** undefined for a file that was not there. */
  readonly before: TextTree | undefined;
  readonly after: TextTree;
}

export interface LayerFacts {
  readonly configPath: string;
  /** undefined when there is no such file. */
  readonly textOf: (file: string) => string | undefined;
  /** The same for two names of one file. */
  readonly realName: (file: string) => string;
  /** Which file an `$include` in `from` names. */
  readonly included: (target: string, from: string) => string;
}

/** The texts of a config while they are edited, and which of them writes what. */
export class ConfigTexts {
  readonly #facts: LayerFacts;
  readonly #trees = new Map<string, { readonly file: string; readonly before: TextTree | undefined; tree: TextTree }>();

  constructor(facts: LayerFacts) {
    this.#facts = facts;
  }

  /** A file that does not exist is one with an empty object. */
  tree(file: string): TextTree {
    return this.#entry(file).tree;
  }

  replace(file: string, text: string): void {
    this.#entry(file).tree = textTree(text);
  }

  /** What is different now, each under the first name by which the file was met. */
  changed(): readonly ChangedText[] {
    return [...this.#trees.values()].flatMap(({ file, before, tree }) => (before?.text === tree.text ? [] : [{ file, before, after: tree }]));
  }

  /**
   * What the files write at a path, the weakest first: several objects or several lists, which count together, or one value of any kind. Empty
   * when nothing is there.
   */
  layersAt(path: KeyPath): readonly Layer[] {
    const { configPath } = this.#facts;
    return path.reduce<readonly Layer[]>((layers, key) => this.#inside(layers, key), this.#expanded({ file: configPath, value: this.tree(configPath).root }));
  }

  /** Where the root of each file ends up; several paths for one that is included several times. Indexes count within the including file. */
  roots(): ReadonlyMap<string, readonly KeyPath[]> {
    const roots = new Map<string, KeyPath[]>();
    this.#visit(this.#facts.configPath, [], roots);
    return roots;
  }

  #entry(file: string) {
    const name = this.#facts.realName(file);
    const known = this.#trees.get(name);
    if (known !== undefined) return known;
    const text = this.#facts.textOf(file);
    const tree = textTree(text ?? "");
    const entry = { file, before: text === undefined ? undefined : tree, tree };
    this.#trees.set(name, entry);
    return entry;
  }

  #inside(layers: readonly Layer[], key: string | number): readonly Layer[] {
    if (layers[0]?.value.kind === "list") return this.#item(layers, Number(key));
    let found: readonly Layer[] = [];
    for (const { file, value } of layers) {
      const part = key === INCLUDE ? undefined : value.parts[memberAt(value, String(key))];
      if (part !== undefined) found = merged(found, this.#expanded({ file, value: part.value }));
    }
    return found;
  }

  #item(layers: readonly Layer[], index: number): readonly Layer[] {
    const segment = segmentOf(layers, index);
    const part = segment?.layer.value.parts[segment.index];
    return segment === undefined || part === undefined ? [] : this.#expanded({ file: segment.layer.file, value: part.value });
  }

  /** With what it includes. */
  #expanded(layer: Layer): readonly Layer[] {
    const targets = this.#targets(layer);
    if (targets === undefined) return [layer];
    let found: readonly Layer[] = [];
    for (const file of targets) found = merged(found, this.#expanded({ file, value: this.tree(file).root }));
    return layer.value.parts.some(({ key }) => key !== INCLUDE) ? merged(found, [layer]) : found;
  }

  #targets({ file, value }: Layer): readonly string[] | undefined {
    const include = value.kind === "object" ? value.parts[memberAt(value, INCLUDE)] : undefined;
    if (include === undefined) return undefined;
    const named = parseJson5(this.tree(file).text.slice(include.value.start, include.value.end), file);
    return [named].flat().map((target) => this.#facts.included(String(target), file));
  }

  #visit(file: string, path: KeyPath, roots: Map<string, KeyPath[]>): void {
    const name = this.#entry(file).file;
    roots.set(name, [...(roots.get(name) ?? []), path]);
    const walk = (value: TreeValue, at: KeyPath): void => {
      for (const target of this.#targets({ file, value }) ?? []) this.#visit(target, at, roots);
      value.parts.forEach(({ key, keyEnd, start, value: inner }, index) => {
        if (inner.parts.length > 0) walk(inner, [...at, keyEnd === start ? index : key]);
      });
    };
    walk(this.tree(file).root, path);
  }
}

/** Which of several lists holds an item, and where in it. */
export function segmentOf(layers: readonly Layer[], index: number): { readonly layer: Layer; readonly index: number } | undefined {
  let left = index;
  for (const layer of layers) {
    if (left < layer.value.parts.length) return { layer, index: left };
    left -= layer.value.parts.length;
  }
  return undefined;
}

/** As include.ts merges: objects and lists go together, anything else is the later one alone. */
function merged(base: readonly Layer[], over: readonly Layer[]): readonly Layer[] {
  const [below, above] = [base[0]?.value.kind, over[0]?.value.kind];
  if (above === undefined) return base;
  return below === above && (above === "object" || above === "list") ? [...base, ...over] : over;
}
