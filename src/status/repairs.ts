import { shortDuration } from "../kernel/duration.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Problem } from "../kernel/problem.ts";

/** A file that cannot be used although its backup can. Paths are those of the folder that really holds them. */
export interface BrokenFile {
  /** As reading named it. */
  readonly problem: Problem;
  readonly file: string;
  readonly kept: "secrets" | "config";
  readonly backup: string;
  readonly backupAgeMs: number;
  /** "3 accounts", "41 lines". */
  readonly backupHolds: string;
  /** Where the broken bytes are kept; free. */
  readonly aside: string;
}

/** Something of ours that others may read or write. */
export interface WidePath {
  readonly problem: Problem;
  readonly path: string;
  /** What it has, and the most that it may have. */
  readonly mode: number;
  readonly most: number;
}

/** What interrupted commands left beside a file. */
export interface Leftovers {
  readonly file: string;
  readonly paths: readonly string[];
}

export interface RepairFacts {
  readonly broken: readonly BrokenFile[];
  readonly wide: readonly WidePath[];
  readonly leftovers: readonly Leftovers[];
}

/** Something that `doctor --repair` can mend. */
export type Repair = Offer &
  (
    | { readonly kind: "bring back"; readonly what: BrokenFile }
    | { readonly kind: "restrict"; readonly what: WidePath }
    | { readonly kind: "sweep"; readonly what: Leftovers }
  );

interface Offer {
  /** With a hint that says what the repair does. */
  readonly problem: Problem;
  /** What is done, after "doctor --repair would". */
  readonly would: string;
  /** Those that are different afterwards. */
  readonly files: readonly string[];
}

/** Permissions come first: a store that others may read is not read, and so not known to be broken. */
export function offeredRepairs({ broken, wide, leftovers }: RepairFacts): Repair[] {
  return [...wide.map(restriction), ...broken.map(comingBack), ...leftovers.map(sweeping)];
}

/** A problem that can be mended says so in its hint. What reading named no problem of becomes one. */
export function withRepairs(problems: readonly Problem[], repairs: readonly Repair[]): Problem[] {
  const isOf = (problem: Problem, { problem: own }: Repair): boolean => problem.code === own.code && problem.subject === own.subject;
  const known = problems.map((problem) => {
    const repair = repairs.find((each) => isOf(problem, each));
    return repair === undefined ? problem : { ...problem, hint: repair.problem.hint };
  });
  return [...known, ...repairs.filter((repair) => !problems.some((problem) => isOf(problem, repair))).map(({ problem }) => problem)];
}

/** The same repair, offered again. */
export function repairKey(repair: Repair): string {
  switch (repair.kind) {
    case "bring back":
      return `${repair.kind}\n${repair.what.file}`;
    case "restrict":
      return `${repair.kind}\n${repair.what.path}`;
    case "sweep":
      return `${repair.kind}\n${repair.what.file}`;
    default:
      return assertNever(repair);
  }
}

function comingBack(what: BrokenFile): Repair {
  const { problem, file, backup, backupAgeMs, backupHolds, aside } = what;
  const would = `put back ${nameOf(backup)}, ${shortDuration(backupAgeMs)} old with ${backupHolds}, and keep the broken file as ${nameOf(aside)}`;
  const hint = `\`{cli} doctor --repair\` would ${would}. Or correct it there.`;
  return { kind: "bring back", what, problem: { ...problem, hint }, would, files: [file, aside] };
}

function restriction(what: WidePath): Repair {
  const { problem, path, mode, most } = what;
  const would = `take the permissions of others away: ${octal(mode)} becomes ${octal(mode & most)}`;
  const hint = `${problem.hint.replace(/\.$/, "")}, or \`{cli} doctor --repair\``;
  return { kind: "restrict", what, problem: { ...problem, hint }, would, files: [path] };
}

function sweeping(what: Leftovers): Repair {
  const { file, paths } = what;
  const things = paths.length === 1 ? "1 file" : `${paths.length} files`;
  const would = `remove ${paths.length === 1 ? "it" : "them"}`;
  const problem: Problem = {
    code: "FILE_WRITE_FAILED",
    severity: "note",
    subject: file,
    message: `an interrupted command left ${things} beside ${nameOf(file)}: ${paths.map(nameOf).join(", ")}`,
    hint: `\`{cli} doctor --repair\` would ${would}; so does the next command that writes there.`,
    place: { file },
  };
  return { kind: "sweep", what, problem, would, files: paths };
}

/** The last part of a path of this machine, whichever way its slashes lean. */
function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}
