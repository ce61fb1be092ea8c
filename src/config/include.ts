import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { placesIn } from "../kernel/json-text.ts";
import { isObject } from "../kernel/json-value.ts";
import { setMember } from "../kernel/set-member.ts";
import type { Place } from "../kernel/place.ts";
import type { Positions } from "../kernel/positions.ts";
import type { KeyPath } from "./loaded-config.ts";
import { absolutePath } from "./locate.ts";
import type { Sources } from "./sources.ts";

export const INCLUDE = "$include";
const DEEPEST_INCLUDE = 10;

export interface IncludeContext {
  readonly host: Host;
  readonly homeDir: string;
  readonly sources: Sources;
  readonly positions: Positions | undefined;
}

export type Fields = Record<string, unknown>;

/**
 * The config as one value. `$include` may stand in any object: one path replaces the object, a list is merged in order; keys beside it are
 * merged over what was included (objects key by key, lists one after the other, anything else: the later one). undefined when there is no file.
 */
export function readWithIncludes(file: string, context: IncludeContext): { readonly value: unknown } | undefined {
  const parsed = context.sources.parse(file, context.positions);
  if (parsed === undefined || !context.sources.mayHold(INCLUDE)) return parsed;
  return { value: resolve(parsed.value, { ...context, chain: [file], path: [] }) };
}

interface Walk extends IncludeContext {
  /** The files on the way here, the config first. */
  readonly chain: readonly string[];
  /** Within the innermost file; grows and shrinks with the walk. */
  readonly path: (string | number)[];
}

function resolve(value: unknown, walk: Walk): unknown {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) resolveMember(value, i, walk);
    return value;
  }
  if (!isObject(value)) return value;
  for (const key of Object.keys(value)) if (key !== INCLUDE) resolveMember(value, key, walk);
  return Object.hasOwn(value, INCLUDE) ? included(value, walk) : value;
}

function resolveMember(container: unknown[] | Fields, key: string | number, walk: Walk): void {
  const fields = container as Fields;
  const before = fields[key];
  if (typeof before !== "object" || before === null) return;
  walk.path.push(key);
  const after = resolve(before, walk);
  walk.path.pop();
  if (after !== before) fields[key] = after;
}

function included(object: Fields, walk: Walk): unknown {
  const targets = targetsOf(object[INCLUDE], walk);
  let merged: unknown;
  targets.forEach((target, index) => {
    const value = readTarget(target, walk);
    merged = index === 0 ? value : merge(merged, value, walk.positions);
  });
  const beside = Object.keys(object).filter((key) => key !== INCLUDE);
  if (beside.length === 0) return merged;
  if (!isObject(merged)) throw includeError("what is included here must be an object, for there are other keys beside $include", walk);
  delete object[INCLUDE];
  return merge(merged, object, walk.positions);
}

function targetsOf(value: unknown, walk: Walk): readonly string[] {
  const targets: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (targets.length > 0 && targets.every((target) => typeof target === "string" && target.trim() !== "")) return targets as readonly string[];
  throw includeError("$include takes a path or a list of paths", walk);
}

function readTarget(target: string, walk: Walk): unknown {
  const { sources, chain, positions } = walk;
  const file = includedFile(target, chain[chain.length - 1] ?? "", walk);
  if (chain.includes(file)) throw includeError("this file includes itself, directly or by way of others", walk);
  if (chain.length > DEEPEST_INCLUDE) throw includeError(`files are included more than ${DEEPEST_INCLUDE} deep`, walk);
  const parsed = sources.parse(file, positions);
  if (parsed === undefined) throw includeError("the file that is included here does not exist", walk, `It was looked for as ${file}.`);
  return resolve(parsed.value, { ...walk, chain: [...chain, file], path: [] });
}

/** Relative to the file that includes it. */
export function includedFile(target: string, from: string, { host, homeDir }: Pick<IncludeContext, "host" | "homeDir">): string {
  if (target.startsWith("~") || host.paths.isAbsolute(target)) return absolutePath(host, homeDir, target);
  return host.paths.join(host.paths.dirname(from), target.trim());
}

/** Into `base`, which is fresh from a file. */
function merge(base: unknown, over: unknown, positions: Positions | undefined): unknown {
  if (Array.isArray(base) && Array.isArray(over)) {
    over.forEach((item, index) => {
      const spot = positions?.of(over, index);
      if (spot !== undefined) positions?.note(base, base.length, spot);
      base.push(item);
    });
    return base;
  }
  if (!isObject(base) || !isObject(over)) return over;
  for (const key of Object.keys(over)) {
    const spot = positions?.of(over, key);
    if (spot !== undefined) positions?.note(base, key, spot);
    setMember(base, key, Object.hasOwn(base, key) ? merge(base[key], over[key], positions) : over[key]);
  }
  return base;
}

function includeError(message: string, walk: Walk, hint = "Correct the $include there."): AppError {
  const file = walk.chain[walk.chain.length - 1] ?? "";
  return new AppError("CONFIG_INCLUDE", message, { hint, place: placeOfInclude(file, walk), keyPath: [...walk.path, INCLUDE].join(".") });
}

function placeOfInclude(file: string, walk: Walk): Place {
  const path: KeyPath = [...walk.path, INCLUDE];
  return placesIn(walk.sources.textOf(file) ?? "", file, "json5")(path) ?? { file };
}
