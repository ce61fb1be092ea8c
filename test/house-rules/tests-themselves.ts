import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { everyNode, methodCall, type Rule } from "./rule.ts";

const root = join(import.meta.dirname, "../..");
const isTest = (path: string): boolean => path.startsWith("test/") && path.endsWith(".test.ts");

/** Tests about the whole tree, or about what a whole room does with thousands of inputs: they mirror no file. */
const OF_THE_WHOLE = /^test\/(house-rules|architecture|[a-z]+\/(fuzz|schemas))\.test\.ts$/;

export const TEST_RULES: readonly Rule[] = [
  {
    name: "tests-mirror-the-source",
    applies: (path) => isTest(path) && !OF_THE_WHOLE.test(path),
    find: ({ path, file }) => {
      const mirrored = path.replace(/^test\//, "src/").replace(/\.test\.ts$/, "");
      return [`${mirrored}.ts`, mirrored].some((name) => existsSync(join(root, name)))
        ? []
        : [{ node: file, says: `there is no ${mirrored}.ts that it could be about` }];
    },
    broken: { path: "test/kernel/planted-nothing.test.ts", code: "export const a = 1;" },
  },
  {
    name: "no-module-mocks",
    applies: isTest,
    find: ({ file }) =>
      everyNode(file, (node) =>
        /^(mock|doMock|hoisted|stubGlobal)$/.test(methodCall(node)?.name ?? "")
          ? { node, says: "give the code another Host instead of another module" }
          : undefined,
      ),
    broken: { path: "test/kernel/errors.test.ts", code: 'import { vi } from "vitest";\nvi.mock("../src/kernel/host.ts");' },
  },
  {
    name: "no-sleeping",
    applies: isTest,
    find: ({ file }) =>
      everyNode(file, (node) =>
        ts.isCallExpression(node) && /^(setTimeout|setInterval|sleep)$/.test(node.expression.getText(file))
          ? { node, says: "a test that waits is slow today and red tomorrow; time is data" }
          : undefined,
      ),
    broken: { path: "test/kernel/planted-sleep.test.ts", code: "export const wait = (): Promise<void> => new Promise((done) => setTimeout(done, 100));" },
  },
];
