/** One line of a script. `words` are unquoted; `quoted` says which of them stood in quotes: variables without braces are not expanded there. */
export interface Step {
  readonly line: number;
  readonly negated: boolean;
  readonly name: string;
  readonly words: readonly Word[];
}

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

export interface Script {
  /** The first comment: what the script shows, as a sentence. */
  readonly title: string;
  readonly steps: readonly Step[];
  /** Name → text, in the order of the file. Names may hold variables. */
  readonly files: ReadonlyMap<string, string>;
}

const FILE_HEADER = /^-- (.+) --$/;

/** Reads a script: commands first, then files, each below a line `-- name --`. */
export function parseScript(text: string): Script {
  const lines = text.split("\n");
  const firstFile = lines.findIndex((line) => FILE_HEADER.test(line));
  const commands = firstFile < 0 ? lines : lines.slice(0, firstFile);
  const steps = commands.flatMap((line, index) => parseStep(line, index + 1));
  const title = commands.find((line) => line.startsWith("# "))?.slice(2) ?? "";
  return { title, steps, files: parseFiles(firstFile < 0 ? [] : lines.slice(firstFile)) };
}

function parseStep(line: string, number: number): Step[] {
  if (line.trim() === "" || line.startsWith("#")) return [];
  const all = splitWords(line, number);
  const negated = all[0]?.text === "!" && !all[0].quoted;
  const [name, ...words] = negated ? all.slice(1) : all;
  if (name === undefined) throw new Error(`line ${number}: a command is missing`);
  return [{ line: number, negated, name: name.text, words }];
}

/** Words end at a space; `'…'` is one word, and `''` in it is a quote. */
function splitWords(line: string, number: number): Word[] {
  const words: Word[] = [];
  const pattern = /\s*(?:'((?:[^']|'')*)'|([^\s']+))(?=\s|$)|\s+$/gy;
  while (pattern.lastIndex < line.length) {
    const found = pattern.exec(line);
    if (found === null) throw new Error(`line ${number}: a quote is open: ${line}`);
    if (found[1] !== undefined) words.push({ text: found[1].replaceAll("''", "'"), quoted: true });
    if (found[2] !== undefined) words.push({ text: found[2], quoted: false });
  }
  return words;
}

function parseFiles(lines: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  let name = "";
  for (const line of lines) {
    const header = FILE_HEADER.exec(line);
    if (header !== null) {
      name = header[1] ?? "";
      files.set(name, "");
    } else files.set(name, `${files.get(name) ?? ""}${line}\n`);
  }
  const last = files.get(name);
  if (last !== undefined) files.set(name, last.replace(/\n$/, ""));
  return files;
}
