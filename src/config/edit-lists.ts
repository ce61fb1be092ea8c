import { isObject } from "../kernel/json-value.ts";
import type { JsonValue } from "./config-edit.ts";
import type { EditStep } from "./edit-tree.ts";
import type { KeyPath } from "./loaded-config.ts";
import { sameValue } from "./same-value.ts";

/** Larger ones are replaced whole. */
const MOST_PAIRS = 250_000;

type Differences = (before: unknown, after: JsonValue, path: KeyPath) => readonly EditStep[];

/**
 * The fewest steps from one list to another. Items that are in both, in the same order, are left alone; the last step comes first, so that none
 * moves what another one names.
 */
export function listSteps(before: readonly unknown[], after: readonly JsonValue[], path: KeyPath, differences: Differences): readonly EditStep[] {
  if (before.length * after.length > MOST_PAIRS) return [{ kind: "put", path, value: after }];
  const costs = costTable(before, after);
  const steps: EditStep[] = [];
  let [i, j] = [before.length, after.length];
  while (i > 0 || j > 0) {
    const here = costs[i]?.[j] ?? 0;
    const [old, wanted] = [before[i - 1], after[j - 1]];
    if (i > 0 && j > 0 && wanted !== undefined && here === (costs[i - 1]?.[j - 1] ?? 0) && sameValue(old, wanted)) [i, j] = [i - 1, j - 1];
    else if (i > 0 && here === (costs[i - 1]?.[j] ?? 0) + 1) steps.push({ kind: "remove", path: [...path, --i] });
    else if (j > 0 && wanted !== undefined && here === (costs[i]?.[j - 1] ?? 0) + 1) {
      steps.push({ kind: "insert", path, index: i, value: wanted });
      j--;
    } else if (wanted !== undefined) {
      steps.push(...differences(old, wanted, [...path, i - 1]));
      [i, j] = [i - 1, j - 1];
    }
  }
  return steps;
}

/** An object does not become one of another id: that is another thing, with comments of its own. */
function changeCost(old: unknown, wanted: JsonValue): number {
  if (sameValue(old, wanted)) return 0;
  return isObject(old) !== isObject(wanted) || (isObject(old) && isObject(wanted) && old["id"] !== wanted["id"]) ? 2 : 1;
}

/** How many items must be taken out, put in or changed to get from the first `i` to the first `j`. */
function costTable(before: readonly unknown[], after: readonly JsonValue[]): number[][] {
  const costs = [after.map((_, j) => j).concat(after.length)];
  before.forEach((item, i) => {
    const row = [i + 1];
    after.forEach((wanted, j) => {
      const above = costs[i] ?? [];
      const change = (above[j] ?? 0) + changeCost(item, wanted);
      row.push(Math.min(change, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    });
    costs.push(row);
  });
  return costs;
}
