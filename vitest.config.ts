import { defineConfig } from "vitest/config";

/** `unit`: pure code, no network, no waiting. `e2e`: the real programs against a clean HOME; they need `npm run build` first. */
export default defineConfig({
  test: {
    reporters: ["default"],
    watch: false,
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], environment: "node", isolate: false, testTimeout: 30_000 } },
      { test: { name: "e2e", include: ["e2e/**/*.test.ts"], environment: "node", testTimeout: 120_000, hookTimeout: 120_000, maxConcurrency: 3 } },
    ],
  },
});
