import { expect, test } from "vitest";
import { unifiedDiff } from "../../src/kernel/unified-diff.ts";

const diff = (before: string, after: string): string => unifiedDiff("/f", { before, after, shown: (text) => text });

test("only changed lines are shown, each hunk with its place", () => {
  expect(diff("a\nb\nc\nd\ne\n", "a\nB\nc\nd\nx\ny\ne\n")).toBe("--- /f\n+++ /f\n@@ -2 +2 @@\n-b\n+B\n@@ -4,0 +5,2 @@\n+x\n+y\n");
  expect(diff("a\nb\n", "b\n")).toBe("--- /f\n+++ /f\n@@ -1 +0,0 @@\n-a\n");
  expect(diff("a\n", "a\n")).toBe("");
});

test("a new file comes out of nothing", () => {
  expect(diff("", "a\nb\n")).toBe("--- /dev/null\n+++ /f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
});

test("carriage returns are not shown, and a missing last line end is said", () => {
  expect(diff("a\r\nb\r\n", "a\r\nc\r\n")).toBe("--- /f\n+++ /f\n@@ -2 +2 @@\n-b\n+c\n");
  expect(diff("a\n{}", "a\n{ }")).toBe("--- /f\n+++ /f\n@@ -2 +2 @@\n-{}\n\\ No newline at end of file\n+{ }\n\\ No newline at end of file\n");
});
