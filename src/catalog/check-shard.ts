import type { Shard } from "./shard-format.ts";

/**
 * Whether a shard from the state folder is as `models refresh` writes it, value by value: somebody may have written there since.
 * Such a shard has one source for each model, and never an address.
 */
export function isSoundShard({ models, ids, protocols }: Shard): boolean {
  return models.every((row) => isSoundRow(row, protocols.length)) && ids.every(([, listed]) => listed.every((id) => typeof id === "string"));
}

function isSoundRow(row: readonly unknown[], protocols: number): boolean {
  const [, name = "", , protocol = -1, context = 0, output = 0, takes = 0, gives = 0, flags = 0, price = 0, releasedOn = "", baseUrl = "", ...more] = row;
  return (
    typeof name === "string" &&
    typeof releasedOn === "string" &&
    baseUrl === "" &&
    more.length === 0 &&
    isCount(context) &&
    isCount(output) &&
    isWithin(protocol, -1, protocols - 1) &&
    isWithin(takes, 0, 31) &&
    isWithin(gives, 0, 31) &&
    isWithin(flags, 0, 255) &&
    (price === 0 || isPrice(price))
  );
}

function isPrice(price: unknown): boolean {
  if (!Array.isArray(price)) return false;
  const [amounts, [steps = []]] = [price.slice(0, 4), price.slice(4)];
  return (
    amounts.length >= 2 &&
    amounts.every(isAmount) &&
    Array.isArray(steps) &&
    steps.every((step) => Array.isArray(step) && step.length >= 3 && step.every(isAmount))
  );
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
