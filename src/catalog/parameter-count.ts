/**
 * How many billion parameters a model's id and name speak of: the largest of "70b", "a3b" (active ones), "8x7b" (experts) and "1t" that stand
 * as words of their own. undefined where none does.
 */
export function parameterCount(id: string, name = ""): number | undefined {
  const words = `${id} ${name}`.toLowerCase().split(/[^a-z0-9.]+/);
  const counts = words.flatMap((word) => billions(word) ?? []);
  return counts.length === 0 ? undefined : Math.max(...counts);
}

function billions(word: string): number | undefined {
  const [, times = "1", count = "", unit] = /^(?:[a-z]|(\d{1,3})x)?(\d{1,5}(?:\.\d{1,3})?)([bt])$/.exec(word) ?? [];
  if (unit === undefined) return undefined;
  const size = Number(times) * Number(count) * (unit === "t" ? 1000 : 1);
  return size > 0 ? size : undefined;
}
