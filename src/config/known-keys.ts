import { editDistance } from "../kernel/nearest.ts";
import type { KeyPath } from "./loaded-config.ts";

/** Keys of earlier versions, and where their meaning went. */
const MOVED: Readonly<Record<string, string>> = {
  model: "agents.defaults.model.primary",
  imageModel: "agents.defaults.imageModel.primary",
  modelFallbacks: "agents.defaults.model.fallbacks",
  imageModelFallbacks: "agents.defaults.imageModel.fallbacks",
  modelAliases: "agents.defaults.models, as the alias of each model",
  allowedModels: "agents.defaults.models, one key for each model",
};

/** The new place of an old flat key; undefined for any other key. */
export function movedKey(owner: KeyPath, key: string): string | undefined {
  if (owner.length === 1 && owner[0] === "agent") return Object.hasOwn(MOVED, key) ? MOVED[key] : `agents.defaults.${key}`;
  if (owner.length === 0 && key === "agent") return "agents.defaults";
  const mayHoldThem = owner.length === 0 || (owner.length === 2 && owner[0] === "agents" && owner[1] === "defaults");
  return mayHoldThem && Object.hasOwn(MOVED, key) ? MOVED[key] : undefined;
}

/** The known key that was probably meant: at most two edits away, one for keys of two letters. */
export function nearKey(key: string, known: readonly string[], letters: "case counts" | "case is ignored"): string | undefined {
  if (key.length > 40) return undefined;
  const fold = (word: string): string => (letters === "case counts" ? word : word.toLowerCase());
  const folded = fold(key);
  const typed = letterSet(folded);
  let best: string | undefined;
  let bestDistance = 3;
  for (const other of known) {
    if (Math.abs(other.length - key.length) > 2 || bitCount(letterSet(fold(other)) ^ typed) > 4) continue;
    const distance = editDistance(folded, fold(other));
    if (distance < bestDistance && distance <= (other.length > 2 ? 2 : 1)) [best, bestDistance] = [other, distance];
  }
  return best;
}

/** Which characters occur, folded into 32 bits: one edit changes at most two of them. */
function letterSet(word: string): number {
  let set = 0;
  for (let i = 0; i < word.length; i++) set |= 1 << (word.charCodeAt(i) & 31);
  return set;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
