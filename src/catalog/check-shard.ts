import type { Shard } from "./shard-format.ts";

/**
 * Whether a shard from the state folder is as `models refresh` writes it, value by value: somebody may have written there since.
 * Such a shard has one source for each model, and never an address.
 */
export function isSoundShard({ models, ids, protocols, sources }: Shard): boolean {
  const counts = { protocols: protocols.length, sources: sources.length };
  return sources.every((source) => isTexts(source)) && models.every((row) => isSoundRow(row, counts)) && ids.every((list) => isSoundList(list, counts));
}

function isSoundList(list: unknown, { sources }: { sources: number }): boolean {
  return Array.isArray(list) && isWithin(list[0], 0, sources - 1) && isTexts(list[1]);
}

function isTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

function isSoundRow(row: unknown, { protocols, sources }: { protocols: number; sources: number }): boolean {
  if (!Array.isArray(row)) return false;
  const [
    id,
    name = "",
    source = 0,
    protocol = -1,
    context = 0,
    output = 0,
    takes = 0,
    gives = 0,
    flags = 0,
    price = 0,
    releasedOn = "",
    baseUrl = "",
    ...more
  ] = row;
  return (
    typeof id === "string" &&
    typeof name === "string" &&
    isWithin(source, 0, sources - 1) &&
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
