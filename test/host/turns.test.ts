import { expect, test } from "vitest";
import { inTurn } from "../../src/host/turns.ts";

test("who asks first for a file has it first; others do not wait", async () => {
  const log: string[] = [];
  const done: (() => void)[] = [];
  const job = (name: string, files: readonly string[]): Promise<void> =>
    inTurn(files, async () => {
      log.push(`${name} begins`);
      await new Promise<void>((resolve) => done.push(resolve));
      log.push(`${name} ends`);
    });
  const jobs = [job("ab", ["a", "b"]), job("b", ["b"]), job("c", ["c"]), job("bc", ["b", "c"])];
  while (log.length < 8) {
    done.shift()?.();
    await Promise.resolve();
  }
  await Promise.all(jobs);
  expect(log.filter((line) => !line.startsWith("c "))).toEqual(["ab begins", "ab ends", "b begins", "b ends", "bc begins", "bc ends"]);
  expect(log.indexOf("c begins")).toBeLessThan(log.indexOf("ab ends"));
});

test("one that fails lets the next in", async () => {
  const failed = inTurn(["a"], () => Promise.reject(new Error("no")));
  const next = inTurn(["a"], async () => "yes");
  await expect(failed).rejects.toThrow("no");
  await expect(next).resolves.toBe("yes");
});
